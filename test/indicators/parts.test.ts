import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { partsRead } from "../../pipelines/indicators/parts.ts";
import { definitions } from "../support/figures.ts";

let db: Database;
beforeAll(async () => {
  db = await Database.open(":memory:");
});
afterAll(() => db.close());

async function parts(sql: string) {
  const row = await db.one<{ tree: string }>("select json_serialize_sql($sql::varchar)::varchar as tree", { sql });
  return partsRead((JSON.parse(row!.tree) as { statements: unknown }).statements, ["movements", "staffing"]);
}

describe("partsRead(statements, feeds)", () => {
  it.each([
    ["select 1 from movements where kind = 'exit'", { movements: { kind: ["exit"] } }],
    [
      "select 1 from movements where kind in ('exit', 'intake') and category = 'executive' and count > 1",
      { movements: { kind: ["exit", "intake"], category: ["executive"] } },
    ],
    [
      "select 1 from movements where kind = 'exit' union all select 1 from staffing where category = 'support'",
      { movements: { kind: ["exit"] }, staffing: { category: ["support"] } },
    ],
    // Together they read both kinds, and all categories.
    [
      "select 1 from movements where kind = 'exit' union all select 1 from movements where kind = 'intake' and category = 'executive'",
      { movements: { kind: ["exit", "intake"] } },
    ],
    [
      "with leavers as (select * from movements where kind = 'exit') select 1 from leavers",
      { movements: { kind: ["exit"] } },
    ],
  ])("%s", async (sql, expected) => expect(await parts(sql)).toEqual(expected));

  it.each([
    "select 1 from movements",
    "select 1 from movements where kind = 'exit' or category = 'executive'",
    "select 1 from movements where kind <> 'exit'",
    "select 1 from movements where kind not in ('exit')",
    "select 1 from movements where not kind = 'exit'",
    "select 1 from movements where kind = position",
    "select count(*) filter (kind = 'exit') from movements",
    "select 1 from movements where kind = 'exit' union all select 1 from movements",
    "select 1 from movements join staffing using (unit_id) where kind = 'exit'",
    "select 1 from staffing where unit_id in (select unit_id from movements) and exists (from movements where kind = 'exit')",
  ])("reads all of the feed: %s", async (sql) => expect((await parts(sql)).movements).toBeUndefined());

  it("knows what the definitions of people who move read", async () => {
    const kinds = (await definitions()).flatMap(({ id, parts }) =>
      parts.movements ? [[id, parts.movements.kind]] : [],
    );
    expect(Object.fromEntries(kinds)).toMatchObject({ "intake-dual": ["intake"], "leaders-women": ["appointment"] });
  });
});

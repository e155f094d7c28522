import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { protectedFeeds } from "../../pipelines/indicators/read.ts";
import { parseQuery } from "../../pipelines/indicators/query-tree.ts";
import { objectionsTo, readableIn } from "../../pipelines/workbench/permitted.ts";
import { objectionsToText } from "../../pipelines/workbench/query-text.ts";
import { aggregates, castTypes, scalars, windows } from "../../pipelines/workbench/vocabulary.ts";
import { contracts, definitions } from "../support/figures.ts";
import { bounded, refused } from "./hostile.ts";

let db: Database;
beforeAll(async () => {
  db = await Database.open(":memory:");
});
afterAll(() => db.close());

const readable = readableIn(contracts.values());

/** What is said against a query; nothing where it may be run. */
async function against(sql: string): Promise<string[]> {
  const unclear = objectionsToText(sql);
  if (unclear.length > 0) return unclear.map(({ message }) => message);
  const parsed = await parseQuery(db, sql);
  if ("fault" in parsed) return [parsed.fault];
  return objectionsTo(parsed.statements, readable).map(({ message }) => message);
}

const all = await definitions();
const versions = all.flatMap((each) => [each, ...(each.earlier ?? [])]);

describe("objectionsTo(statements, readable)", () => {
  it.each(versions.map(({ id, version, sql }) => [`${id}.${version.number}`, sql]))(
    "permits the query of %s",
    async (_name, sql) => {
      expect(await against(sql)).toEqual([]);
    },
  );

  it.each(refused.map(({ name, sql, reason }) => [name, sql, reason!] as const))(
    "refuses a draft that %s",
    async (_name, sql, reason) => {
      expect((await against(sql)).join("\n")).toMatch(reason);
    },
  );

  it.each(bounded.map(({ name, sql }) => [name, sql] as const))(
    "leaves to the limits a draft that %s",
    async (_name, sql) => {
      expect(await against(sql)).toEqual([]);
    },
  );

  it("tells the place in bytes", async () => {
    const sql = "select unit_id as éénheid, now() from complaints";
    const parsed = await parseQuery(db, sql);
    if ("fault" in parsed) throw new Error(parsed.fault);
    const found = objectionsTo(parsed.statements, readable);
    expect(
      found.map(({ at }) =>
        Buffer.from(sql)
          .subarray(at!, at! + 3)
          .toString(),
      ),
    ).toContain("now");
  });

  it("refuses every function of the engine that is on no list, wherever it may stand", async () => {
    const rows = await db.all<{ name: string }>(
      "select distinct function_name as name from duckdb_functions() order by 1",
    );
    const known = new Set([...aggregates, ...scalars, ...windows, "range", "generate_series", "unnest"]);
    const wrong: string[] = [];
    for (const { name } of rows.filter((row) => /^[a-z_]\w*$/i.test(row.name) && !known.has(row.name.toLowerCase())))
      for (const sql of [
        `select unit_id, ${name}(count) as x from complaints`,
        `select unit_id, ${name}() as x from complaints`,
        `select unit_id, ${name}(count, count) over (order by count) as x from complaints`,
        `select unit_id from complaints, ${name}('x') as t`,
      ]) {
        const said = await against(sql);
        // Some names are words of the language: what they say there is on other lists.
        if (said.length === 0) wrong.push(sql);
      }
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(500);
  });

  it("lists no function that the engine does not have, and no type", async () => {
    const rows = await db.all<{ name: string }>("select distinct lower(function_name) as name from duckdb_functions()");
    const there = new Set(rows.map(({ name }) => name));
    const special = new Set(["nullif", "ifnull", "row", "list_value", "unnest"]);
    const absent = [...aggregates, ...scalars, ...windows].filter((name) => !there.has(name) && !special.has(name));
    const windowsOnly = new Set(windows);
    expect(absent.filter((name) => !windowsOnly.has(name))).toEqual([]);
    const types = await db.all<{ name: string }>("select distinct upper(logical_type) as name from duckdb_types()");
    const known = new Set(types.map(({ name }) => name));
    expect([...castTypes].filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("a feed that has the name of another's column", () => {
  it("is read beside feeds that are protected as a whole, so its name gives away no row", () => {
    const named = [...contracts.values()].filter(({ columns }) =>
      columns.some(({ name }) => name !== "background" && contracts.has(name)),
    );
    expect(named.map(({ name }) => name)).toEqual(["background", "survey"]);
    for (const { name } of named) expect(protectedFeeds.has(name)).toBe(true);
  });
});

import fc from "fast-check";
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import type { Draft, DraftCheck } from "../../pipelines/workbench/draft.ts";
import { contracts } from "../support/figures.ts";
import { long } from "../support/long.ts";
import { anyQuery, functionNames, strangers } from "./any-query.ts";
import { bounded, refused } from "./hostile.ts";
import { makeBench, within70, withQuery, type Bench } from "./support.ts";

const seconds = 1;
let bench: Bench;
let names: string[];
beforeAll(async () => {
  bench = await makeBench({ KVV_DRAFT_SECONDS: String(seconds), KVV_DRAFT_MEMORY: "256MB" });
  const db = await Database.open(":memory:");
  names = await functionNames(db);
  db.close();
});
afterAll(() => bench.stop());

const sound: Draft = { ...within70, indicator_id: "hostile", targets: "", examples: "" };
const asked = (sql: string) => {
  const { indicator_id, definition, targets } = withQuery(sound, sql);
  return { indicator_id, definition, targets };
};
/** Whether drafts are read again, and by which process; where the machine is busy it may take a while. */
async function isUp(): Promise<boolean> {
  for (let tries = 0; tries < 5; tries++) {
    const { result, code } = await bench.ask("draft-check", sound);
    if (result) return (result as DraftCheck).faults.length === 0;
    if (code !== "draft-too-slow" && code !== "busy") return false;
  }
  return false;
}

const ends = new Set(["draft-refused", "draft-too-slow", "draft-too-large"]);

describe("hostile drafts", () => {
  it("are refused with the reason, in the words of the check, and stop nothing", async () => {
    for (const { name, sql, reason } of refused) {
      const { failed, code } = await bench.ask("draft-preview", asked(sql));
      expect([code, failed], name).toEqual(["draft-refused", expect.stringMatching(reason!)]);
    }
    expect(await isUp()).toBe(true);
  });

  /** The same work within a query that counts everybody once, so that nothing but the limits stops it. */
  const countingOnce = (sql: string) =>
    `select unit_id, received_on as month, count as numerator, 1 as denominator from complaints where (select count(numerator) from (${sql}) as work) >= 0`;

  const some = long ? bounded : bounded.filter((_, i) => i % 5 === 0);
  it.each(some.map(({ name, sql }) => [name, sql] as const))(
    "%s: ends in time, and drafts are read again after it",
    async (_name, sql) => {
      expect(await isUp()).toBe(true);
      for (const query of [sql, countingOnce(sql)]) {
        const started = performance.now();
        const { result, code, fault } = await bench.ask("draft-preview", asked(query));
        expect(fault).toBeUndefined();
        if (!result) expect(ends).toContain(code);
        // The limit, what is left of it to interrupt, and a process that begins anew.
        expect(performance.now() - started).toBeLessThan(seconds * 1000 + 500 + 10_000);
        expect(await isUp()).toBe(true);
      }
    },
  );

  it("of all sorts are refused, stopped or answered, and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery(names), async (sql) => {
        const { result, failed, code, fault } = await bench.ask("draft-preview", asked(sql));
        expect([fault, failed?.split("\n")[0]]).toEqual([undefined, failed?.split("\n")[0]]);
        if (!result) expect(ends, failed).toContain(code);
      }),
      { numRuns: long ? 1000 : 40 },
    );
    expect(await isUp()).toBe(true);
  });

  it("that are permitted name nothing but feeds and what is on the lists", async () => {
    const db = await Database.open(":memory:");
    let permitted = 0;
    try {
      await fc.assert(
        fc.asyncProperty(anyQuery(names), async (sql) => {
          const found = await strangers(db, sql, contracts);
          if (found === null) return;
          permitted += 1;
          expect(found, sql).toEqual([]);
        }),
        { numRuns: long ? 20_000 : 600 },
      );
    } finally {
      db.close();
    }
    expect(permitted).toBeGreaterThan(3);
  });
});

describe("hostile texts", () => {
  let patient: Bench;
  beforeAll(async () => {
    patient = await makeBench();
  });
  afterAll(() => patient.stop());
  const example = (text: string): Draft => ({ ...within70, examples: text });
  const lines = within70.examples.split("\n");
  const withRow = (row: string) =>
    example(
      within70.examples.replace(
        lines.find((line) => line.includes("k1"))!,
        `    ${row}`,
      ),
    );
  const bomb = Array.from({ length: 12 }, (_, i) => `k${i}: &k${i} [${`*k${i - 1}, `.repeat(i ? 12 : 0)}x]`).join("\n");
  it.each([
    ["an example with references to references", example(bomb)],
    [
      "a head with references to references",
      { ...within70, definition: within70.definition.replace("focus:", `${bomb}\nfocus:`) },
    ],
    ["a row that ends its text", withRow("k1'); drop_table_complaints;-- 2016-01-01 2016-01-11 hoefkade")],
    ["a column that ends its name", example(within70.examples.replace("complaint_id", 'complaint_id")from'))],
    ["a feed that is none", example(within70.examples.replace("complaints: |", "duckdb_settings: |"))],
    ["a feed of another object", example(within70.examples.replace("complaints: |", "__proto__: |"))],
    [
      "a day that ends its text",
      example(within70.examples.replace("today: 2017-02-01", 'today: "2017-02-01\'; drop table complaints"')),
    ],
    ["months that are none", example(within70.examples.replace("from: 2016-01", "from: 2016-13"))],
    [
      "thousands of rows",
      withRow(Array.from({ length: 3000 }, (_, i) => `    r${i} 2016-01-01 2016-01-11 hoefkade`).join("\n")),
    ],
    [
      "figures of fields that are none",
      example(within70.examples.replace("numerator denominator value", "numerator denominator proof")),
    ],
    ["an example that is a list", example("- 1\n- 2")],
    ["an example that is no YAML", example("today: [")],
    ["an example that is too long", example(`today: ${"x".repeat(70_000)}`)],
    [
      "a breakdown that ends its name",
      {
        ...within70,
        definition: within70.definition.replace(
          "focus:",
          "breakdowns:\n  - name: 'a\" from x; --'\n    title: { nl: a, en: a }\nfocus:",
        ),
      },
    ],
    ["targets that are no CSV", { ...within70, targets: 'a,b\n"x' }],
    [
      "targets of another indicator",
      { ...within70, targets: within70.targets.replace("complaints-within-70,", "complaints,") },
    ],
    [
      "a target of the year one",
      { ...within70, targets: within70.targets.replace("2016-01-01,2017-12-31", "0001-01-01,2017-12-31") },
    ],
    ["a name that leads elsewhere", { ...within70, indicator_id: "../../complaints" }],
  ] as [string, Draft][])("%s is a fault, and nothing else", async (_name, draft) => {
    const { faults, examples } = await patient.check(draft);
    expect(faults.length + examples.filter(({ ok }) => !ok).length).toBeGreaterThan(0);
    const { code } = await patient.ask("draft-adopt", { ...draft, by: "one", approved_by: "other" });
    expect(code).toBe("draft-refused");
  });

  it("centuries that an example covers end, by themselves or by the limit", async () => {
    const { result, code } = await bench.ask(
      "draft-check",
      example(within70.examples.replace("from: 2016-01", "from: 0001-01")),
    );
    if (!result) expect(ends).toContain(code);
    expect(await isUp()).toBe(true);
  });
});

describe("beside a draft that takes as long as it may", () => {
  const slow = asked(bounded.find(({ name }) => name === "joins ranges")!.sql);

  it("one that would run so at each publication is not adopted", async () => {
    const [, query] = within70.definition.split("---*/\n");
    const endless = query!.replace(
      "where closed_on is not null",
      "where closed_on is not null and (select count(*) from complaints as a, complaints as b, complaints as c, complaints as d, range(1000) as e(x)) >= 0",
    );
    const draft = { ...withQuery(within70, endless), by: "one", approved_by: "other" };
    expect((await bench.ask("draft-adopt", draft)).code).toBe("draft-too-slow");
    expect(existsSync(path.join(bench.home.folder, "definitions"))).toBe(false);
    expect(await isUp()).toBe(true);
  });

  it("whoever is gone has it stopped at once", async () => {
    const gone = new AbortController();
    const started = performance.now();
    const answer = bench.ask("draft-preview", slow, gone.signal);
    await sleep(200);
    gone.abort();
    expect((await answer).code).toBe("draft-cancelled");
    expect(performance.now() - started).toBeLessThan(seconds * 1000);
    expect(await isUp()).toBe(true);
  });

  it("a few others wait, and who comes then is told so", async () => {
    const answers = await Promise.all(Array.from({ length: 7 }, () => bench.ask("draft-check", sound)));
    expect(answers.filter(({ code }) => code === "busy").length).toBeGreaterThan(0);
    expect(answers.filter(({ result }) => result).length).toBeGreaterThan(0);
    expect(await isUp()).toBe(true);
  });
});

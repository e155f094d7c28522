import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTableSql } from "../../pipelines/contracts/contract.ts";
import { Database } from "../../pipelines/database.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { readDefinitionText } from "../../web/state/definition-text.ts";
import { isGrouped, type Condition, type Measure, type QueryForm } from "../../web/state/query-form.ts";
import { queryForm } from "../../web/state/query-read.ts";
import { editQuery, writeQuery } from "../../web/state/query-write.ts";
import { contracts } from "../support/figures.ts";

const folder = path.join(projectFolder, "pipelines", "indicators");
const catalogue = readdirSync(folder)
  .filter((name) => name.endsWith(".sql"))
  .map((name) => ({ name, sql: readDefinitionText(readFileSync(path.join(folder, name), "utf8")).sql }));
const formed = catalogue.flatMap(({ name, sql }) => {
  const form = queryForm(sql);
  return form ? [{ name, sql, form }] : [];
});
const founded = formed.find(({ name }) => name === "complaints-founded.sql")!;

let db: Database;
beforeAll(async () => {
  db = await Database.open(":memory:");
  for (const contract of contracts.values()) await db.run(createTableSql(contract));
});
afterAll(() => db.close());

/** The engine's parse of a query, without the places in it. */
async function treeOf(sql: string): Promise<string> {
  const row = await db.one<{ tree: string }>("select json_serialize_sql($sql::varchar)::varchar as tree", { sql });
  const tree = JSON.parse(row!.tree, (key, value: unknown) => (key === "query_location" ? undefined : value)) as {
    error: boolean;
  };
  expect(tree.error, sql).toBe(false);
  return JSON.stringify(tree);
}

describe("queryForm(sql)", () => {
  it("is a form for what is a feed, filters and breakdowns; all else stays text", () => {
    const names = formed.map(({ name }) => name.replace(".sql", ""));
    expect(names).toEqual(expect.arrayContaining(["complaints", "intake-dual", "committees-diverse", "networks"]));
    expect(names.length).toBeGreaterThan(30);
    for (const other of ["complaints-rate", "discrimination-days", "use-of-force", "staffing-women", "vacancies"])
      expect(names).not.toContain(other);
  });

  it("tells the feed, what is counted, of which rows and by what", () => {
    expect(founded.form).toEqual({
      feed: "complaints",
      month: "received_on",
      until: null,
      days: null,
      numerator: {
        of: "sum",
        column: "count",
        conditions: [{ is: "in", column: "outcome", values: ["founded", "partly_founded"] }],
      },
      denominator: { of: "sum", column: "count", conditions: [] },
      unknown: null,
      within: null,
      conditions: [{ is: "in", column: "outcome", values: ["founded", "partly_founded", "unfounded"] }],
      breakdowns: [{ name: "aspect", column: "aspects" }],
      withheld: null,
    });
  });

  it.each(["", "select", "select 1", "drop table complaints", "select unit_id from complaints", "sel€ct", "'"])(
    "is none for %j",
    (sql) => expect(queryForm(sql)).toBeNull(),
  );

  it("is none where something would be lost: a comment within, a column that it does not know, another grouping", () => {
    const comment = founded.sql.replace("from complaints", "-- only these\nfrom complaints");
    for (const sql of [
      comment,
      founded.sql.replace("aspects as aspect", "aspects as aspect, 0 as waiting"),
      founded.sql.replace("group by unit_id, received_on, aspects", "group by unit_id, received_on, aspects, route"),
      founded.sql.replace("group by unit_id, received_on, aspects", ""),
      founded.sql.replace("where", "where route = 'committee' or"),
      `${founded.sql} limit 1`,
      founded.sql.replace("sum(count) as denominator", "sum(count) as denominator, sum(count) as denominator"),
    ])
      expect(queryForm(sql), sql).toBeNull();
    expect(queryForm(`-- what is judged\n${founded.sql}`)).toEqual(founded.form);
    expect(queryForm(founded.sql.replace(/group by.*/, "group by all"))).toEqual(founded.form);
  });
});

describe("writeQuery(form)", () => {
  it.each(formed)("says what the query said: $name", async ({ sql, form }) => {
    const written = writeQuery(form);
    expect(queryForm(written)).toEqual(form);
    const ordered = (tree: string) => [...tree].sort().join("");
    // Columns that count alike may stand in another order.
    expect(ordered(await treeOf(written.replace(/group by.*/, "")))).toBe(
      ordered(await treeOf(sql.replace(/group by.*/, ""))),
    );
  });

  it("binds for every column of every feed", async () => {
    for (const { name: feed, columns, date } of contracts.values())
      for (const { name, type } of columns.filter((each) => !each.person)) {
        if (!columns.some((each) => each.name === "unit_id") || name === "unit_id") continue;
        const conditions: Condition[] = [{ is: "filled", column: name }];
        if (type === "codes") conditions.push({ is: "has", column: name, values: ["a"] });
        if (type === "code" || type === "text") {
          conditions.push(
            { is: "in", column: name, values: ["a", "b's"] },
            { is: "not_in", column: name, values: ["a"] },
          );
          conditions.push({ is: "or_empty", column: name, value: "a" });
        }
        if (["integer", "decimal", "share"].includes(type))
          conditions.push({ is: "number", column: name, comparison: ">=", number: 9 });
        if (type === "date" && name !== date)
          conditions.push({ is: "days", from: date, to: name, comparison: "<=", number: 70 });
        const numerator: Measure = { of: "rows", column: "", conditions };
        const form = { ...founded.form, feed, month: date, numerator, denominator: null, conditions };
        const sql = writeQuery({ ...form, breakdowns: [{ name: "split", column: name }] });
        expect(queryForm(sql), sql).not.toBeNull();
        await db.all(`describe ${sql}`);
      }
  });
});

const someText = fc.oneof(fc.constantFrom("founded", "b's", 'say "x"', "--", "/* */", "$1", ""), fc.string());
const column = fc.constantFrom("outcome", "route", "count", "closed_on", "lateral", "group", "Odd Name", 'q"uote', "é");
const values = fc.array(someText, { minLength: 1, maxLength: 3 });
const comparison = fc.constantFrom(...(["=", "<>", "<", "<=", ">", ">="] as const));
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ is: fc.constantFrom("in", "not_in"), column, values }),
  fc.record({ is: fc.constant("or_empty" as const), column, value: someText }),
  fc.record({ is: fc.constant("has" as const), column, values }),
  fc.record({ is: fc.constantFrom("empty", "filled"), column }),
  fc.record({ is: fc.constant("number" as const), column, comparison, number: fc.integer({ min: -99, max: 9999 }) }),
  fc.record({ is: fc.constant("days" as const), from: column, to: column, comparison, number: fc.nat(999) }),
);
const conditions = fc.array(condition, { maxLength: 3 });
const measure: fc.Arbitrary<Measure> = fc.oneof(
  fc.record({ of: fc.constant("rows" as const), column: fc.constant(""), conditions }),
  fc.record({ of: fc.constant("sum" as const), column, conditions }),
);
const form: fc.Arbitrary<QueryForm> = fc.record({
  feed: fc.constantFrom("complaints", "movements", "table"),
  month: column,
  until: fc.option(column),
  days: fc.option(fc.record({ from: column, to: column })),
  numerator: measure,
  denominator: fc.option(measure),
  unknown: fc.option(measure),
  within: fc.option(fc.array(condition, { minLength: 1, maxLength: 2 })),
  conditions,
  breakdowns: fc.uniqueArray(fc.record({ name: fc.constantFrom("aspect", "route", "by", "x y"), column }), {
    selector: ({ name }) => name,
    maxLength: 3,
  }),
  withheld: fc.option(fc.constantFrom("*", "count")),
});

describe("editQuery(sql, form)", () => {
  it.each(formed)("changes no byte where the form says the same: $name", ({ sql, form }) =>
    expect(editQuery(sql, form)).toBe(sql),
  );

  it("changes only what the form says otherwise", () => {
    const { sql, form } = founded;
    const [only] = form.conditions;
    const judged: Condition = { is: "filled", column: "closed_on" };
    const edited = (change: Partial<QueryForm>) => editQuery(sql, { ...form, ...change });
    expect(edited({ conditions: [only!, judged] })).toBe(
      sql.replace("'unfounded')", "'unfounded') and closed_on is not null"),
    );
    expect(edited({ conditions: [] })).toBe(sql.replace(/\nwhere .*/, ""));
    expect(editQuery(edited({ conditions: [] }), form)).toBe(sql);
    expect(edited({ breakdowns: [] })).toBe(sql.replace(",\n  aspects as aspect", "").replace(", aspects", ""));
    expect(editQuery(edited({ breakdowns: [] }), form)).toBe(sql);
    expect(edited({ month: "closed_on" })).toBe(sql.replaceAll("received_on", "closed_on"));
    const days: Condition = { is: "days", from: "received_on", to: "closed_on", comparison: "<=", number: 70 };
    expect(edited({ numerator: { ...form.numerator, conditions: [days] } })).toBe(
      sql.replace("outcome in ('founded', 'partly_founded'))", "closed_on - received_on <= 70)"),
    );
    expect(edited({ numerator: { ...form.numerator, of: "rows", column: "" } })).toBe(
      sql.replace("sum(count) filter", "count(*) filter"),
    );
    expect(edited({ unknown: form.denominator })).toBe(
      sql.replace("as denominator,\n", "as denominator,\n  sum(count) as unknown,\n"),
    );
  });

  it("keeps how a query is laid out, and what is written before it", () => {
    const sql =
      "-- as agreed\nSELECT unit_id, date AS month, Sum(quantity) AS numerator\nFROM   outputs\n WHERE output='soundboard'\nGROUP BY 1";
    expect(queryForm(sql)).toBeNull();
    const all = sql.replace("BY 1", "BY ALL");
    const read = queryForm(all)!;
    const more: Condition = { is: "number", column: "quantity", comparison: ">", number: 0 };
    expect(editQuery(all, { ...read, conditions: [...read.conditions, more] })).toBe(
      all.replace("'soundboard'", "'soundboard' and quantity > 0"),
    );
    expect(editQuery(all, { ...read, breakdowns: [{ name: "output", column: "output" }] })).toBe(
      all.replace("AS numerator", "AS numerator, output"),
    );
    expect(editQuery(all, { ...read, feed: "committees" })).toMatch(/^-- as agreed\nselect\n {2}unit_id,\n/);
  });

  it("says what the form says, whatever was written before", () => {
    fc.assert(
      fc.property(form, form, (before, after) => {
        const sql = writeQuery(before);
        expect(queryForm(sql)).toEqual(before);
        expect(editQuery(sql, before)).toBe(sql);
        expect(queryForm(editQuery(sql, after))).toEqual(after);
        const same = { ...after, feed: before.feed };
        expect(queryForm(editQuery(sql, same))).toEqual(same);
        expect(isGrouped(after)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

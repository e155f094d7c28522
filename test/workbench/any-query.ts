import fc from "fast-check";
import type { Contract } from "../../pipelines/contracts/contract.ts";
import type { Database } from "../../pipelines/database.ts";
import { walk } from "../../pipelines/indicators/parts.ts";
import { parseQuery } from "../../pipelines/indicators/query-tree.ts";
import { objectionsTo, readableIn } from "../../pipelines/workbench/permitted.ts";
import { objectionsToText } from "../../pipelines/workbench/query-text.ts";
import { aggregates, castTypes, scalars, windows } from "../../pipelines/workbench/vocabulary.ts";

/** Every function of the engine, by names that can be written without quotes. */
export async function functionNames(db: Database): Promise<string[]> {
  const rows = await db.all<{ name: string }>(
    "select distinct function_name as name from duckdb_functions() order by 1",
  );
  return rows.map(({ name }) => name).filter((name) => /^[a-z_]\w*$/i.test(name));
}

const columns = [
  "unit_id",
  "received_on",
  "count",
  "route",
  "aspects",
  "closed_on",
  "complaint_id",
  "x",
  "rowid",
  "current_date",
  "background",
  "load_id",
];
const tables = [
  ...["complaints", "complaints", "complaints", "units", "staffing", "background", "population", "use_of_force"],
  ...[
    "coverage",
    "loads",
    "gated",
    "series",
    "duckdb_settings",
    "sqlite_master",
    "information_schema.tables",
    "pg_catalog.pg_class",
  ],
  ...["'/etc/passwd'", '"x.csv"', "feeds.main.complaints", "rounded.staffing", "t", "compl\u0430ints"],
];
const types = [
  "integer",
  "varchar",
  "date",
  "double",
  "json",
  "blob",
  "enum('a')",
  "struct(a integer)",
  "varchar[]",
  "uuid",
  "bit",
];
const ends = [
  "",
  "",
  "",
  "",
  " limit 5",
  " using sample 10%",
  "; select 1",
  "; drop table complaints",
  " -- end",
  "; attach 'x'",
  "\u0000",
];

/** Queries of all sorts: some are sound, most say something somewhere that a draft may not say. */
export function anyQuery(names: string[]): fc.Arbitrary<string> {
  const permitted = [...aggregates, ...scalars, ...windows].filter((name) => /^[a-z_]\w*$/.test(name));
  const { query } = fc.letrec<{ value: string; table: string; query: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 6, arbitrary: fc.constantFrom(...columns.slice(0, 6)) },
      fc.constantFrom(...columns),
      fc.integer({ min: -5, max: 100_000 }).map(String),
      fc.constantFrom(
        "'a'",
        "null",
        "true",
        "date '2016-01-01'",
        "interval 1 month",
        "'/etc/passwd'",
        "[1, 2]",
        "*",
        "$1",
        "#1",
        "{'a': 1}",
        "x -> x",
      ),
      {
        weight: 4,
        arbitrary: fc
          .tuple(fc.constantFrom(...permitted), fc.array(tie("value"), { maxLength: 3 }))
          .map(([name, all]) => `${name}(${all.join(", ")})`),
      },
      fc
        .tuple(fc.constantFrom(...names), fc.array(tie("value"), { maxLength: 3 }))
        .map(([name, all]) => `${name}(${all.join(", ")})`),
      fc
        .tuple(
          tie("value"),
          fc.constantFrom("+", "-", "*", "/", "||", "=", "<", "and", "or", "like", "~", "is distinct from", "in"),
          tie("value"),
        )
        .map((parts) => `(${parts.join(" ")})`),
      fc.tuple(tie("value"), fc.constantFrom(...types)).map(([inner, type]) => `${inner}::${type}`),
      fc
        .tuple(tie("value"), tie("value"), tie("value"))
        .map(([when, then, other]) => `case when ${when} then ${then} else ${other} end`),
      tie("value").map((inner) => `sum(count) filter (where ${inner})`),
      tie("value").map((inner) => `row_number() over (partition by unit_id order by ${inner})`),
      tie("query").map((inner) => `(${inner})`),
    ),
    table: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 10, arbitrary: fc.constantFrom("complaints", "complaints as t", "units") },
      fc.constantFrom(...tables),
      fc.tuple(fc.constantFrom(...names), tie("value")).map(([name, inner]) => `${name}(${inner})`),
      fc
        .tuple(fc.constantFrom("range", "unnest", "generate_series"), tie("value"))
        .map(([name, inner]) => `${name}(${inner}) as r(x)`),
      fc
        .tuple(
          tie("table"),
          fc.constantFrom(" join ", ", ", " natural join ", " positional join ", " left join ", " semi join "),
          tie("table"),
          fc.constantFrom(" using (unit_id)", "", " on true"),
        )
        .map((parts) => parts.join("")),
      tie("query").map((inner) => `(${inner})`),
      fc.constantFrom("(values (1)) as v(x)", "(describe complaints)", "complaints tablesample 5%"),
    ),
    query: fc
      .tuple(
        fc.constantFrom(
          "",
          "",
          "",
          "with t as (select unit_id from complaints) ",
          "with recursive t as (select 1 as x union all select x + 1 from t) ",
        ),
        fc.constantFrom("unit_id, received_on as month", "unit_id, received_on as month", "*", "t.*", "columns('a')"),
        tie("value"),
        tie("value"),
        tie("table"),
        fc.option(tie("value")),
        fc.constantFrom("", "", " group by all", " group by cube (unit_id, route)", " order by 1"),
      )
      .map(
        ([clause, first, numerator, denominator, table, where, after]) =>
          `${clause}select ${first}, ${numerator} as numerator, ${denominator} as denominator from ${table}${where === null ? "" : ` where ${where}`}${after}`,
      ),
  }));
  return fc.tuple(query, fc.constantFrom(...ends)).map(([text, end]) => text + end);
}

/** What a permitted query names that is on no list, looked for in another way than the judge does; null where it is not permitted. */
export async function strangers(db: Database, sql: string, contracts: Map<string, Contract>): Promise<string[] | null> {
  if (objectionsToText(sql).length > 0) return null;
  const parsed = await parseQuery(db, sql);
  if ("fault" in parsed || objectionsTo(parsed.statements, readableIn(contracts.values())).length > 0) return null;
  const clauses = new Set<string>();
  const found: string[] = [];
  const known = new Set([...aggregates, ...scalars, ...windows]);
  const text = JSON.stringify(parsed.statements);
  walk(parsed.statements, (node) => {
    for (const { key } of (node.cte_map as { map?: { key: string }[] } | undefined)?.map ?? [])
      clauses.add(key.toLowerCase());
  });
  walk(parsed.statements, (node) => {
    if (typeof node.function_name === "string" && !known.has(node.function_name.toLowerCase()))
      found.push(node.function_name);
    if (
      typeof node.table_name === "string" &&
      !contracts.has(node.table_name.toLowerCase()) &&
      !clauses.has(node.table_name.toLowerCase())
    )
      found.push(node.table_name);
    if (typeof node.schema_name === "string" && node.schema_name) found.push(node.schema_name);
    const type = (node.cast_type as { id?: string } | undefined)?.id;
    if (type && type !== "LIST" && !castTypes.has(type)) found.push(type);
  });
  for (const kind of [
    "PARAMETER",
    "LAMBDA",
    "POSITIONAL_REFERENCE",
    "SHOW_REF",
    "RECURSIVE_CTE_NODE",
    "EXPRESSION_LIST",
    "PIVOT",
    "COLLATE",
  ])
    if (text.includes(`"${kind}"`)) found.push(kind);
  return found;
}

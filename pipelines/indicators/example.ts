import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { createTableSql, tableColumns, type Contract } from "../contracts/contract.ts";
import { identifier, literal, QueryError, type Database } from "../database.ts";
import { computeSeries } from "../series/series.ts";
import { parseYaml, type Fault } from "../yaml-file.ts";
import type { Definition } from "./definition.ts";

/** A worked example: a few rows of each feed, and the figures worked by hand. */
export interface Example {
  today: string;
  /** Months that the feeds cover, for the whole force. */
  covers: { from: string; to: string };
  /** Rows by feed, as `table` reads them. */
  feeds: Record<string, string>;
  expect: string;
}

/** A row of a table of an example: a text or nothing for each column. */
export type ExampleRow = Record<string, string | null>;

/** A figure worked by hand, beside the one that is computed. */
export interface WorkedFigure {
  unit_id: string;
  grain: string;
  period_end: string;
  breakdown: string | null;
  breakdown_value: string | null;
  /** Of each field that is named, as it is written; `value: "none"` says that there is no such figure. */
  expected: ExampleRow;
  /** The same fields as computed; null where there is no such figure, or not one only. */
  got: Record<string, string | number | boolean | null> | null;
  ok: boolean;
}

const exampleUnits = readFileSync(path.join(import.meta.dirname, "example-units.csv"), "utf8");
const warehouseSchema = readFileSync(path.join(import.meta.dirname, "..", "schema.sql"), "utf8");

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "write a month as 2016-01");
const exampleSchema = z.strictObject({
  today: z.iso.date("write a date as 2017-02-01"),
  covers: z.strictObject({ from: month, to: month }),
  feeds: z.record(z.string(), z.string()),
  expect: z.string().min(1, "write the figures that were worked by hand"),
});

/** What a figure is known by; all else in a line of `expect` is a field of it. */
const keys = ["unit_id", "grain", "period_end", "breakdown", "breakdown_value"];
const fieldsOfFigure = new Set(
  `period_start value numerator denominator unknown lower upper target target_source pace judgement variation assurance trend
   complete withheld withheld_reason restated freshness definition_version target_id reference band band_side`.split(
    /\s+/,
  ),
);
const mostRows = 500;

/** Parses an example, and names what cannot be read or put into a feed. */
export function parseExample(
  text: string,
  file: string,
  contracts: Map<string, Contract>,
): { example: Example | undefined; faults: Fault[]; lineOf: (path: readonly PropertyKey[]) => number } {
  const { value, faults, lineOf } = parseYaml(text, file, exampleSchema);
  if (!value) return { example: undefined, faults, lineOf };
  const found: Fault[] = [];
  for (const [feed, rows] of Object.entries(value.feeds)) {
    const contract = contracts.get(feed);
    const line = lineOf(["feeds", feed]);
    if (!contract) found.push({ file, line, message: `there is no feed "${feed}"` });
    else for (const message of faultsOfRows(rows, contract)) found.push({ file, line, message });
  }
  for (const message of faultsOfExpected(value.expect)) found.push({ file, line: lineOf(["expect"]), message });
  return found.length > 0 ? { example: undefined, faults: found, lineOf } : { example: value, faults: [], lineOf };
}

function faultsOfRows(text: string, contract: Contract): string[] {
  const rows = table(text);
  if (rows.length > mostRows) return [`${contract.name} has ${rows.length} rows; write at most ${mostRows}`];
  const known = new Set(tableColumns(contract).map(({ name }) => name));
  const strange = Object.keys(rows[0] ?? {}).filter((name) => !known.has(name));
  return strange.map((name) => `${contract.name} has no column ${name}`);
}

function faultsOfExpected(text: string): string[] {
  const rows = table(text);
  if (rows.length === 0) return ["write a line of column names, then a line for each figure"];
  if (rows.length > mostRows) return [`there are ${rows.length} figures; write at most ${mostRows}`];
  const names = Object.keys(rows[0]!);
  return [
    ...keys.slice(0, 3).flatMap((name) => (rows.every((row) => row[name]) ? [] : [`each figure needs its ${name}`])),
    ...names
      .filter((name) => !keys.includes(name) && !fieldsOfFigure.has(name))
      .map((name) => `a figure has no field ${name}`),
  ];
}

/** A table in a text: column names, then a row a line, parted by spaces; `-` is nothing, `a|b` a list. */
export function table(text: string): ExampleRow[] {
  const [head, ...lines] = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return lines.map((cells) =>
    Object.fromEntries(head!.map((name, i) => [name, cells[i] === "-" ? null : (cells[i] ?? null)])),
  );
}

/** Makes the tables of a warehouse, empty, in a database that has none. */
export async function makeWarehouse(db: Database, contracts: Map<string, Contract>): Promise<void> {
  await db.run(warehouseSchema);
  for (const contract of contracts.values()) await db.run(createTableSql(contract));
}

/** Puts rows of a feed straight into its table. */
export async function insertRows(db: Database, contract: Contract, rows: ExampleRow[]): Promise<void> {
  const types = new Map(tableColumns(contract).map((column) => [column.name, column.type.split(" ")[0]!]));
  // What a row does not have is as the table says: those that have the same go together.
  const groups = new Map<string, string[]>();
  for (const row of rows) {
    const names = Object.keys(row).filter((name) => row[name] !== null);
    const values = names.map((name) => {
      const type = types.get(name);
      if (!type) throw new Error(`${contract.name} has no column ${name}`);
      const text = literal(row[name]!);
      if (type === "VARCHAR[]") return `string_split(${text}, '|')`;
      return type === "UBIGINT" ? `hash(${text})` : `${text}::${type}`;
    });
    const list = names.map(identifier).join(", ");
    groups.set(list, [...(groups.get(list) ?? []), `(${values.join(", ")})`]);
  }
  for (const [list, values] of groups)
    await db.run(`insert into ${identifier(contract.name)} (${list}) values ${values.join(", ")}`);
}

/** Says that the feed covers the unit and all below it in these months. */
export async function cover(
  db: Database,
  feed: string,
  unit: string | null,
  from: string,
  to: string,
  only: Record<string, string[]> | null = null,
): Promise<void> {
  await db.run("insert into coverage values ($feed, $unit, ($from || '-01')::date, ($to || '-01')::date, 1, $only)", {
    feed,
    unit,
    from,
    to,
    only: only && JSON.stringify(only),
  });
}

/** Computes a definition's figures over an example's rows, in a warehouse that is empty, and compares them with those worked by hand. Each is judged by itself: what it needs withheld besides is of more rows than these. */
export async function workExample(
  db: Database,
  definition: Definition,
  example: Example,
  contracts: Map<string, Contract>,
): Promise<WorkedFigure[]> {
  await layExample(db, example, contracts);
  await computeSeries(db, {
    definitions: [definition],
    targets: [],
    today: example.today,
    freshness: new Map(),
    complements: false,
  });
  const wanted = table(example.expect);
  const found = await figuresOf(db, wanted);
  return wanted.map((each, i) => compare(each, found[i]!));
}

/** Lays an example's rows into a warehouse that is empty, with the units that all examples have. */
export async function layExample(db: Database, example: Example, contracts: Map<string, Contract>): Promise<void> {
  await insertRows(db, contracts.get("units")!, unitsOfExamples());
  for (const [feed, rows] of Object.entries(example.feeds)) {
    for (const [i, row] of table(rows).entries())
      await insertRows(db, contracts.get(feed)!, [row]).catch((error: unknown) => {
        throw error instanceof QueryError ? new RowFault(feed, i + 1, error) : error;
      });
    await cover(db, feed, force, example.covers.from, example.covers.to);
  }
}

/** A row of an example that its feed cannot have; the first is 1. */
export class RowFault extends Error {
  override name = "RowFault";
  readonly feed: string;
  readonly row: number;

  constructor(feed: string, row: number, cause: QueryError) {
    const [reason] = cause.message.split("\n");
    super(`${feed}, row ${row}: ${reason!.replace(/^\w+ Error: /, "")}`, { cause });
    [this.feed, this.row] = [feed, row];
  }
}

const force = "politie";

const unitsOfExamples = (): ExampleRow[] => {
  const [head, ...lines] = exampleUnits
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return lines.map((cells) => Object.fromEntries(head!.map((name, i) => [name, cells[i] || null])));
};

type Figure = Record<string, string | number | boolean | null>;

/** The figures that are computed of each that was worked by hand: mostly one. */
async function figuresOf(db: Database, wanted: ExampleRow[]): Promise<Figure[][]> {
  const names = keys.map((name) => `wanted_${name}`);
  const shape = Object.fromEntries(["wanted_no", ...names].map((name) => [name, "VARCHAR"]));
  const rows = await db.all<Figure>(
    `select * from (select unnest(from_json($wanted::json, ${literal(JSON.stringify([shape]))}), recursive := true)) as wanted
     join series on unit_id = wanted_unit_id and grain = wanted_grain and period_end = wanted_period_end::date
       and breakdown is not distinct from wanted_breakdown and breakdown_value is not distinct from wanted_breakdown_value`,
    {
      wanted: JSON.stringify(
        wanted.map((row, i) => ({
          ...Object.fromEntries(keys.map((name) => [`wanted_${name}`, row[name] ?? null])),
          wanted_no: String(i),
        })),
      ),
    },
  );
  return wanted.map((_, i) => rows.filter(({ wanted_no }) => wanted_no === String(i)));
}

function compare(wanted: ExampleRow, rows: Figure[]): WorkedFigure {
  const { unit_id, grain, period_end, breakdown = null, breakdown_value = null, ...expected } = wanted;
  const key = { unit_id: unit_id!, grain: grain!, period_end: period_end!, breakdown, breakdown_value };
  if (expected.value === "none")
    return { ...key, expected, got: rows[0] ? only(rows[0], expected) : null, ok: rows.length === 0 };
  const [row] = rows;
  if (rows.length !== 1 || !row) return { ...key, expected, got: null, ok: false };
  const got = only(row, expected);
  return {
    ...key,
    expected,
    got,
    ok: Object.entries(expected).every(([name, text]) => isAsWorked(name, got[name] ?? null, text)),
  };
}

const only = (row: Figure, fields: ExampleRow) =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, row[name] ?? null]));

/** Numbers are compared to four digits: by hand nobody works out more. Where nobody is unknown there is nothing, or 0. */
function isAsWorked(name: string, found: string | number | boolean | null, text: string | null): boolean {
  if (name === "unknown" && found === null) return text === null || Number(text) === 0;
  if (text !== null && /^-?[\d.]+$/.test(text))
    return typeof found === "number" && Math.abs(found - Number(text)) < 5e-5;
  return (found === null ? null : String(found)) === text;
}

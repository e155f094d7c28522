import { readFileSync } from "node:fs";
import path from "node:path";
import type { Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import { Refusal } from "../problem.ts";
import type { GroupedLoad } from "./grouped.ts";

/** The part of a feed that a load speaks of: columns of codes, each with the values that it has. */
export type Part = Record<string, string[]>;

/** What a load speaks of: whole months from first day to last, and a unit with everything below it; all units where there is none. Without months it covers nothing that is counted by month. `only` is the part of the feed, null where it is all of it. */
export interface Coverage {
  from: string | null;
  to: string | null;
  unit: string | null;
  only: Part | null;
  /** First days of the months that it has of these; left out for all of them. */
  months?: string[] | null;
}

/** A part as it is kept, the same text for the same part; null for all of the feed. */
export function partText(only: Part | null): string | null {
  if (!only) return null;
  const columns = Object.keys(only).sort();
  return JSON.stringify(Object.fromEntries(columns.map((name) => [name, [...new Set(only[name])].sort()])));
}

/** What a mapping states of it. */
export interface StatedCoverage {
  from?: string | undefined;
  to?: string | undefined;
  unit?: string | undefined;
  only?: Record<string, string | string[]> | undefined;
}

const coverageSql = readFileSync(path.join(import.meta.dirname, "coverage.sql"), "utf8");
const belowSql = readFileSync(path.join(import.meta.dirname, "below.sql"), "utf8");

/** The column that says which unit a row is of. */
export const unitColumn = (contract: Contract) => contract.columns.find((column) => column.type === "unit")?.name;

/** The coverage of the rows in `load_rows`, as they are or as the mapping states it; of cells that are all that their source has, with the rows that these replace. Refuses a statement that its rows go beyond. */
export async function readCoverage(
  db: Database,
  contract: Contract,
  stated: StatedCoverage,
  grouped: GroupedLoad | null = null,
): Promise<Coverage> {
  const unit = unitColumn(contract);
  const day = identifier(contract.date);
  const rows = (table: string) =>
    `select ${unit ? identifier(unit) : "null::varchar"} as unit_id, ${day} as day from ${table} where ${day} is not null`;
  const before = grouped && `${rows(identifier(contract.name))}${await withinStated(db, contract, stated, grouped)}`;
  await db.run(
    `create or replace temp view rows_of_load as ${rows("load_rows")} ${before ? `union all ${before}` : ""}`,
  );
  try {
    const found = unit
      ? await db.one<Omit<Coverage, "only">>(coverageSql)
      : await db.one<Omit<Coverage, "only">>(
          `select cast(date_trunc('month', min(day)) as date) as "from", last_day(max(day)) as "to", null as unit from rows_of_load`,
        );
    const isYear = contract.columns.some((column) => column.name === contract.date && column.type === "year");
    const from = found?.from && isYear ? `${found.from.slice(0, 4)}-01-01` : found?.from;
    const { months } = grouped ?? { months: null };
    const coverage = {
      // Months of which nothing is left are among them.
      from: months?.[0] ?? from ?? null,
      to: months ? lastDay(months.at(-1)!) : (found?.to ?? null),
      unit: found?.unit ?? null,
      only: null,
    };
    const covers = {
      only: stated.only
        ? Object.fromEntries(Object.entries(stated.only).map(([name, to]) => [name, [to].flat()]))
        : null,
      from: stated.from ?? coverage.from,
      to: stated.to ?? coverage.to,
      unit: stated.unit ?? coverage.unit,
    };
    // Of months that changed some may have no more than rows that the mapping leaves out.
    const rowsOf = months ? { ...coverage, from: from ?? null, to: found?.to ?? null } : coverage;
    await refuseBeyond(db, rowsOf, covers, stated);
    if (covers.only) await refuseOtherPart(db, covers.only);
    return months ? { ...covers, months } : covers;
  } finally {
    await db.run("drop view if exists rows_of_load");
  }
}

/** What of the rows that were there before cells speak of: those of their months, as far as a mapping says that their source has them. */
async function withinStated(
  db: Database,
  contract: Contract,
  { from, to, unit }: StatedCoverage,
  { months }: GroupedLoad,
): Promise<string> {
  const day = identifier(contract.date);
  const column = unitColumn(contract);
  if (unit) await findBelow(db, { unit, from: from ?? firstDay, to: to ?? lastOfAll, only: null });
  return [
    months ? ` and ${inMonths(day, months)}` : "",
    from ? ` and ${day} >= date ${literal(from)}` : "",
    to ? ` and ${day} <= date ${literal(to)}` : "",
    unit && column
      ? ` and exists (from load_below as b where b.unit_id = ${identifier(contract.name)}.${identifier(column)} and ${day} between b.since and b.until)`
      : "",
  ].join("");
}

/** Of all that can be written. */
const [firstDay, lastOfAll] = ["0001-01-01", "9999-12-31"];

async function refuseBeyond(db: Database, found: Coverage, covers: Coverage, stated: StatedCoverage): Promise<void> {
  if (found.from && found.to && covers.from && covers.to && (found.from < covers.from || found.to > covers.to))
    throw new Refusal(
      `the mapping says that the file covers ${covers.from} to ${covers.to}, but it has rows from ${found.from} to ${found.to}; mend covers, or filter the rows`,
    );
  if (!stated.unit || !covers.from || !covers.to) return;
  const known = await db.one("select 1 from units where unit_id = $unit", { unit: stated.unit });
  if (!known)
    throw new Refusal(`the mapping says that the file covers unit "${stated.unit}", which is not among the units`);
  await findBelow(db, covers);
  const outside = await db.one<{ unit_id: string }>(
    `select unit_id from rows_of_load where not exists (
       from load_below as b where b.unit_id = rows_of_load.unit_id and rows_of_load.day between b.since and b.until) limit 1`,
  );
  if (outside)
    throw new Refusal(
      `the mapping says that the file covers unit "${stated.unit}", but it has rows of "${outside.unit_id}", which is not below it`,
    );
}

async function refuseOtherPart(db: Database, only: Part): Promise<void> {
  for (const [name, values] of Object.entries(only)) {
    const column = identifier(name);
    const other = await db.one<{ value: string | null }>(
      `select ${column} as value from load_rows where ${column} is null or ${column} not in (${values.map(literal).join(", ")}) limit 1`,
    );
    if (other)
      throw new Refusal(
        `the mapping says that the file covers only ${name} ${values.join(", ")}, but it has rows with ${name} ${other.value ?? "empty"}; mend covers, or filter the rows`,
      );
  }
}

/** Fills the temporary table `load_below(unit_id, since, until)` with the units of the coverage. */
async function findBelow(db: Database, { unit, from, to }: Coverage): Promise<void> {
  await db.run(belowSql, { unit, from, to });
}

const lastDay = (month: string) => {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
};

const inMonths = (day: string, months: string[]) =>
  `date_trunc('month', ${day}) in (${months.map((each) => `date ${literal(each)}`).join(", ") || "null"})`;

/** The condition that a row of the feed's table, named `t`, lies within the coverage; prepares what it refers to. */
export async function withinCoverage(db: Database, contract: Contract, coverage: Coverage): Promise<string> {
  const { from, to, unit, only, months: some } = coverage;
  const part = Object.entries(only ?? {})
    .map(([name, values]) => ` and t.${identifier(name)} in (${values.map(literal).join(", ")})`)
    .join("");
  if (!from || !to) return `true${part}`;
  const day = `t.${identifier(contract.date)}`;
  const months = `${day} between date '${from}' and date '${to}'${some ? ` and ${inMonths(day, some)}` : ""}${part}`;
  const column = unitColumn(contract);
  if (!unit || !column) return months;
  await findBelow(db, coverage);
  return `${months} and exists (from load_below as b where b.unit_id = t.${identifier(column)} and ${day} between b.since and b.until)`;
}

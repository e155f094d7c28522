import { readFileSync } from "node:fs";
import path from "node:path";
import { literal, type Database } from "../database.ts";
import { computedOf } from "../indicators/definition.ts";
import type { Target } from "../targets.ts";
import { slotMacros } from "./cells.ts";
import { judgementMacros } from "./judgement.ts";
import { fixedKeys, indicatorKey, unitKeys } from "./keys.ts";
import { partsOf, readStatedParts, type PartCoverage } from "./parts.ts";
import type { Source } from "./series.ts";
import { tableFromJson } from "./table.ts";

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");

const months = sqlOf("months.sql");
const stretches = sqlOf("stretches.sql");
const spine = sqlOf("spine.sql");
const covered = sqlOf("covered.sql");

type Spined = Pick<Source, "definitions" | "targets" | "today">;

/** Makes the tables that hold for all definitions: units, months, what lies below what and what is covered. */
export async function makeSpine(db: Database, source: Spined): Promise<void> {
  await makeMacros(db);
  await insertOwn(db, source);
  await insertCoverage(db, await coverageOf(db, source));
  await db.run(unitKeys + stretches + spine + covered);
}

/**
 * The same tables for one source after another over the same feeds. Units and months are made once, of all that feeds cover;
 * what is covered of a source's own feeds is made for each, but for where the one before had the same.
 */
export class KeptSpine {
  private readonly db: Database;
  private begun = false;
  /** Of which day and reach the months are, and of which parts what is covered; null: not there, or not whole. */
  private made: { months: string | null; parts: string | null } = { months: null, parts: null };

  constructor(db: Database) {
    this.db = db;
  }

  /** Makes what is not there yet; true where that was anything. */
  async make(source: Spined): Promise<boolean> {
    const { db, made } = this;
    // What is stopped on the way leaves nothing that could be taken for whole.
    this.made = { months: null, parts: null };
    if (!this.begun) await makeMacros(db);
    this.begun = true;
    await insertOwn(db, source);
    const coverage = await coverageOf(db, source);
    const next = { months: await this.monthsOf(source, coverage), parts: JSON.stringify(coverage) };
    const isOther = next.months !== made.months;
    if (isOther) {
      await insertCoverage(db, [...(await this.coverageOfMonths()), ...coverage]);
      await db.run(unitKeys + stretches + spine);
    }
    if (isOther || next.parts !== made.parts) {
      await insertCoverage(db, coverage);
      await db.run(stretches + covered);
    }
    this.made = next;
    return isOther || next.parts !== made.parts;
  }

  /** Its tables are gone. */
  forget(): void {
    this.made = { months: null, parts: null };
  }

  /** The day; and where the source's own reach further than those of all feeds: its targets, or what it reads besides. */
  private async monthsOf({ today, targets }: Spined, coverage: PartCoverage[]): Promise<string> {
    const first = targets.map((target) => target.from).sort()[0] ?? null;
    const found = await this.db.one<{ within: boolean | null }>(
      "select min(from_month) <= $first::date as within from coverage where not list_contains($besides::json::varchar[], feed)",
      { first, besides: JSON.stringify(besides) },
    );
    return JSON.stringify([today, found?.within ? null : first, coverage.filter(({ feed }) => besides.includes(feed))]);
  }

  private coverageOfMonths(): Promise<PartCoverage[]> {
    return this.db.all<PartCoverage>(
      `select distinct concat_ws(' ', feed, only_values) as part, feed, only_values from coverage
       where not list_contains($besides::json::varchar[], feed) order by all`,
      { besides: JSON.stringify(besides) },
    );
  }
}

/** Feeds that reach back many years for others to be held against; hardly anything is counted of them. */
const besides = ["units", "published"];

const makeMacros = (db: Database): Promise<void> =>
  db.run([judgementMacros(), slotMacros, fixedKeys, months].join("\n"));

/** What is of these definitions alone. */
async function insertOwn(db: Database, { definitions, targets, today }: Spined): Promise<void> {
  await db.run(`set variable today = date ${literal(today)}; ${indicatorKey(definitions.map(({ id }) => id))}`);
  await insertTargets(db, targets);
}

const coverageOf = async (db: Database, { definitions }: Spined): Promise<PartCoverage[]> =>
  partsOf(definitions.flatMap(computedOf), await readStatedParts(db)).coverage;

const insertCoverage = (db: Database, coverage: PartCoverage[]): Promise<void> =>
  tableFromJson(db, "part_coverage", coverage, { part: "VARCHAR", feed: "VARCHAR", only_values: "VARCHAR" });

/** Columns of the temporary table `targets`. */
const targetColumns = {
  target_id: "INTEGER",
  indicator_id: "VARCHAR",
  unit_id: "VARCHAR",
  breakdown: "VARCHAR",
  breakdown_value: "VARCHAR",
  goal: "VARCHAR",
  status: "VARCHAR",
  from: "DATE",
  to: "DATE",
  kind: "VARCHAR",
  value: "DOUBLE",
  tolerance: "DOUBLE",
  grain: "VARCHAR",
  baseline_from: "DATE",
  baseline_to: "DATE",
  source: "VARCHAR",
  by: "VARCHAR",
  proposed_on: "DATE",
  decided_on: "DATE",
  demo: "BOOLEAN",
};

async function insertTargets(db: Database, targets: Target[]): Promise<void> {
  await tableFromJson(db, "targets", targets, targetColumns);
}

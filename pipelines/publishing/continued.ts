import { readFileSync } from "node:fs";
import path from "node:path";
import { literal, type Database } from "../database.ts";
import type { Continuing } from "../series/series.ts";
import { tableFromJson } from "../series/table.ts";

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");

const years = sqlOf("years.sql");
const begin = sqlOf("continued.sql");
const differs = sqlOf("differs.sql");
const otherwise = sqlOf("goes-on.sql");

/** Twelve times the year is its first month. */
const never = 999_999;

/**
 * Goes on from the figures of the snapshot before: of an indicator only the years are computed anew in which anything is another than it
 * was, from the first of them on. What years are made of is kept in the warehouse, as hashes, for the snapshot that was made of it.
 */
export class Continued implements Continuing {
  private readonly db: Database;
  /** Indicators of which some years may be as they were. */
  readonly candidates: ReadonlySet<string>;
  private readonly since = new Map<string, number | null>();

  private constructor(db: Database, candidates: ReadonlySet<string>) {
    this.db = db;
    this.candidates = candidates;
  }

  /** Begins a publication after the snapshot of this name; without one there is nothing to go on from. `frames`: of each definition the hash of framesOf. */
  static async begin(db: Database, snapshot: string | null, frames: Map<string, string>): Promise<Continued> {
    await db.run(
      "create schema if not exists released; create table if not exists released.years (snapshot varchar, indicator_id varchar, frame varchar, year integer, content varchar)",
    );
    await db.run(`set variable previous_snapshot = ${literal(snapshot ?? "")}`);
    await tableFromJson(
      db,
      "frames",
      [...frames].map(([indicator_id, frame]) => ({ indicator_id, frame })),
      { indicator_id: "VARCHAR", frame: "VARCHAR" },
    );
    await db.run(
      "create or replace temp table new_years as select indicator_id, frame, year, content from released.years limit 0",
    );
    await db.run(differs);
    await db.run(`create or replace temp table moved_by_year as ${await movedByYear(db)}`);
    const found = await db.all<{ indicator_id: string }>(
      "select distinct indicator_id from released.years join frames using (indicator_id, frame) where snapshot = getvariable('previous_snapshot')",
    );
    return new Continued(db, new Set(found.map((row) => row.indicator_id)));
  }

  /** Of indicators that went on from the snapshot before the first year that was computed anew; null where no figure was. */
  get continued(): Record<string, number | null> {
    return Object.fromEntries([...this.since].sort());
  }

  async find(): Promise<void> {
    await this.db.run(years);
    await this.db.run(
      "insert into new_years select indicator_id, frame, year, content from year_contents join frames using (indicator_id)",
    );
    if (this.candidates.size > 0) await this.db.run(begin);
  }

  async goesOn(): Promise<boolean> {
    const { db } = this;
    const begun = await db.all<{ indicator_id: string; shown_from: number }>("from begun order by indicator_id");
    if (begun.length === 0) return true;
    const found = await db.one<{ n: number }>(otherwise);
    if (found!.n > 0 || (await hidesEarlier(db))) return false;
    await db.run(
      "delete from gated using begun where begun.indicator_id = gated.indicator_id and month_of(gated.period_end) < begun.shown_from",
    );
    for (const { indicator_id, shown_from } of begun)
      this.since.set(indicator_id, shown_from === never ? null : shown_from / 12);
    return true;
  }

  /** Keeps what the years of this snapshot are made of, once readers are switched to it. Needs `kept`: indicators of which the one before has all. */
  async keep(snapshot: string): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.run(
        "delete from released.years where indicator_id not in (select indicator_id from kept) or snapshot <> getvariable('previous_snapshot')",
      );
      await this.db.run("update released.years set snapshot = $snapshot", { snapshot });
      await this.db.run(
        "insert into released.years select $snapshot, indicator_id, frame, year, content from new_years",
        { snapshot },
      );
    });
  }
}

/** Whether states that readers have would have to be withheld now. */
async function hidesEarlier(db: Database): Promise<boolean> {
  const has = await db.one<{ n: number }>(
    "select count(*) as n from duckdb_tables() where table_name = 'hidden_states'",
  );
  if (has!.n === 0) return false;
  const found = await db.one<{ n: number }>(
    "select count(*) as n from hidden_states join begun using (indicator_id) where month < begun.shown_from",
  );
  return found!.n > 0;
}

/** Who joined and left in each year: of a few of them states may tell too much. */
async function movedByYear(db: Database): Promise<string> {
  const has = await db.one<{ n: number }>("select count(*) as n from duckdb_tables() where table_name = 'movements'");
  if (has!.n === 0) return "select null::integer as year, null::varchar as content where false";
  return `select year("date")::integer as year, concat_ws(' ', count(*), sum(hash(kind, unit_id, month("date"), "count")::hugeint)) as content
    from movements where kind in ('intake', 'exit') group by 1`;
}

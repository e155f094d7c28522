import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { identifier, type Database } from "../database.ts";
import type { Computed } from "../indicators/definition.ts";
import { tableFromJson } from "../series/table.ts";

const prepare = readFileSync(path.join(import.meta.dirname, "corrections.sql"), "utf8");

/** A correction that waits: of an indicator, a unit with all below it, and a half-year (12 x year + month - 1, by six). */
interface Waiting {
  indicator_id: string;
  version: number;
  top: string;
  half: number;
  /** The half-year in which it was first seen. */
  since: number;
}

/** Corrections of fewer people than this wait. */
const few = 5;

/** Months in a half-year. */
const months = 6;

/** The cells of protected indicators as they were published, in tables of the warehouse that no rebuild makes anew. A correction of them that moves fewer than five people of some place waits until the half-year after it was first seen: whoever compares two snapshots would learn of those few. It waits with all of its unit's half-year, so that what is shown adds up. */
export class Corrections {
  private readonly db: Database;
  private readonly now: number;
  private readonly waiting: Waiting[] = [];
  private readonly seen: { indicator_id: string; version: number; hash: string }[] = [];
  private readonly staged: Computed[] = [];

  private constructor(db: Database, now: number) {
    this.db = db;
    this.now = now;
  }

  /** Begins on a day (ISO), once the tables of spine.sql are there. */
  static async begin(db: Database, today: string): Promise<Corrections> {
    await db.run(prepare);
    return new Corrections(db, Math.floor((Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1) / months));
  }

  /** How many units' half-years wait, over all indicators. */
  get held(): number {
    return this.waiting.length;
  }

  /** Puts the published cells back into `query_cells` where a correction of them waits. `types` are those of its columns. */
  async hold(definition: Computed, types: Map<string, string>): Promise<void> {
    const { id } = definition;
    const version = definition.version.number;
    const hash = createHash("sha256")
      .update(JSON.stringify([definition.sql, [...types]]))
      .digest("hex");
    this.seen.push({ indicator_id: id, version, hash });
    const known = await this.db.one<{ hash: string }>(
      "select hash from released.definitions where indicator_id = $id and version = $version",
      { id, version },
    );
    // A query that has become another counts something else: nothing of it was published.
    if (known?.hash === hash) await this.holdBack(definition, types);
  }

  private async holdBack(definition: Computed, types: Map<string, string>): Promise<void> {
    const { id, kind } = definition;
    const version = definition.version.number;
    const number = (name: string) => (types.has(name) ? `coalesce(${name}, 0)` : "0");
    const keys = [...types.keys()].filter((name) => !measures.has(name)).map(identifier);
    // In a rate everybody is taken to know the exposure.
    const rest = kind === "rate" ? "0" : `${number("denominator")} - ${number("numerator")}`;
    const counted = (from: string, sign: 1 | -1) =>
      `select ${keys.join(", ")}, ${sign} * (${number("numerator")}) as x, ${sign} * (${rest}) as y, ${sign} * (${number("unknown")}) as u from ${from}`;
    const released = tableOf(definition);
    const small = await this.db.all<{ top: string; half: number; since: number }>(
      `with moved as (
         select ${keys.join(", ")}, sum(x) as x, sum(y) as y, sum(u) as u
         from (${counted("query_cells", 1)} union all ${counted(released, -1)})
         group by all having sum(x) <> 0 or sum(y) <> 0 or sum(u) <> 0
       ),
       reached as (${reachedOf(released)}),
       places as (
         select top, month_no // ${months} as half, unit_id, sum(abs(x) + abs(y) + abs(u)) as people
         from (${placed("moved")}) join reached using (top)
         where month_no <= last_month
         group by all
       ),
       corrections as (select top, half from places group by top, half having min(people) < ${few})
       select corrections.top, corrections.half, coalesce(waiting.since, $now::integer) as since
       from corrections left join released.waiting as waiting on waiting.indicator_id = $id and waiting.version = $version
         and waiting.top = corrections.top and waiting.half = corrections.half
       order by all`,
      { id, version, now: this.now },
    );
    const held = small.filter(({ since }) => since >= this.now);
    if (held.length > 0) {
      this.waiting.push(...held.map((each) => ({ indicator_id: id, version, ...each })));
      const columns = [...types.keys()].map(identifier).join(", ");
      await tableFromJson(this.db, "held", held, { top: "VARCHAR", half: "INTEGER" });
      await this.db.run(
        `create or replace temp table fresh_cells as from query_cells;
         create or replace temp table query_cells as
         with reached as (${reachedOf(released)}),
         standing as (select top, half, last_month from held join reached using (top))
         select ${columns} from (${placed("fresh_cells")}) as fresh
         where not exists (from standing where standing.top = fresh.top and standing.half = month_no // ${months} and month_no <= last_month)
         union all by name
         select ${columns} from (${placed(released)}) as former semi join held on held.top = former.top and held.half = month_no // ${months};
         drop table fresh_cells;
         drop table held`,
      );
    }
  }

  /** Keeps `query_cells` beside what was published, until `release`. */
  async stage(definition: Computed): Promise<void> {
    await this.db.run(`create or replace table ${tableOf(definition, "next")} as from query_cells`);
    this.staged.push(definition);
  }

  /** Readers have been switched to what was staged. */
  async release(): Promise<void> {
    await this.db.transaction(async () => {
      for (const definition of this.staged)
        await this.db.run(
          `drop table if exists ${tableOf(definition)};
           alter table ${tableOf(definition, "next")} rename to ${identifier(nameOf(definition))}`,
        );
      for (const { indicator_id, version, hash } of this.seen) {
        const key = { indicator_id, version };
        for (const table of ["definitions", "waiting"])
          await this.db.run(
            `delete from released.${table} where indicator_id = $indicator_id and version = $version`,
            key,
          );
        await this.db.run("insert into released.definitions values ($indicator_id, $version, $hash)", { ...key, hash });
      }
      for (const each of this.waiting)
        await this.db.run("insert into released.waiting values ($indicator_id, $version, $top, $half, $since)", {
          ...each,
        });
    });
  }
}

/** Cells with the unit under which a correction of them waits, and the number of their month. */
const placed = (cells: string) =>
  `select cells.*, coalesce(tops.top, cells.unit_id) as top, month_of(cells.month) as month_no
   from ${cells} as cells left join months on months.month = month_of(cells.month)
   left join tops on tops.unit_id = cells.unit_id and tops.epoch = months.epoch`;

/** How far the cells of each such unit reach. */
const reachedOf = (cells: string) =>
  `select top, max(month_no) as last_month from (${placed(`(select distinct unit_id, month from ${cells})`)}) group by top`;

/** Columns of a query's cells that are numbers, not names. */
const measures = new Set(
  "numerator denominator numerator2 denominator2 unknown share share_step whole withheld waiting days within".split(
    " ",
  ),
);

const nameOf = ({ id, version }: Computed, next?: "next") => `${id}@${version.number}${next ? "@next" : ""}`;
const tableOf = (definition: Computed, next?: "next") => `released.${identifier(nameOf(definition, next))}`;

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../database.ts";
import type { Definition } from "../indicators/definition.ts";
import type { ComparedRow } from "./draft.ts";

/** What is compared is computed under a name that no indicator can have. */
const otherId = "-before-";

const comparedSql = readFileSync(path.join(import.meta.dirname, "preview-compared.sql"), "utf8");

/** The version that a draft is compared with as it is computed: under another name, and no more of it than totals. */
export function asCompared({ earlier, ...current }: Definition): Definition {
  const totals = <T extends Omit<Definition, "earlier">>(version: T): T => ({
    ...version,
    id: otherId,
    breakdowns: [],
  });
  return { ...totals(current), ...(earlier ? { earlier: earlier.map(totals) } : {}) };
}

/**
 * Totals of what drafts are compared with, kept over the same feeds: whoever changes a draft compares it with the same
 * version again and again.
 */
export class ComparedTotals {
  /** What is kept between drafts. */
  static readonly table = "compared_totals";
  private readonly db: Database;
  private of: string | null = null;
  private newest: string | null = null;

  constructor(db: Database) {
    this.db = db;
  }

  has(compared: Definition, today: string): boolean {
    return this.of === keyOf(compared, today);
  }

  /** Takes the totals from what was computed, by itself or beside a draft. Needs `series`, `counted`. */
  async take(compared: Definition, today: string): Promise<void> {
    this.of = null;
    await this.db.run(
      `create or replace temp table ${ComparedTotals.table} as
       select unit_id::varchar as unit_id, grain::varchar as grain, period_start, period_end, value
       from series where indicator_id::varchar = $other and breakdown is null and grain <> 'target'`,
      { other: otherId },
    );
    const found = await this.db.one<{ newest: string | null; own: string | null }>(
      "select max(newest)::varchar as newest, (max(newest) filter (indicator_id::varchar = $other))::varchar as own from counted",
      { other: otherId },
    );
    this.newest = found!.newest;
    // Below units there are figures of the last year alone: of another draft it may begin sooner.
    if (found!.newest === found!.own) this.of = keyOf(compared, today);
  }

  /** Where a draft's totals differ from them. */
  differing(indicator_id: string, most: number): Promise<ComparedRow[]> {
    return this.db.all<ComparedRow>(comparedSql, { indicator_id, newest: this.newest, most });
  }
}

const keyOf = (compared: Definition, today: string): string => JSON.stringify([compared, today]);

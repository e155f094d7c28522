import { readFileSync } from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "../database.ts";
import { attack } from "./attack.ts";
import { listIndicators, readParts } from "./places.ts";
import { hashOfAll, hiddenBy, type Proofs } from "./proofs.ts";

const audit = readFileSync(path.join(import.meta.dirname, "audit.sql"), "utf8");

/** A withheld row whose figure can be worked out, or nearly so, from what is shown. */
export interface LeakingRow {
  indicator_id: string;
  unit_id: string;
  grain: string;
  period_start: string;
  period_end: string;
  breakdown: string | null;
  breakdown_value: string | null;
}

/** What was looked at. */
export interface Audit {
  /** Rows of protected indicators, of which withheld. */
  protected: number;
  suppressed: number;
  leaks: LeakingRow[];
}

export interface Asked {
  /** What is known to be safe is not attacked again, and what is found to be is kept; without it everything is attacked. */
  proofs?: Proofs;
  /** Figures done, of all. */
  progress?: (done: number, total: number) => void;
}

/** Attacks the rows of `audited_series` as a reader would who knows the rules and all headcounts: each shown figure is an equation over the finest cells, and for each withheld one linear programming finds what it can be. Needs `indicators`, and the tables of places.sql. */
export async function auditSeries(db: Database, { proofs, progress }: Asked = {}): Promise<Audit> {
  await db.run(audit);
  const last = await db.one<{ figure: number }>("select coalesce(max(figure), 0) as figure from audited_figures");
  const leaking: number[] = [];
  for (const indicator of await listIndicators(db, "audited_figures")) {
    const hash = hashOfAll("audit", indicator);
    if (proofs?.findAll?.(hash)) continue;
    const before = leaking.length;
    for await (const { part, secretNumbers } of readParts(db, "audited_figures", indicator)) {
      progress?.(secretNumbers[0]!, last!.figure);
      const hidden = hiddenBy(part);
      if (proofs?.isHidden?.(hidden)) continue;
      // A process that is asked to stop hears it here.
      await nextTurn();
      const statements = part.figures.map(({ says }) => says);
      const leaks = await attack({ most: part.most, statements }, part.secrets, part.truth);
      if (leaks.length === 0) proofs?.keepHidden?.(hidden);
      leaking.push(...leaks.map(({ secret }) => secretNumbers[secret]!));
    }
    if (leaking.length === before) proofs?.keepAll?.(hash, []);
  }
  return { ...(await countProtected(db)), leaks: await namesOf(db, leaking) };
}

/** Counts the protected rows of `audited_series`. */
export async function countProtected(db: Database): Promise<Pick<Audit, "protected" | "suppressed">> {
  const counts = await db.one<{ protected: number; suppressed: number }>(
    `select count(*) as protected, count(*) filter (withheld) as suppressed
     from audited_series join indicators using (indicator_id) where protected`,
  );
  return counts!;
}

function namesOf(db: Database, figures: number[]): Promise<LeakingRow[]> {
  return db.all(
    `select indicator_id, unit_id, grain, period_start::varchar as period_start, period_end::varchar as period_end, breakdown, breakdown_value
     from (select unnest(row_ids) as row_id from audited_figures where list_contains($figures::integer[], figure::integer))
     join audited using (row_id)
     where withheld
     order by all`,
    { figures: JSON.stringify(figures) },
  );
}

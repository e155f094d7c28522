import type { Reconciled, Restatement } from "../api.ts";
import type { Grain } from "../charts/period.ts";

/** What was published of one figure, unit and period, with what the monitor has of it. */
export interface PublishedGroup {
  key: string;
  indicator_id: string;
  unit_id: string;
  period_start: string;
  period_end: string;
  loaded: number | null;
  withheld_reason: string | null;
  complete: boolean | null;
  grain: Grain | null;
  rows: Reconciled[];
  /** Sources say different things of the same. */
  contradictory: boolean;
}

/** Published figures by figure, unit and period, in the order in which they came. */
export function publishedGroups(rows: Reconciled[]): PublishedGroup[] {
  const groups = new Map<string, PublishedGroup>();
  for (const row of rows) {
    const key = `${row.indicator_id} ${row.unit_id} ${row.period_start} ${row.period_end}`;
    const group = groups.get(key);
    if (group) {
      group.rows.push(row);
      group.contradictory = group.rows.some((each) => each.published !== group.rows[0]!.published);
    } else {
      const { indicator_id, unit_id, period_start, period_end, loaded, withheld_reason, complete } = row;
      const grain = row.grain ?? null;
      const shared = { key, indicator_id, unit_id, period_start, period_end, loaded, withheld_reason, complete, grain };
      groups.set(key, { ...shared, rows: [row], contradictory: false });
    }
  }
  return [...groups.values()];
}

/** What the same loads changed in figures that were published before. */
export interface Restated {
  key: string;
  /** The last first; none where a definition or the organisation changed. */
  load_ids: number[];
  restated_at: string;
  rows: Restatement[];
}

/** The loads that can have changed a figure, the last first. */
export function causesOf(row: Restatement): number[] {
  const load_ids = row.load_ids?.length ? row.load_ids : row.load_id ? [row.load_id] : [];
  return load_ids.toSorted((a, b) => b - a);
}

const grains = ["year", "r12", "half", "quarter", "month", "target"];

/** Totals before their parts, longer periods before shorter ones, what changed most first. */
function byWeight(a: Restatement, b: Restatement): number {
  const change = (row: Restatement) => Math.abs((row.new_numerator ?? 0) - (row.old_numerator ?? 0));
  return (
    Number(a.breakdown !== null) - Number(b.breakdown !== null) ||
    grains.indexOf(a.grain) - grains.indexOf(b.grain) ||
    change(b) - change(a)
  );
}

/** Restatements by the loads that caused them, the newest first. */
export function byCause(rows: Restatement[]): Restated[] {
  const groups = new Map<string, Restated>();
  for (const row of rows) {
    const load_ids = causesOf(row);
    const key = `${row.restated_at} ${load_ids.join(" ")}`;
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { key, load_ids, restated_at: row.restated_at, rows: [row] });
  }
  for (const group of groups.values()) group.rows.sort(byWeight);
  return [...groups.values()].sort(
    (a, b) => b.restated_at.localeCompare(a.restated_at) || b.rows.length - a.rows.length,
  );
}

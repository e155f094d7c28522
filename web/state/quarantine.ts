import type { Quarantined } from "../api.ts";

/** Rows of one feed that stand apart for one reason. */
export interface ReasonGroup {
  feed: string;
  reason: string;
  count: number;
  example: Quarantined;
}

/** Quarantined rows by feed and reason: the feed with most rows first, and of each feed the reason with most. */
export function byReason(rows: Quarantined[]): ReasonGroup[] {
  const groups = new Map<string, ReasonGroup>();
  const totals = new Map<string, number>();
  for (const row of rows) {
    totals.set(row.feed, (totals.get(row.feed) ?? 0) + 1);
    const key = `${row.feed} ${row.reason}`;
    const group = groups.get(key);
    if (group) group.count += 1;
    else groups.set(key, { feed: row.feed, reason: row.reason, count: 1, example: row });
  }
  return [...groups.values()].sort(
    (a, b) => totals.get(b.feed)! - totals.get(a.feed)! || a.feed.localeCompare(b.feed) || b.count - a.count,
  );
}

import type { Snapshot } from "../snapshot.ts";
import { rowsOf } from "../table.ts";
import type { Half } from "./half.ts";

/** A feed that does not reach the end of a half-year, or is overdue. */
export interface IncompleteFeed {
  feed: string;
  covered_to: string | null;
}

/** Feeds of the indicators that lack something up to the half-year's end: monthly and quarterly ones must reach it, others must not be overdue. */
export async function incompleteFeeds(snapshot: Snapshot, half: Half): Promise<IncompleteFeed[]> {
  const used = new Set([...snapshot.catalogue.definitions.values()].flatMap(({ feeds }) => feeds));
  const found = await rowsOf(
    await snapshot.query(
      `select feed, covered_to from feeds
       where freshness = 'overdue' or (cadence in ('day', 'week', 'month', 'quarter') and coalesce(covered_to < $end::date, true))
       order by feed`,
      { end: half.end },
    ),
  );
  return (found as unknown as IncompleteFeed[]).filter(({ feed }) => used.has(feed));
}

/** Indicators of which a figure up to the half-year's end became another since a moment (ISO). */
export async function restatedIndicators(snapshot: Snapshot, half: Half, since: string): Promise<string[]> {
  const found = await rowsOf(
    await snapshot.query(
      `select distinct indicator_id from restatements
       where restated_at > $since::timestamp and period_end <= $end::date order by indicator_id`,
      { since: since.replace(/Z$/, ""), end: half.end },
    ),
  );
  return found.map(({ indicator_id }) => String(indicator_id));
}

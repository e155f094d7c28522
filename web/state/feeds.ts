import type { Feed, Load } from "../api.ts";

/** What is said of a feed first; in the order in which it asks for attention. */
export const feedStates = ["refused", "failed", "overdue", "due", "fresh", "never"] as const;
export type FeedState = (typeof feedStates)[number];

/** The state of a feed: trouble before lateness, for trouble is what someone can mend. */
export function stateOf(feed: Feed): FeedState {
  if (feed.trouble) return feed.trouble;
  if (!feed.last_load_at) return feed.freshness === "overdue" ? "overdue" : "never";
  return feed.freshness;
}

/** Whether figures made from the feed rest on late or failed data. */
export const isFaulty = (feed: Feed): boolean => ["refused", "failed", "overdue"].includes(stateOf(feed));

/** How many feeds are in each state; trouble taken together, states without feeds left out. */
export function countStates(
  feeds: Feed[],
): { state: "trouble" | "overdue" | "due" | "fresh" | "never"; count: number }[] {
  const names = ["trouble", "overdue", "due", "fresh", "never"] as const;
  const of = (feed: Feed) => {
    const state = stateOf(feed);
    return state === "refused" || state === "failed" ? "trouble" : state;
  };
  return names
    .map((state) => ({ state, count: feeds.filter((feed) => of(feed) === state).length }))
    .filter(({ count }) => count > 0);
}

/** Feeds in the order in which they ask for attention, and by name. */
export function byAttention(feeds: Feed[], nameOf: (feed: Feed) => string): Feed[] {
  return feeds.toSorted(
    (a, b) =>
      feedStates.indexOf(stateOf(a)) - feedStates.indexOf(stateOf(b)) || nameOf(a).localeCompare(nameOf(b), "nl"),
  );
}

/** The feeds behind some figures that are late or in trouble. */
export function faultsBehind(feeds: Feed[], definitions: { feeds?: string[] }[]): Feed[] {
  const used = new Set(definitions.flatMap((definition) => definition.feeds ?? []));
  return byAttention(
    feeds.filter((feed) => used.has(feed.feed) && isFaulty(feed)),
    (feed) => feed.title_nl,
  );
}

/** The last moment that the pipelines tell of: their today, which is not always that of the reader's device. */
export function lastMoment(moments: (string | null | undefined)[]): string {
  return moments.filter((each): each is string => Boolean(each)).reduce((a, b) => (a > b ? a : b), "");
}

/** Quarantined rows of a load by reason, most first. */
export function reasonsOf(load: Pick<Load, "reasons">): [string, number][] {
  const reasons =
    typeof load.reasons === "string" ? (JSON.parse(load.reasons) as Record<string, number>) : load.reasons;
  return Object.entries(reasons ?? {}).sort((a, b) => b[1] - a[1]);
}

/** The same of several loads together. */
export function reasonsOfAll(loads: Pick<Load, "reasons">[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const load of loads)
    for (const [reason, count] of reasonsOf(load)) sums.set(reason, (sums.get(reason) ?? 0) + count);
  return [...sums].sort((a, b) => b[1] - a[1]);
}

/** How many rows of each feed stand apart. */
export function apartOf(loads: Pick<Load, "feed" | "quarantined">[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const load of loads) sums.set(load.feed, (sums.get(load.feed) ?? 0) + load.quarantined);
  return sums;
}

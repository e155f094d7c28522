import type { FeedState } from "../freshness.ts";

/** What people are told of a feed. */
export type NoticeState = "well" | "overdue" | "failed" | "refused";

/** Something that someone is to be told of a feed. */
export interface Notice {
  feed: string;
  title_nl: string;
  title_en: string;
  owner: string;
  state: NoticeState;
  /** Moment or day. */
  since: string;
  reason: string | null;
  file: string | null;
}

/** How a feed stands: what is wrong with its newest delivery counts before a delivery that does not come. */
export function noticeOf(feed: FeedState, now: Date): Notice {
  const { title_nl, title_en, owner } = feed;
  const about = { feed: feed.feed, title_nl, title_en, owner };
  if (feed.trouble)
    return {
      ...about,
      state: feed.trouble,
      since: isoOf(feed.trouble_since) ?? now.toISOString(),
      reason: feed.trouble_reason && withoutValues(feed.trouble_reason, feed.trouble),
      file: feed.trouble_file,
    };
  if (feed.freshness === "overdue")
    return { ...about, state: "overdue", since: feed.overdue_on!, reason: null, file: null };
  return { ...about, state: "well", since: now.toISOString(), reason: null, file: null };
}

/** The engine's text of a moment as ISO. */
const isoOf = (text: string | null) =>
  text && new Date(text.includes("T") ? text : `${text.replace(" ", "T")}Z`).toISOString();

/** A refusal may count people or quote what stands in a file: neither leaves the monitor. */
function withoutValues(reason: string, state: NoticeState): string {
  if (state !== "refused") return reason;
  return reason.replace(/"[^"]*"/g, "…").replace(/\d+(?:[.,]\d+)*%?/g, "…");
}

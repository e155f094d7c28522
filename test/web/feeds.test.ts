import { describe, expect, it } from "vitest";
import type { Feed } from "../../web/api.ts";
import {
  apartOf,
  byAttention,
  countStates,
  faultsBehind,
  lastMoment,
  reasonsOf,
  reasonsOfAll,
  stateOf,
} from "../../web/state/feeds.ts";

const feed = (name: string, fields: Partial<Feed> = {}): Feed => ({
  feed: name,
  title_nl: name,
  title_en: name,
  owner: "VIK",
  cadence: "month",
  covered_to: "2017-01-31",
  last_load_at: "2017-02-03T06:00:00Z",
  freshness: "fresh",
  due_on: "2017-03-20",
  overdue_on: "2017-04-04",
  ...fields,
});
const never = { last_load_at: null, covered_to: null, due_on: null, overdue_on: null };

describe("stateOf(feed)", () => {
  it("names trouble before lateness, and lateness before the first load", () => {
    expect(stateOf(feed("a", { trouble: "refused", freshness: "overdue" }))).toBe("refused");
    expect(stateOf(feed("a", { trouble: "failed" }))).toBe("failed");
    expect(stateOf(feed("a", { freshness: "due" }))).toBe("due");
    expect(stateOf(feed("a", never))).toBe("never");
    expect(stateOf(feed("a", { ...never, freshness: "overdue" }))).toBe("overdue");
    expect(stateOf(feed("a", { ...never, trouble: "refused" }))).toBe("refused");
  });
});

describe("countStates(feeds)", () => {
  it("counts each feed once, trouble of both kinds together, and leaves out what there is none of", () => {
    const feeds = [
      feed("a", { trouble: "refused", freshness: "overdue" }),
      feed("b", { trouble: "failed" }),
      feed("c", { freshness: "overdue" }),
      feed("d"),
      feed("e", never),
    ];
    expect(countStates(feeds)).toEqual([
      { state: "trouble", count: 2 },
      { state: "overdue", count: 1 },
      { state: "fresh", count: 1 },
      { state: "never", count: 1 },
    ]);
  });
});

describe("byAttention(feeds, nameOf)", () => {
  it("puts what can be mended first, and the same state by name", () => {
    const feeds = [feed("z"), feed("a"), feed("late", { freshness: "overdue" }), feed("bad", { trouble: "refused" })];
    expect(byAttention(feeds, (each) => each.feed).map((each) => each.feed)).toEqual(["bad", "late", "a", "z"]);
  });
});

describe("faultsBehind(feeds, definitions)", () => {
  it("names only feeds that the figures use, and only those late or in trouble", () => {
    const feeds = [
      feed("complaints", { freshness: "overdue" }),
      feed("movements", { trouble: "failed" }),
      feed("staffing", { freshness: "due" }),
      feed("survey", { trouble: "refused" }),
    ];
    const faults = faultsBehind(feeds, [{ feeds: ["complaints", "staffing"] }, { feeds: ["movements"] }, {}]);
    expect(faults.map((each) => each.feed)).toEqual(["movements", "complaints"]);
  });
});

describe("reasonsOf(load), reasonsOfAll(loads), apartOf(loads)", () => {
  it("add up by reason, most first, from JSON as text or as an object", () => {
    expect(reasonsOf({ reasons: '{"negative": 1, "not_allowed": 4}' })).toEqual([
      ["not_allowed", 4],
      ["negative", 1],
    ]);
    expect(
      reasonsOfAll([{ reasons: { negative: 1, not_allowed: 2 } }, { reasons: { negative: 3 } }, { reasons: null }]),
    ).toEqual([
      ["negative", 4],
      ["not_allowed", 2],
    ]);
    expect([
      ...apartOf([
        { feed: "a", quarantined: 2 },
        { feed: "a", quarantined: 1 },
      ]),
    ]).toEqual([["a", 3]]);
  });
});

describe("lastMoment(moments)", () => {
  it("is the latest of those there are", () => {
    expect(lastMoment(["2017-02-03T06:00:00Z", null, undefined, "2017-02-04T01:00:00Z"])).toBe("2017-02-04T01:00:00Z");
    expect(lastMoment([])).toBe("");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Feed, Load } from "../../web/api.ts";
import { runsOf, stripOf } from "../../web/state/strip.ts";

type Cover = Pick<Load, "from_month" | "to_month" | "unit_id" | "finished_at">;

const load = (
  from: string,
  to: string,
  unit_id: string | null = "politie",
  finished_at = "2017-02-03T06:00:00Z",
): Cover => ({
  from_month: `${from}-01`,
  to_month: `${to}-01`,
  unit_id,
  finished_at,
});
const monthly = (fields: Partial<Feed> = {}) => ({
  cadence: "month",
  covered_to: "2017-01-31",
  due_on: "2017-03-20",
  overdue_on: "2017-04-04",
  freshness: "fresh" as const,
  ...fields,
});
const setting = { today: "2017-06-15", count: 8, parts: ["noord", "zuid"], force: "politie" };
const states = (feed: ReturnType<typeof monthly>, loads: Cover[], more = {}) =>
  stripOf(feed, loads, { ...setting, ...more }).months.map(({ state }) => state);

describe("stripOf(feed, loads, setting)", () => {
  it("ends with the month of today", () => {
    const { months } = stripOf(monthly(), [], setting);
    expect(months.map(({ month }) => month).at(0)).toBe("2016-11-01");
    expect(months.at(-1)?.month).toBe("2017-06-01");
  });

  it("tells months that lack between others from those before the first", () => {
    expect(
      states(monthly(), [load("2016-12", "2016-12"), load("2017-01", "2017-01")], { today: "2017-01-20", count: 4 }),
    ).toEqual(["none", "none", "covered", "covered"]);
    expect(
      states(monthly(), [load("2016-10", "2016-10"), load("2017-01", "2017-01")], { today: "2017-01-20", count: 4 }),
    ).toEqual(["covered", "missing", "missing", "covered"]);
  });

  it("knows a month of some units from one of all, also where all parts came apart", () => {
    const parts = [load("2017-01", "2017-01", "noord"), load("2016-12", "2017-01", "zuid")];
    expect(states(monthly(), parts, { today: "2017-01-20", count: 2 })).toEqual(["partial", "covered"]);
    expect(states(monthly(), [load("2017-01", "2017-01", null)], { today: "2017-01-20", count: 1 })).toEqual([
      "covered",
    ]);
  });

  it("judges the next period as the pipelines did, and those after it by the same days", () => {
    const loads = [load("2016-11", "2017-01")];
    expect(states(monthly({ freshness: "overdue" }), loads)).toEqual([
      "covered",
      "covered",
      "covered",
      "late",
      "late",
      "late",
      "ahead",
      "ahead",
    ]);
    expect(states(monthly({ freshness: "due" }), loads, { today: "2017-03-25" }).slice(-2)).toEqual(["due", "ahead"]);
  });

  it("takes a year's months together where the feed comes once a year", () => {
    const feed = monthly({
      cadence: "year",
      covered_to: "2015-12-31",
      due_on: "2017-04-30",
      overdue_on: "2017-08-28",
      freshness: "due",
    });
    const found = states(feed, [load("2015-01", "2015-12")], { today: "2017-06-15", count: 24 });
    expect(found.slice(0, 6)).toEqual(Array(6).fill("covered"));
    expect(found.slice(6, 18)).toEqual(Array(12).fill("due"));
    expect(found.slice(18)).toEqual(Array(6).fill("ahead"));
  });

  it("misses no month of a year of which one month is in", () => {
    const feed = monthly({ cadence: "year", covered_to: "2017-03-31", due_on: "2018-04-30", overdue_on: "2018-08-28" });
    const loads = [load("2014-10", "2014-10"), load("2017-03", "2017-03")];
    const found = states(feed, loads, { today: "2017-03-20", count: 36 });
    expect(found.slice(6, 9)).toEqual(["covered", "none", "none"]);
    expect(found.slice(9, 33)).toEqual(Array(24).fill("missing"));
    expect(found.slice(33)).toEqual(["none", "none", "covered"]);
  });

  it("expects nothing of a feed that comes when something changes", () => {
    const feed = monthly({ cadence: "none", due_on: null, overdue_on: null });
    expect(new Set(states(feed, [load("2016-11", "2016-11"), load("2017-01", "2017-01")]))).toEqual(
      new Set(["covered", "none"]),
    );
  });

  it("marks when something was loaded, once for loads at the same time", () => {
    const loads = [
      load("2017-01", "2017-01"),
      load("2016-12", "2016-12"),
      load("2016-12", "2016-12", null, "2015-01-01T00:00:00Z"),
    ];
    const { loaded } = stripOf(monthly(), loads, { ...setting, today: "2017-02-10", count: 2 });
    expect(loaded).toHaveLength(1);
    expect(loaded[0]).toBeGreaterThan(1);
    expect(loaded[0]).toBeLessThan(1.1);
  });

  it("says covered or partial of exactly the months that a load has", () => {
    const month = fc.integer({ min: 2014 * 12, max: 2017 * 12 + 5 });
    const text = (each: number) => `${Math.floor(each / 12)}-${String((each % 12) + 1).padStart(2, "0")}`;
    fc.assert(
      fc.property(fc.array(fc.tuple(month, fc.integer({ min: 0, max: 8 })), { maxLength: 6 }), (spans) => {
        const loads = spans.map(([from, size]) => load(text(from), text(from + size)));
        for (const { month, state } of stripOf(monthly(), loads, { ...setting, count: 30 }).months) {
          const there = loads.some((each) => each.from_month! <= month && month <= each.to_month!);
          expect(state === "covered").toBe(there);
        }
      }),
    );
  });
});

describe("runsOf(strip)", () => {
  it("takes months of one state together", () => {
    const strip = stripOf(monthly(), [load("2016-11", "2017-01")], { ...setting, today: "2017-02-10", count: 4 });
    expect(runsOf(strip)).toEqual([
      { state: "covered", from: "2016-11-01", to: "2017-01-01" },
      { state: "ahead", from: "2017-02-01", to: "2017-02-01" },
    ]);
  });
});

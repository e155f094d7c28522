import { describe, expect, it } from "vitest";
import { lastPeriod, parsePeriod } from "../../server/period.ts";

describe("parsePeriod(grain, text)", () => {
  it.each([
    ["half", "2016-H2", "2016-07-01", "2016-12-31"],
    ["half", "2016-H1", "2016-01-01", "2016-06-30"],
    ["quarter", "2016-Q1", "2016-01-01", "2016-03-31"],
    ["month", "2016-02", "2016-02-01", "2016-02-29"],
    ["month", "2016-12", "2016-12-01", "2016-12-31"],
    ["year", "2015", "2015-01-01", "2015-12-31"],
  ] as const)("%s %s is %s to %s", (grain, text, start, end) => {
    expect(parsePeriod(grain, text)).toEqual({ start, end });
  });

  it.each([
    ["half", "2016-H3"],
    ["quarter", "2016-Q0"],
    ["month", "2016-13"],
    ["year", "16"],
    ["year", "0000"],
    ["half", "2016-H1 or 1"],
  ] as const)("%s %s is none", (grain, text) => {
    expect(parsePeriod(grain, text)).toBeNull();
  });
});

describe("lastPeriod(grain, day)", () => {
  it.each([
    ["half", "2016-12-31", "2016-07-01"],
    ["half", "2016-12-30", "2016-01-01"],
    ["half", "2017-01-31", "2016-07-01"],
    ["quarter", "2017-01-31", "2016-10-01"],
    ["month", "2016-02-29", "2016-02-01"],
    ["month", "2016-02-28", "2016-01-01"],
    ["year", "2016-12-31", "2016-01-01"],
    ["year", "2016-12-30", "2015-01-01"],
  ] as const)("of %s on %s begins on %s", (grain, day, start) => {
    expect(lastPeriod(grain, day).start).toBe(start);
  });
});

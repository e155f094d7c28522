import { describe, expect, it } from "vitest";
import {
  chosenPeriod,
  lastComplete,
  periodAt,
  periodCode,
  periodsBetween,
  readPeriod,
  stepPeriod,
} from "../../web/charts/period.ts";

describe("readPeriod(code)", () => {
  it.each(["2016-H2", "2016-Q4", "2016-02", "2016"])("reads %s and writes it back", (code) => {
    expect(periodCode(readPeriod(code)!)).toBe(code);
  });

  it.each(["", "2016-H3", "2016-13", "16-H1", "2016-Q0", "../2016"])("refuses %j", (code) => {
    expect(readPeriod(code)).toBeNull();
  });

  it("knows the last day of February", () => {
    expect(readPeriod("2016-02")).toEqual({ grain: "month", period_start: "2016-02-01", period_end: "2016-02-29" });
  });
});

describe("periodAt(grain, day)", () => {
  it("is one and the same for all days of a period, so that nothing is made anew for it", () => {
    expect(periodAt("half", "2016-03-01")).toEqual(readPeriod("2016-H1"));
    expect(periodAt("half", "2016-03-01")).toBe(periodAt("half", "2016-06-30"));
    expect(periodAt("half", "2016-07-01")).not.toBe(periodAt("half", "2016-06-30"));
    expect(periodAt("year", "2016-03-01")).not.toEqual(periodAt("month", "2016-03-01"));
  });
});

describe("lastComplete(grain, through)", () => {
  it("is the period that ends on the day, else the one before", () => {
    expect(periodCode(lastComplete("half", "2016-06-30"))).toBe("2016-H1");
    expect(periodCode(lastComplete("half", "2016-06-29"))).toBe("2015-H2");
    expect(periodCode(lastComplete("year", "2026-10-31"))).toBe("2025");
  });
});

describe("chosenPeriod(code, grain, first, through)", () => {
  const chosen = (code: string | null) => periodCode(chosenPeriod(code, "half", "2013-01-01", "2016-08-31"));

  it("is the period named, at the grain asked for", () => {
    expect(chosen("2014-H2")).toBe("2014-H2");
    expect(chosen("2015")).toBe("2015-H2");
    expect(chosen("2016-H2")).toBe("2016-H2");
  });

  it.each([null, "nonsense", "1999-H1", "2031-H2"])("is the last complete one for %s", (code) => {
    expect(chosen(code)).toBe("2016-H1");
  });
});

describe("periodsBetween(grain, from, to)", () => {
  it("has every period from first to last day", () => {
    expect(periodsBetween("half", "2015-03-01", "2016-07-01").map(periodCode)).toEqual([
      "2015-H1",
      "2015-H2",
      "2016-H1",
      "2016-H2",
    ]);
  });
});

describe("stepPeriod(period, steps)", () => {
  it("passes the turn of the year in both directions", () => {
    const first = { ...periodAt("quarter", "2016-01-15"), grain: "quarter" as const };
    expect(periodCode(stepPeriod(first, -1))).toBe("2015-Q4");
    expect(periodCode(stepPeriod(first, 5))).toBe("2017-Q2");
  });
});

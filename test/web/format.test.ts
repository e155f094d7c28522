import { describe, expect, it } from "vitest";
import {
  formatDate,
  formatInterval,
  formatOf,
  formatPartialDate,
  formatPeriod,
  formatPeriodChoice,
  formatShare,
  formatTarget,
  formatValue,
} from "../../web/format.ts";
import { readPeriod } from "../../web/charts/period.ts";

const share = { kind: "share", decimals: 1 };

describe("formatValue(value, measure, language)", () => {
  it("writes shares as percentages with the language's decimal sign", () => {
    expect(formatValue(0.224, share, "nl")).toBe("22,4%");
    expect(formatValue(0.224, share, "en")).toBe("22.4%");
    expect(formatValue(-0, share, "nl")).toBe("0,0%");
  });

  it("writes counts with thousands, durations in days, changes with their sign", () => {
    expect(formatValue(1406, { kind: "count", decimals: 0 }, "nl")).toBe("1.406");
    expect(formatValue(66, { kind: "duration", decimals: 0 }, "nl")).toBe("66 dagen");
    expect(formatValue(0.25, { kind: "change", decimals: 0 }, "nl")).toBe("+25%");
    expect(formatValue(-0.08, { kind: "change", decimals: 0 }, "nl")).toBe("-8%");
  });
});

describe("formatTarget(value, measure, language)", () => {
  it("leaves out decimals that say nothing and keeps those that do", () => {
    expect(formatTarget(0.25, share, "nl")).toBe("25%");
    expect(formatTarget(0.125, share, "nl")).toBe("12,5%");
    expect(formatTarget(6, { kind: "count", decimals: 0 }, "nl")).toBe("6");
    expect(formatTarget(12, { kind: "coverage", decimals: 0 }, "nl")).toBe("12");
    expect(formatTarget(1, { kind: "coverage", decimals: 0 }, "nl")).toBe("100%");
  });
});

describe("formatOf(numerator, denominator, language)", () => {
  it("gives a number with its base", () => {
    expect(formatOf(315, 1406, "nl")).toBe("315 van 1.406");
    expect(formatOf(315, 1406, "en")).toBe("315 of 1,406");
  });
});

describe("formatInterval(lower, upper, measure, language)", () => {
  it("says from and to, and nothing where an end is missing", () => {
    expect(formatInterval(0.139, 0.174, share, "nl")).toBe("13,9% tot 17,4%");
    expect(formatInterval(null, 0.174, share, "nl")).toBeNull();
  });
});

describe("formatShare(value, language, decimals)", () => {
  it("rounds to whole percents by default", () => expect(formatShare(0.5049, "nl")).toBe("50%"));
});

describe("formatDate(date, language, style)", () => {
  it("has no points after short months", () => {
    expect(formatDate("2016-12-31", "nl")).toBe("31 december 2016");
    expect(formatDate("2016-12-31", "nl", "short")).toBe("31 dec 2016");
    expect(formatDate("2016-03-01T10:00:00Z", "en")).toBe("1 March 2016");
  });
});

describe("formatPartialDate(date, language)", () => {
  it("says no more than is known", () => {
    expect(["2017", "2017-05", "2017-05-03"].map((date) => formatPartialDate(date, "nl"))).toEqual([
      "2017",
      "mei 2017",
      "3 mei 2017",
    ]);
  });
});

describe("formatPeriod(period, language, style)", () => {
  it.each([
    ["2016-H1", "eerste helft van 2016", "2016-I"],
    ["2016-H2", "tweede helft van 2016", "2016-II"],
    ["2016-Q3", "derde kwartaal van 2016", "2016-K3"],
    ["2016-01", "januari 2016", "jan ’16"],
    ["2016", "2016", "2016"],
  ])("%s is %s, in short %s", (code, long, short) => {
    expect(formatPeriod(readPeriod(code)!, "nl")).toBe(long);
    expect(formatPeriod(readPeriod(code)!, "nl", "short")).toBe(short);
  });

  it("says of running periods when they end", () => {
    const period = { grain: "r12", period_start: "2016-01-01", period_end: "2016-12-31" } as const;
    expect(formatPeriod(period, "nl")).toBe("12 maanden tot en met 31 dec 2016");
    expect(formatPeriod({ ...period, grain: "target" }, "nl")).toBe("1 jan 2016 – 31 dec 2016");
  });
});

describe("formatPeriodChoice(period, language)", () => {
  it("puts the year first", () => {
    expect(formatPeriodChoice(readPeriod("2016-H2")!, "nl")).toBe("2016, tweede helft");
    expect(formatPeriodChoice(readPeriod("2016-Q1")!, "en")).toBe("2016, first quarter");
    expect(formatPeriodChoice(readPeriod("2016-01")!, "nl")).toBe("Januari 2016");
  });
});

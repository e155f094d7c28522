import { describe, expect, it } from "vitest";
import type { SeriesRow, Target } from "../../web/api.ts";
import type { TargetLine } from "../../web/state/hrm.ts";
import { halvesBetween, needOf, readComing, writeComing } from "../../web/state/need.ts";
import { definition, seriesRow, target, withheld } from "../support/rows.ts";

const line = (fields: Partial<Target> = {}, more: Partial<TargetLine> = {}): TargetLine => ({
  definition: definition(),
  unitId: "den-haag",
  target: target(fields),
  row: null,
  newer: null,
  ended: false,
  inherited: true,
  ...more,
});
const toDate = (end: string, fields: Partial<SeriesRow> = {}) =>
  seriesRow({
    grain: "target",
    period_start: "2015-01-01",
    period_end: end,
    numerator: 40,
    denominator: 200,
    ...fields,
  });
const need = (rows: SeriesRow[], one = line(), coming: number | null = null, day = "2016-12-31") =>
  needOf(one, () => rows, day, coming);

describe("needOf(line, rowsOf, day, coming)", () => {
  it("expects as many appointments as usual until the target's end: (t(n + N) - x) / N", () => {
    // 200 in four half-years: 50 each, two to go. (0.25 x 300 - 40) / 100
    const found = need([toDate("2016-12-31")]);
    expect(found).toMatchObject({ state: "answer", coming: 100, outlook: { halves: 2, usual: 50 } });
    expect(found.state === "answer" && found.answer.needed).toBeCloseTo(0.35, 12);
  });

  it("takes the reader's number, and gives no proportion under 25", () => {
    expect(need([toDate("2016-12-31")], line(), 50)).toMatchObject({ state: "answer", coming: 50 });
    expect(need([toDate("2016-12-31")], line(), 24)).toMatchObject({ state: "few", coming: 24 });
    expect(need([toDate("2016-12-31", { numerator: 5, denominator: 20 })])).toMatchObject({ state: "few" });
  });

  it("starts from the last figure that is shown, also where a later one is withheld", () => {
    expect(need([toDate("2016-06-30"), toDate("2016-12-31", withheld())])).toMatchObject({
      state: "answer",
      outlook: { row: { period_end: "2016-06-30" }, halves: 3 },
    });
  });

  it("says why where it can say nothing", () => {
    expect(need([toDate("2016-12-31", withheld("complement"))])).toEqual({ state: "withheld", reason: "complement" });
    expect(need([])).toEqual({ state: "none" });
    expect(need([toDate("2016-12-31")], line({}, { ended: true }))).toEqual({ state: "over" });
    expect(need([], line({}, { definition: definition({ stock: true }) }))).toEqual({ state: "stock" });
    expect(need([], line({ kind: "number" }, { definition: definition({ kind: "count" }) }))).toEqual({
      state: "other",
    });
  });

  it("reckons a balance to the edge of its tolerance, and nothing above it", () => {
    const balance = line({ kind: "within", value: 0.5, tolerance: 0.05 });
    expect(need([toDate("2016-12-31")], balance)).toMatchObject({ state: "answer", bound: 0.45 });
    expect(need([toDate("2016-12-31", { numerator: 120 })], balance)).toEqual({ state: "above" });
  });
});

describe("halvesBetween(from, to)", () => {
  it("counts half-years", () => {
    expect(halvesBetween("2016-12-31", "2017-12-31")).toBe(2);
    expect(halvesBetween("2016-06-30", "2017-12-31")).toBe(3);
  });
});

describe("readComing(text), writeComing(coming)", () => {
  it("comes back as it was, without what is none", () => {
    expect(readComing("intake-dual:300,leaders-dual:40")).toEqual({ "intake-dual": 300, "leaders-dual": 40 });
    expect(writeComing({ "intake-dual": 300, "leaders-dual": 40 })).toBe("intake-dual:300,leaders-dual:40");
    expect(readComing("intake-dual:-3,x:1.5,<b>:4,")).toEqual({});
    expect(writeComing(readComing(null))).toBeNull();
  });
});

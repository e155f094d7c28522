import { describe, expect, it } from "vitest";
import { areTopLevels, areTops, askedOf, figuresOf, orderIn } from "../../server/totals.ts";

describe("figuresOf({asked, tops, totals})", () => {
  it("are the totals where they have all grains that are asked for", () => {
    expect(figuresOf({ asked: ["half", "year", "target"], tops: false, totals: true })).toBe("totals");
  });

  it("are those of the top levels where it is about no other units, whether it is of all indicators or one", () => {
    for (const totals of [true, false]) expect(figuresOf({ asked: ["half"], tops: true, totals })).toBe("tops");
  });

  it("are the series where neither is of use", () => {
    expect(figuresOf({ asked: ["half"], tops: false, totals: false })).toBe("series");
  });

  it.each(["month", "quarter", "r12"])("are the series where a %s is among the grains", (grain) => {
    expect(figuresOf({ asked: ["half", grain], tops: true, totals: true })).toBe("series");
  });
});

describe("askedOf(figures, sql)", () => {
  const sql = "select value from series where grain = 'half' and unit_id in (select unit_id from series)";

  it("asks another table wherever the statement asks the series", () => {
    expect(askedOf("tops", sql)).toBe(
      "select value from tops as series where grain = 'half' and unit_id in (select unit_id from tops as series)",
    );
    expect(askedOf("series", sql)).toBe(sql);
  });
});

describe("orderIn(figures, units, {placed})", () => {
  const whole = "indicator_id, unit_id, period_start, period_end, grain, breakdown_value";

  it("is the place where the figures lie in that order", () => {
    expect(orderIn("tops", ["den-haag", "limburg"], { placed: true })).toBe("place");
    expect(orderIn("totals", ["den-haag"], { placed: true })).toBe("place");
  });

  it("is worked out where they lie in another, or nowhere", () => {
    expect(orderIn("totals", ["den-haag", "limburg"], { placed: true })).toBe(whole);
    expect(orderIn("totals", null, { placed: true })).toBe(whole);
    expect(orderIn("series", ["den-haag"], { placed: true })).toBe(whole);
    expect(orderIn("tops", ["den-haag"], { placed: false })).toBe(whole);
  });
});

describe("areTops(units, catalogue)", () => {
  const unit = (unit_id: string, ...levels: string[]) =>
    [
      unit_id,
      levels.map((level) => ({ ...{ unit_id, level }, name: "", parent_id: null, valid_from: null, valid_to: null })),
    ] as const;
  const units = new Map([
    ...[unit("politie", "force"), unit("den-haag", "unit"), unit("south", "district")],
    unit("grown", "district", "unit"),
  ]);

  it.each([
    [["politie", "den-haag"], true],
    // What was a district before has all its figures among them.
    [["grown"], true],
    [["den-haag", "south"], false],
    [["nowhere"], false],
    [null, false],
  ])("says of %j %s", (ids, are) => expect(areTops(ids, { units })).toBe(are));
});

describe("areTopLevels(levels)", () => {
  it("is so of units and the force only", () => {
    expect([["unit"], ["unit", "force"], []].map(areTopLevels)).toEqual([true, true, true]);
    expect([["district"], ["unit", "team"]].some(areTopLevels)).toBe(false);
  });
});

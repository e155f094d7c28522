import { describe, expect, it } from "vitest";
import { areTopLevels, areTops, onTotals } from "../../server/totals.ts";

describe("onTotals(sql, {asked, tops, totals})", () => {
  const sql = "select value from series where grain = 'half' and unit_id in (select unit_id from series)";
  const on = (table: string) =>
    `select value from ${table} as series where grain = 'half' and unit_id in (select unit_id from ${table} as series)`;

  it("asks the totals where they have all grains that are asked for", () => {
    expect(onTotals(sql, { asked: ["half", "year", "target"], tops: false, totals: true })).toBe(on("totals"));
  });

  it("asks those of the top levels where it is about no other units, whether it is of all indicators or one", () => {
    for (const totals of [true, false]) expect(onTotals(sql, { asked: ["half"], tops: true, totals })).toBe(on("tops"));
  });

  it("asks the series where neither is of use", () => {
    expect(onTotals(sql, { asked: ["half"], tops: false, totals: false })).toBe(sql);
  });

  it.each(["month", "quarter", "r12"])("asks the series where a %s is among the grains", (grain) => {
    expect(onTotals(sql, { asked: ["half", grain], tops: true, totals: true })).toBe(sql);
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

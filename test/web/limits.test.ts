import { describe, expect, it } from "vitest";
import type { ControlLimit } from "../../web/api.ts";
import { sideOf } from "../../web/charts/limits.ts";
import { paperPalette } from "../../web/charts/palette.ts";
import { trendPoints } from "../../web/charts/points.ts";
import { trend, trendScale, type TrendData } from "../../web/charts/trend.ts";
import { text } from "../../web/locales/text.ts";
import { noControlLimits } from "../../web/state/limits.ts";
import { definition, seriesFrom, withheld } from "../support/rows.ts";
import { expectGolden, warningsOf } from "../support/specs.ts";

const t = (key: string, values?: Record<string, string | number>) => text("nl", key, values);
const options = { language: "nl", t, palette: paperPalette, width: 360, height: 220 } as const;
const rows = seriesFrom("quarter", "2015-01-01", [
  { value: 20, lower: 12, upper: 31, variation: "common" },
  { value: 24, lower: 15, upper: 36, variation: "neutral_high" },
  { ...withheld(), variation: null },
  { value: 9, lower: 4, upper: 17, variation: "neutral_low" },
  { value: 40, lower: 29, upper: 54, variation: "concern" },
]);
const limit = (index: number, lower: number, centre: number, upper: number): ControlLimit => ({
  ...{ indicator_id: "complaints", unit_id: "den-haag", grain: "quarter", chart: "xmr", trial: true },
  ...{ period_start: rows[index]!.period_start, period_end: rows[index]!.period_end, lower, centre, upper },
});
/** The first two and the fourth vary alike, and under 0 only by the formula; from the fifth on counting is another. */
const limits = [limit(0, -3, 18, 39), limit(1, -3, 18, 39), limit(3, -3, 18, 39), limit(4, 20, 36, 52)];
const data: TrendData = { definition: definition({ kind: "count", polarity: "neutral", decimals: 0 }), rows, limits };

interface Part {
  name?: string;
  data?: { values: Record<string, number>[] };
  layer?: Part[];
  mark?: { shape?: string; color?: string };
}
const parts = (all: TrendData): Part[] => (trend(all, options) as unknown as { layer: Part[] }).layer;
const part = (name: string) => parts(data).find((each) => each.name === name);

describe("trend(data with limits, options)", () => {
  it("draws the golden chart, of which Vega-Lite has nothing to complain", () => {
    expect(warningsOf(trend(data, options))).toEqual([]);
    expectGolden("control-limits", trend(data, options));
  });

  it("joins what stays the same over a gap, begins anew where the centre changes, and stays on the axis", () => {
    const values = part("usual")!.data!.values;
    expect(values.map(({ run }) => run)).toEqual([0, 0, 0, 0, 0, 0, 1, 1]);
    expect(values.map(({ y }) => y)).toEqual([0, 0, 0, 0, 0, 0, 20, 20]);
    expect(new Set(values.map(({ y2 }) => y2))).toEqual(new Set([39, 52]));
  });

  it("shows what stands out by its side and meaning, and no margins by chance beside the band", () => {
    expect(part("neutral-high")).toMatchObject({ mark: { shape: "triangle-up", color: paperPalette.blue } });
    expect(part("neutral-low")).toMatchObject({ mark: { shape: "triangle-down" }, data: { values: [{ y: 9 }] } });
    expect(parts(data).flatMap((each) => each.layer ?? [each]).some(({ name }) => name === "interval")).toBe(false); // prettier-ignore
    const without = parts({ ...data, limits: [] });
    expect(without.flatMap((each) => each.layer ?? [each]).some(({ name }) => name === "interval")).toBe(true);
    expect(without.some(({ name }) => name === "usual" || name === "neutral-high")).toBe(false);
  });

  it("has room for the limits on its axis, but none below 0 for what cannot be", () => {
    expect(trendScale(data)).toMatchObject({ min: 0, max: 60 });
    const change = { ...data, definition: definition({ kind: "change" }) };
    expect(trendScale(change).min).toBeLessThan(-2);
  });

  it("tells by keyboard what is usual and that a point stands out", () => {
    const told = trendPoints(data, options).map(({ lines }) => lines.join(". "));
    expect(told[0]).toContain("Gewoonlijk: 0 tot 39");
    expect(told[0]).not.toContain("Valt op");
    expect(told[1]).toContain("Valt op: hoger, zonder oordeel");
    expect(told[2]).not.toContain("Gewoonlijk");
  });
});

describe("sideOf(row, definition)", () => {
  it.each([
    ["improvement", "up", ["improvement", "high"]],
    ["improvement", "down", ["improvement", "low"]],
    ["concern", "up", ["concern", "low"]],
    ["concern", "down", ["concern", "high"]],
    ["neutral_low", "balance", ["neutral", "low"]],
    ["common", "up", null],
    [null, "up", null],
  ] as const)("of %s where %s is better is %s", (variation, polarity, side) => {
    expect(sideOf({ variation }, { polarity })).toEqual(side);
  });
});

describe("noControlLimits(grain, grains, definition)", () => {
  it("says whether another grain would have them, none has, or points are too few", () => {
    expect(noControlLimits("half", ["quarter", "half"], { kind: "share" })).toBe("grain");
    expect(noControlLimits("half", ["half", "year"], { kind: "share" })).toBe("never");
    expect(noControlLimits("quarter", ["quarter", "half"], { kind: "share" })).toBe("few");
    expect(noControlLimits("month", ["month"], { kind: "cumulative" })).toBe("cumulative");
  });
});

import { describe, expect, it } from "vitest";
import { paperPalette } from "../../web/charts/palette.ts";
import { trendPoints } from "../../web/charts/points.ts";
import { trend, type TrendData } from "../../web/charts/trend.ts";
import { text } from "../../web/locales/text.ts";
import { definition, seriesFrom, withheld } from "../support/rows.ts";
import { svgOf } from "../support/specs.ts";

const t = (key: string, values?: Record<string, string | number>) => text("nl", key, values);
const options = { language: "nl", t, width: 300, height: 220 } as const;
const data: TrendData = {
  definition: definition(),
  rows: seriesFrom("half", "2014-01-01", [{ value: 0.2 }, withheld(), { value: 0.1 }, { value: 0.3 }]),
};

describe("trendPoints(data, options)", () => {
  it("has each figure where the chart draws it", async () => {
    const svg = await svgOf(trend(data, { ...options, palette: paperPalette }));
    const drawn = [...svg.matchAll(/translate\((-?[\d.]+),(-?[\d.]+)\)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    const points = trendPoints(data, options).filter(({ y }) => y !== null);
    expect(points).toHaveLength(3);
    for (const { x, y } of points)
      expect(
        drawn.some((at) => Math.abs(at[0]! - x) < 0.6 && Math.abs(at[1]! - y!) < 0.6),
        `${x},${y}`,
      ).toBe(true);
  });

  it("tells of each period in order what stands there, and why nothing does", () => {
    const points = trendPoints({ ...data, rows: data.rows.toReversed() }, options);
    expect(points.map(({ lines }) => lines[0])).toEqual([
      "Eerste helft van 2014",
      "Tweede helft van 2014",
      "Eerste helft van 2015",
      "Tweede helft van 2015",
    ]);
    expect(points[0]!.lines[1]).toMatch(/^20,0%/);
    expect([points[1]!.y, points[1]!.lines.length > 1]).toEqual([null, true]);
  });
});

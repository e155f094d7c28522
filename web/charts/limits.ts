import { readableEdge } from "../../pipelines/statistics/control-chart.ts";
import type { ControlLimit, Definition, SeriesRow } from "../api.ts";
import type { palettePaint } from "./marks.ts";
import type { Palette } from "./palette.ts";
import { addDays, endOf, instant, position } from "./period.ts";

type Layer = Record<string, unknown>;
type Frame = { x: Layer; y: Layer };
type Paint = ReturnType<typeof palettePaint>;

/** Limits by the first day of their period. */
export const limitsByPeriod = (limits: readonly ControlLimit[] = []): Map<string, ControlLimit> =>
  new Map(limits.map((limit) => [limit.period_start, limit]));

/** Limits that one band may join: of periods that follow each other; also over periods without a figure where they stay the same. */
function stretches(limits: readonly ControlLimit[]): ControlLimit[][] {
  const found: ControlLimit[][] = [];
  for (const limit of limits) {
    const last = found.at(-1)?.at(-1);
    const isSame = last?.lower === limit.lower && last.upper === limit.upper;
    const follows = last && (isSame || addDays(last.period_end, 1) === limit.period_start);
    if (follows && last.centre === limit.centre) found.at(-1)!.push(limit);
    else found.push([limit]);
  }
  return found;
}

/** What is usual of an indicator's kind: a band between the limits, in steps where they differ from period to period, and a line at its centre. */
export function limitLayers(limits: readonly ControlLimit[], kind: string, frame: Frame, paint: Paint): Layer[] {
  const values = stretches(limits).flatMap((stretch, run) =>
    stretch.flatMap(({ period_start, period_end, lower, upper, centre }) =>
      [instant(period_start), endOf(period_end)].map((x) => ({
        ...{ x, y: readableEdge(lower, kind), y2: readableEdge(upper, kind) },
        ...{ centre, run },
      })),
    ),
  );
  const detail = { field: "run", type: "nominal" };
  return [
    { name: "usual", data: { values }, mark: paint.usual, encoding: { ...frame, y2: { field: "y2" }, detail } },
    {
      name: "usual-centre",
      data: { values: values.map(({ x, centre, run }) => ({ x, y: centre, run })) },
      mark: paint.usualCentre,
      encoding: { ...frame, detail },
    },
  ];
}

/** Points that stand out, by side and meaning: triangles that point to the side. */
export function unusualLayers(
  { rows, definition }: { rows: readonly SeriesRow[]; definition: Pick<Definition, "polarity"> },
  frame: Frame,
  paint: Paint,
  palette: Palette,
): Layer[] {
  const colours = { improvement: palette.good, concern: palette.warn, neutral: palette.blue };
  return (["improvement", "concern", "neutral"] as const).flatMap((meaning) =>
    (["high", "low"] as const).flatMap((side) => {
      const values = rows
        .filter((row) => row.value !== null && sideOf(row, definition)?.join(" ") === `${meaning} ${side}`)
        .map((row) => ({ x: position(row), y: row.value }));
      if (!values.length) return [];
      const shape = side === "high" ? "triangle-up" : "triangle-down";
      return [
        {
          name: `${meaning}-${side}`,
          data: { values },
          mark: { ...paint.unusual, shape, color: colours[meaning] },
          encoding: frame,
        },
      ];
    }),
  );
}

/** What a point that stands out means and on which side it does; null for one that does not. */
export function sideOf(
  { variation }: Pick<SeriesRow, "variation">,
  { polarity }: Pick<Definition, "polarity">,
): [meaning: "improvement" | "concern" | "neutral", side: "high" | "low"] | null {
  if (variation === "neutral_high") return ["neutral", "high"];
  if (variation === "neutral_low") return ["neutral", "low"];
  if (variation !== "improvement" && variation !== "concern") return null;
  return [variation, (variation === "improvement") === (polarity === "up") ? "high" : "low"];
}

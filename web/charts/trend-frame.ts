import { readableEdge } from "../../pipelines/statistics/control-chart.ts";
import type { Break, ControlLimit, Definition, ReferencePoint, SeriesRow } from "../api.ts";
import { isShare, type Language } from "../format.ts";
import { besideWords } from "./beside.ts";
import type { LetteredEvent } from "./events.ts";
import type { Palette } from "./palette.ts";
import { valueScale, type ValueScale } from "./scale.ts";
import { targetValue } from "./target.ts";
import { figureTip } from "./tip.ts";
import type { Translate } from "./words.ts";

/** What a trend chart shows. All rows are of one grain, in order of time. */
export interface TrendData {
  definition: Definition;
  /** The figures of the one unit that the chart is about. */
  rows: SeriesRow[];
  /** Another unit behind it in grey, with the name at its line's end. */
  behind?: { name: string; rows: SeriesRow[] } | null;
  breaks?: Break[];
  references?: ReferencePoint[];
  events?: readonly LetteredEvent[];
  /** What is usual for the unit itself; drawn in place of the interval. */
  limits?: readonly ControlLimit[];
}

export interface TrendOptions {
  language: Language;
  t: Translate;
  palette: Palette;
  /** Width of the plot itself in pixels; the margins come beside it and are the same for every chart. */
  width: number;
  height: number;
  /** A value axis that several charts share. */
  scale?: ValueScale;
  /** First and last day of a time axis that several charts share. */
  span?: [string, string];
  /** Words beside the flags of events, where they have room. */
  eventWords?: boolean;
  /** Without what the pointer asks for: as it is looked at only. */
  silent?: boolean;
  /** One of many small ones: only figures at the line's end, and less room for them. */
  compact?: boolean;
}

/** The value axis that a trend needs by itself. An interval counts, but never doubles the axis. */
export function trendScale(data: TrendData): ValueScale {
  const rows = [...data.rows, ...(data.behind?.rows ?? [])];
  const firm = [
    ...rows.map((row) => row.value),
    ...data.rows.map((row) => targetValue(data.definition, row)),
    ...(data.references ?? []).map((point) => point.value),
    ...(data.limits ?? []).flatMap(({ lower, upper }) =>
      [lower, upper].map((edge) => readableEdge(edge, data.definition.kind)),
    ),
  ];
  const highest = Math.max(0, ...firm.map((value) => value ?? 0));
  const bounds = data.limits?.length
    ? []
    : data.rows.map((row) => (row.upper === null ? null : Math.min(row.upper, highest * 1.35)));
  return valueScale([...firm, ...bounds], isShare(data.definition));
}

/** First and last day of what a trend shows. */
export function trendSpan(data: TrendData): [string, string] {
  let grain: string | undefined;
  let [first, firstEnd, last] = ["9999", "9999", ""];
  for (const rows of [data.rows, data.behind?.rows ?? []])
    for (const row of rows) {
      if (row.judgement === "no_data" && !row.withheld) continue;
      grain ??= row.grain;
      if (row.period_start < first) first = row.period_start;
      if (row.period_end < firstEnd) firstEnd = row.period_end;
      if (row.period_end > last) last = row.period_end;
    }
  if (!grain) return ["2016-01-01", "2016-12-31"];
  return [grain === "r12" || grain === "target" ? firstEnd : first, last];
}

/** What is told of a period: the figure, with a limit also what is usual, and the one behind it. */
export function trendTip(
  row: SeriesRow,
  { definition, behind }: TrendData,
  { language, t }: Pick<TrendOptions, "language" | "t">,
  limit?: Pick<ControlLimit, "lower" | "upper">,
): string {
  const tip = figureTip(row, definition, language, t, limit);
  return behind ? `${tip}\n${behind.name}: ${besideWords(behind.rows, row, definition, language, t)}` : tip;
}

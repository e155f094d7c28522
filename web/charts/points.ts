import { limitsByPeriod } from "./limits.ts";
import { instant, endOf, position } from "./period.ts";
import { pixel } from "./scale.ts";
import { trendScale, trendSpan, trendTip, type TrendData, type TrendOptions } from "./trend-frame.ts";

/** A place in a chart that can be read by itself: pixels within the plot, and what is told of it, a line for each thing. */
export interface ChartPoint {
  x: number;
  /** Null where nothing stands at that place. */
  y: number | null;
  lines: string[];
}

/** The periods of a trend from first to last, where they are drawn. */
export function trendPoints(data: TrendData, options: Omit<TrendOptions, "palette">): ChartPoint[] {
  const scale = options.scale ?? trendScale(data);
  const [from, to] = options.span ?? trendSpan(data);
  const [start, end] = [instant(from), endOf(to)];
  const limits = limitsByPeriod(data.limits);
  return data.rows
    .map((row) => ({ row, at: position(row) }))
    .filter(({ at }) => at >= start && at <= end)
    .sort((a, b) => a.at - b.at)
    .map(({ row, at }) => ({
      x: ((at - start) / (end - start)) * options.width,
      y: row.value === null ? null : pixel(row.value, scale, options.height),
      // Only those that are read are put into words.
      get lines() {
        return trendTip(row, data, options, limits.get(row.period_start)).split("\n");
      },
    }));
}

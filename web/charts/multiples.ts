import { isShare } from "../format.ts";
import { valueScale, type ValueScale } from "./scale.ts";
import { trendScale, trendSpan, type TrendData } from "./trend-frame.ts";

/** What several charts share, so that they can be compared: value axis and first and last day. */
export function sharedAxes(all: TrendData[]): { scale: ValueScale; span: [string, string] } {
  const first = all[0];
  const scales = all.map(trendScale);
  const spans = all.filter((data) => data.rows.length).map(trendSpan);
  return {
    scale: valueScale(
      // The axes are round already: just under their ends gives the same ends again.
      scales.flatMap((scale) => [scale.min * 0.97, scale.max * 0.97]),
      first ? isShare(first.definition) : false,
    ),
    span: [
      spans.map(([from]) => from).sort()[0] ?? "2016-01-01",
      spans
        .map(([, to]) => to)
        .sort()
        .at(-1) ?? "2016-12-31",
    ],
  };
}

import type { SeriesRow } from "../api.ts";
import { valueScale } from "./scale.ts";

/** Of the drawing, in its own units: it is stretched to the width of its frame. */
export const rangeSize = { width: 100, height: 40 };

/** All figures in small as a path of an SVG, each in the middle of a column of its own; gaps stay gaps, and to one that is not complete no line leads. */
export function rangeLine(rows: readonly Pick<SeriesRow, "value" | "complete">[], isShare: boolean): string {
  const scale = valueScale(
    rows.map(({ value }) => value),
    isShare,
  );
  const x = (index: number) => round(((index + 0.5) / rows.length) * rangeSize.width);
  const y = (value: number) => round(rangeSize.height * (1 - (value - scale.min) / (scale.max - scale.min)));
  /** Whether a line leads to it from the one before. */
  const joined = (index: number) =>
    Boolean(rows[index]?.complete) && rows[index]!.value !== null && (rows[index - 1]?.value ?? null) !== null;
  return rows
    .map(({ value }, index) => {
      if (value === null) return "";
      const isJoined = joined(index);
      // One that stands alone is a short stroke.
      if (!isJoined && !joined(index + 1)) return `M${round(x(index) - 0.4)} ${y(value)}h0.8`;
      return `${isJoined ? "L" : "M"}${x(index)} ${y(value)}`;
    })
    .join("");
}

const round = (value: number): number => Math.round(value * 100) / 100;

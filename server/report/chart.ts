import { plotWidthOf, margins } from "../../web/charts/frame.ts";
import { paperPalette } from "../../web/charts/palette.ts";
import { sketch } from "../../web/charts/sketch.ts";
import { trend, type TrendData } from "../../web/charts/trend.ts";
import type { ReviewBreak, ReviewDefinition } from "../review/document.ts";
import type { CoursePoint } from "../review/figures.ts";
import type { Words } from "./words.ts";

/** Of a chart with its margins, in pixels: two stand beside each other on a page. */
const width = 400;
const height = 150;

/** Figures of one unit and grain, in order of time, as SVG in the colours of paper; null where fewer than two have a value. */
export function trendChart(
  rows: readonly (CoursePoint & { grain: string; unit_id: string })[],
  definition: ReviewDefinition,
  breaks: readonly ReviewBreak[],
  { language, say }: Words,
): string | null {
  if (rows.filter(({ value }) => value !== null).length < 2) return null;
  const its = breaks.filter(({ indicator_id }) => indicator_id === definition.indicator_id);
  const data = { definition, rows: [...rows], breaks: its } as unknown as TrendData;
  const options = { language, t: say, palette: paperPalette, height, silent: true };
  return sketch(trend(data, { ...options, width: plotWidthOf(width, margins) }), textWidth);
}

/** About how wide a text is in Source Sans 3, in pixels: letters of a kind taken together. */
function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const sign of text) ems += /[.,:;'’|ijl! ]/.test(sign) ? 0.25 : /[A-ZMW%]/.test(sign) ? 0.6 : 0.5;
  return ems * size;
}

const spark = { width: 72, height: 20, inset: 3 };

/** Values as a line without axes, with a dot at the last; null is a gap. Empty where there are fewer than two. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return "";
  const [top, bottom] = [Math.max(...known), Math.min(...known)];
  const { width: wide, height: high, inset } = spark;
  const place = (value: number, index: number): [number, number] => [
    inset + (index * (wide - 2 * inset)) / (values.length - 1),
    // A flat line lies in the middle.
    top === bottom ? high / 2 : inset + ((top - value) / (top - bottom)) * (high - 2 * inset),
  ];
  let pen = "M";
  let path = "";
  let last: [number, number] | null = null;
  values.forEach((value, index) => {
    if (value === null) {
      pen = "M";
      return;
    }
    last = place(value, index);
    path += `${pen}${last.map((each) => each.toFixed(1)).join(" ")}`;
    pen = "L";
  });
  const [x, y] = last!;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}"><path d="${path}" fill="none" stroke="${paperPalette.blue}" stroke-width="1.5" stroke-linejoin="round"/><circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="2.25" fill="${paperPalette.blue}"/></svg>`;
}

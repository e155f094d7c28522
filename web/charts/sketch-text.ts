/** How far below a place the foot of a text of a size lies, by what of it is to be at the place. */
export const baselines = {
  top: (size: number) => Math.round(0.79 * size),
  middle: (size: number) => Math.round(0.3 * size),
  bottom: (size: number) => Math.round(-0.21 * size),
  alphabetic: () => 0,
};
export type Baseline = keyof typeof baselines;

export interface TextStyle {
  anchor: string;
  size: number;
  fill: string;
  weight?: number | string | undefined;
  lineHeight?: number | undefined;
  /** Other attributes, as they stand in the element. */
  more?: string;
}

/** Lines of text with the foot of the first at a place, in the letters of the drawing. */
export function textAt(x: number, y: number, lines: string[], style: TextStyle): string {
  const { anchor, size, fill, weight, lineHeight = size + 2, more = "" } = style;
  const weighted = weight === undefined ? "" : ` font-weight="${weight}"`;
  const inside =
    lines.length === 1
      ? escaped(lines[0]!)
      : lines
          .map((line, index) => `<tspan${index ? ` x="0" dy="${lineHeight}"` : ""}>${escaped(line)}</tspan>`)
          .join("");
  return `<text text-anchor="${anchor}" transform="translate(${x},${y})" font-size="${size}px"${weighted} fill="${fill}"${more}>${inside}</text>`;
}

const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => signs[sign]!);

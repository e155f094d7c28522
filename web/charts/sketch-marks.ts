import { baselines, textAt, type Baseline } from "./sketch-text.ts";

/** What our charts say of a mark, in the terms of Vega-Lite. */
export interface Mark {
  type: string;
  color?: string;
  fill?: string;
  stroke?: string;
  filled?: boolean;
  opacity?: number;
  clip?: boolean;
  strokeWidth?: number;
  strokeDash?: number[];
  strokeJoin?: string;
  shape?: string;
  size?: number;
  yOffset?: number;
  fontSize?: number;
  fontWeight?: number | string;
  lineHeight?: number;
  align?: "left" | "center" | "right";
  baseline?: Baseline;
  dx?: number;
  dy?: number;
  x?: number;
  y?: number;
  text?: string | string[];
  tooltip?: boolean;
}

/** A row with its places in pixels; null where it has no value, left out where its layer does not say. */
export interface Placed {
  x?: number | null;
  x2?: number | null;
  y?: number | null;
  y2?: number | null;
  detail?: unknown;
  text?: unknown;
}

/** Of the plot, in pixels. */
interface Plot {
  x: number;
  y: number;
}

const known = new Set(
  "type color fill stroke filled opacity clip strokeWidth strokeDash strokeJoin shape size yOffset fontSize fontWeight lineHeight align baseline dx dy x y text tooltip".split(
    " ",
  ),
);
const draws: Record<string, (mark: Mark, rows: Placed[], plot: Plot) => string> = {
  line: drawLines,
  area: drawAreas,
  rule: drawRules,
  rect: drawRects,
  point: drawPoints,
  text: drawTexts,
};

/** Whether all that a mark says is known here. */
export const knowsMark = (mark: Mark): boolean =>
  mark.type in draws &&
  Object.keys(mark).every((name) => known.has(name)) &&
  (mark.type !== "point" || knowsShape(mark));

/** The shapes of a layer. */
export const drawMark = (mark: Mark, rows: Placed[], plot: Plot): string => draws[mark.type]!(mark, rows, plot);

const short = (value: number): number => Number(value.toFixed(3));

/** Runs of one line, each from left to right. */
function runsOf(rows: Placed[]): Placed[][] {
  const runs = new Map<unknown, Placed[]>();
  for (const row of rows) {
    const run = runs.get(row.detail);
    if (run) run.push(row);
    else runs.set(row.detail, [row]);
  }
  return [...runs.values()].map((run) => run.sort((a, b) => (a.x ?? 0) - (b.x ?? 0)));
}

/** Parts of a run without a gap. */
function partsOf(run: Placed[], has: (row: Placed) => boolean): Placed[][] {
  const parts: Placed[][] = [[]];
  for (const row of run) {
    if (has(row)) parts.at(-1)!.push(row);
    else parts.push([]);
  }
  return parts.filter((part) => part.length);
}

const isPlaced = ({ x, y }: Placed): boolean => x != null && y != null;

function drawLines(mark: Mark, rows: Placed[]): string {
  return runsOf(rows)
    .map((run) => {
      const parts = partsOf(run, isPlaced);
      const path = parts.map((part) => `M${joined(part, "y")}${part.length === 1 ? "Z" : ""}`).join("");
      return `<path d="${path}"${stroked(mark)}/>`;
    })
    .join("");
}

function drawAreas(mark: Mark, rows: Placed[]): string {
  return runsOf(rows)
    .map((run) => {
      const parts = partsOf(run, (row) => isPlaced(row) && row.y2 != null);
      const path = parts.map((part) => `M${joined(part, "y")}L${joined(part.toReversed(), "y2")}Z`).join("");
      return `<path d="${path}" fill="${mark.color}"${seen(mark)}/>`;
    })
    .join("");
}

const joined = (part: Placed[], side: "y" | "y2"): string =>
  part.map((row) => `${short(row.x!)},${short(row[side]!)}`).join("L");

/** From place to place; across the whole plot where only one of its sides is said. */
function drawRules(mark: Mark, rows: Placed[], plot: Plot): string {
  return rows
    .map((row) => {
      const [left, right, y, y2] = ends(row, plot);
      if (left === null || y === null || right === null || y2 === null) return "";
      // Across the plot Vega draws from the right: dashes begin there.
      const [x, x2] = row.x === undefined ? [right, left] : [left, right];
      return `<line transform="translate(${x},${y})" x2="${x2 - x}" y2="${y2 - y}"${stroked(mark)}/>`;
    })
    .join("");
}

function ends({ x, x2, y, y2 }: Placed, plot: Plot): [number | null, number | null, number | null, number | null] {
  return [
    x === undefined ? 0 : x,
    x === undefined ? plot.x : x2 === undefined ? x : x2,
    y === undefined ? 0 : y,
    y === undefined ? plot.y : y2 === undefined ? y : y2,
  ];
}

function drawRects(mark: Mark, rows: Placed[], plot: Plot): string {
  return rows
    .map((row) => {
      const [x, x2, y, y2] = ends(row, plot);
      if (x === null || y === null || x2 === null || y2 === null) return "";
      const [width, height] = [Math.abs(x2 - x), Math.abs(y2 - y)];
      const path = `M${Math.min(x, x2)},${Math.min(y, y2)}h${width}v${height}h${-width}Z`;
      return `<path d="${path}" fill="${mark.color}"${seen(mark)}/>`;
    })
    .join("");
}

const shapes: Record<string, (radius: number) => string> = {
  circle: (r) => `M${r},0A${r},${r},0,1,1,${-r},0A${r},${r},0,1,1,${r},0`,
  diamond: (r) => `M${-r},0L0,${-r}L${r},0L0,${r}Z`,
  "triangle-up": (r) => `M0,${-short(r * half)}L${-r},${short(r * half)}L${r},${short(r * half)}Z`,
  "triangle-down": (r) => `M0,${short(r * half)}L${-r},${-short(r * half)}L${r},${-short(r * half)}Z`,
};
const half = Math.sqrt(3) / 2;
/** At this size a shape of our own is in pixels. */
const sizeOfPixels = 4;

const knowsShape = ({ shape, size }: Mark): boolean =>
  shape !== undefined && size !== undefined && (shape in shapes || (shape.startsWith("M") && size === sizeOfPixels));

function drawPoints(mark: Mark, rows: Placed[], plot: Plot): string {
  const path = shapes[mark.shape!]?.(short(Math.sqrt(mark.size!) / 2)) ?? mark.shape!;
  const fill = mark.filled ? ` fill="${mark.fill ?? mark.color}"` : "";
  const stroke = mark.stroke ?? (mark.filled ? undefined : mark.color);
  const style = fill + (stroke ? stroked({ ...mark, color: stroke, strokeWidth: mark.strokeWidth ?? 2 }) : seen(mark));
  return rows
    .filter(({ x, y }) => x !== null && y !== null)
    .map(({ x = plot.x / 2, y = plot.y / 2 }) => {
      const place = `${x},${y! + (mark.yOffset ?? 0)}`;
      return `<path transform="translate(${place})" d="${path}"${style}/>`;
    })
    .join("");
}

function drawTexts(mark: Mark, rows: Placed[], plot: Plot): string {
  const size = mark.fontSize ?? 11;
  const down = (mark.dy ?? 0) + baselines[mark.baseline ?? "middle"](size);
  const style = {
    anchor: { left: "start", center: "middle", right: "end" }[mark.align ?? "center"],
    size,
    fill: mark.color ?? mark.fill ?? "",
    weight: mark.fontWeight,
    lineHeight: mark.lineHeight,
    more: (mark.stroke ? outline(mark) : "") + seen(mark),
  };
  return rows
    .filter(({ x, y }) => x !== null && y !== null)
    .map(({ x = mark.x ?? plot.x / 2, y = mark.y ?? plot.y / 2, text = mark.text }) => {
      const lines = Array.isArray(text) ? text.map(String) : [String(text)];
      return textAt(x! + (mark.dx ?? 0), y! + down, lines, style);
    })
    .join("");
}

const seen = ({ opacity }: Mark): string => (opacity === undefined ? "" : ` opacity="${opacity}"`);

const stroked = (mark: Mark): string => outline({ ...mark, stroke: mark.color ?? mark.stroke ?? "" }) + seen(mark);

function outline({ stroke, strokeWidth = 1, strokeDash, strokeJoin }: Mark): string {
  const dashes = strokeDash ? ` stroke-dasharray="${strokeDash.join(",")}"` : "";
  const join = strokeJoin ? ` stroke-linejoin="${strokeJoin}"` : "";
  return ` stroke="${stroke}" stroke-width="${strokeWidth}"${dashes}${join}`;
}

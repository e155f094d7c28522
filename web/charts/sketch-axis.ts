import { baselines, textAt } from "./sketch-text.ts";

/** What our charts say of an axis, in the terms of Vega-Lite. */
export interface Axis {
  /** Words along a horizontal axis, in lines. */
  title?: string[] | null;
  titleColor?: string;
  titleFontSize?: number;
  titleFontWeight?: number;
  titleLineHeight?: number;
  titlePadding?: number;
  values: number[];
  /** As `labelsOf` makes it. */
  labelExpr?: string;
  format?: string;
  domain?: boolean;
  domainColor?: string;
  ticks?: boolean;
  labelColor: string;
  labelFontSize: number;
  labelPadding: number;
  labelSeparation?: number;
  grid?: boolean;
  gridColor?: string;
  gridOpacity?: number;
}

interface Surroundings {
  /** Of the plot, in pixels. */
  x: number;
  y: number;
  scale: (value: number) => number;
  locale: { number: { decimal: string; thousands: string } };
  measure: (text: string, size: number) => number;
}

interface Label {
  text: string;
  at: number;
  /** Of the text, along the axis. */
  from: number;
  to: number;
  anchor: "start" | "middle" | "end";
}

/** The expression that gives each tick its words, for Vega; `sketchAxis` reads it too. */
export const labelsOf = (ticks: readonly [value: number, label: string][]): string =>
  `${JSON.stringify(Object.fromEntries(ticks))}[datum.value]`;

/** An axis with its grid; null where it has what is not known here. */
export function sketchAxis(side: "x" | "y", axis: Axis, around: Surroundings): string | null {
  if ((axis.title && (side === "y" || !Array.isArray(axis.title))) || axis.ticks !== false) return null;
  const size = axis.labelFontSize;
  const texts = textsOf(axis, around);
  if (!texts) return null;
  const labels = withoutOverlap(
    axis.values.map((value, index) => labelOf(side, texts[index]!, around.scale(value), size, around)),
    axis.labelSeparation ?? 0,
  );
  const grid = axis.grid
    ? axis.values.map((value) => gridLine(side, Math.round(around.scale(value)), axis, around))
    : [];
  const words = labels.map(({ text, at, anchor }) => {
    const [x, y] =
      side === "x" ? [at, axis.labelPadding + baselines.top(size)] : [-axis.labelPadding, at + baselines.middle(size)];
    return textAt(x, y, [text], { anchor, size, fill: axis.labelColor });
  });
  const line =
    axis.domain === false || side === "y" ? "" : `<line x2="${around.x}" y2="0" stroke="${axis.domainColor}"/>`;
  const place = `translate(0.5,${side === "x" ? around.y + 0.5 : 0.5})`;
  return `<g transform="translate(0.5,0.5)">${grid.join("")}</g><g transform="${place}">${words.join("")}${line}${titleOf(axis, around)}</g>`;
}

/** The words below the labels of a horizontal axis. */
function titleOf(axis: Axis, { x }: Surroundings): string {
  const { title, titleColor, titleFontSize: size, titleFontWeight, titleLineHeight, titlePadding } = axis;
  if (!title || !size) return "";
  const down = axis.labelPadding + axis.labelFontSize + (titlePadding ?? 0) + baselines.top(size);
  const style = { anchor: "middle", size, fill: titleColor ?? "", weight: titleFontWeight };
  return textAt(x / 2, down, title, { ...style, lineHeight: titleLineHeight });
}

function textsOf({ values, labelExpr, format }: Axis, { locale }: Surroundings): string[] | null {
  if (labelExpr) {
    const given = /^(\{.*\})\[datum\.value\]$/s.exec(labelExpr)?.[1];
    if (!given) return null;
    const labels = JSON.parse(given) as Record<string, string>;
    return values.map((value) => labels[value] ?? "");
  }
  const known = /^(,?)\.(\d)([f%])$/.exec(format ?? "");
  if (!known) return null;
  const [, grouped, decimals, type] = known;
  return values.map((value) => {
    const fixed = Math.abs(type === "%" ? value * 100 : value).toFixed(Number(decimals));
    const [whole, part] = fixed.split(".") as [string, string?];
    const thousands = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, locale.number.thousands) : whole;
    const sign = value < 0 && Number(fixed) !== 0 ? "−" : "";
    return sign + thousands + (part ? locale.number.decimal + part : "") + (type === "%" ? "%" : "");
  });
}

/** The words of a tick; those at an end of the plot's width stay within it. */
function labelOf(side: "x" | "y", text: string, at: number, size: number, { x, measure }: Surroundings): Label {
  if (side === "y") return { text, at, from: at - size / 2, to: at + size / 2, anchor: "end" };
  const width = measure(text, size);
  if (Math.abs(at) < 1) return { text, at, from: at, to: at + width, anchor: "start" };
  if (Math.abs(at - x) < 1) return { text, at, from: at - width, to: at, anchor: "end" };
  return { text, at, from: at - width / 2, to: at + width / 2, anchor: "middle" };
}

/** Every second label goes until none lies on another. */
function withoutOverlap(labels: Label[], separation: number): Label[] {
  let kept = labels;
  const crowded = () =>
    kept.some((label, index) => {
      const before = kept[index - 1];
      return before && Math.max(label.from - before.to, before.from - label.to) < separation;
    });
  while (kept.length >= 3 && crowded()) kept = kept.filter((_, index) => index % 2 === 0);
  // Of two that are left, the last of all says more.
  const last = labels.at(-1);
  if (last && kept.length < 3 && kept.at(-1) !== last) kept = [...kept.slice(0, kept.length > 1 ? -1 : 1), last];
  return kept;
}

function gridLine(side: "x" | "y", at: number, { gridColor, gridOpacity = 1 }: Axis, { x, y }: Surroundings): string {
  const [to, place] = side === "x" ? [`x2="0" y2="${y}"`, `${at},0`] : [`x2="${x}" y2="0"`, `0,${at}`];
  return `<line transform="translate(${place})" ${to} stroke="${gridColor}" stroke-opacity="${gridOpacity}" stroke-width="1"/>`;
}

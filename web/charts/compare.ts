import type { TopLevelSpec } from "vega-lite";
import { formatTarget, formatValue, numberSigns, type Language } from "../format.ts";
import { targetRowOf, type CompareData, type CompareUnit } from "./compare-data.ts";
import { comparePaint } from "./compare-marks.ts";
import type { Margins } from "./frame.ts";
import { markName, type NamePlace } from "./names.ts";
import type { Palette } from "./palette.ts";
import { isDemoTarget, targetOf } from "./target.ts";
import type { Translate } from "./words.ts";

export { targetRowOf, type CompareData, type CompareUnit };

export interface CompareOptions {
  language: Language;
  t: Translate;
  palette: Palette;
  /** Width and height of the plot itself in pixels. */
  width: number;
  height: number;
}

/** Where a unit's mark lies in the plot, in pixels from its left and top. */
export interface Place {
  unitId: string;
  x: number;
  y: number;
}

/** A value that all units are seen against, drawn as a line, with its words. */
export interface Reference {
  value: number;
  lines: string[];
}

/** What the units make together: with limits that of which they are the limits, else the force's own figure. */
export function centreOf(data: CompareData, { language, t }: CompareOptions): Reference | null {
  const { definition, units, whole } = data;
  const overall = units.find(({ row }) => row.overall !== null)?.row.overall ?? null;
  const own = whole?.row.complete ? whole.row.value : null;
  const value = overall ?? own;
  if (value === null) return null;
  const words = formatValue(value, definition, language);
  const isForce = own !== null && formatValue(own, definition, language) === words;
  return { value, lines: [isForce ? whole!.name : t("compare.together"), words] };
}

export interface TargetLine extends Reference {
  /** The room around a target of balance. */
  tolerance: number | null;
  demo: boolean;
}

/** The target that holds for all units here. */
export function targetLineOf(data: CompareData, { language, t }: CompareOptions): TargetLine | null {
  const row = targetRowOf(data);
  if (row === null) return null;
  const target = targetOf(data.definition, row);
  const demo = isDemoTarget(row.target_source);
  return {
    value: row.target!,
    tolerance: target?.tolerance ?? null,
    demo,
    lines: [
      t(`goal.${target?.goal ?? "streefcijfer"}`),
      formatTarget(row.target!, data.definition, language),
      ...(demo ? [t("chart.demoTarget")] : []),
    ],
  };
}

/** Units whose figure has a place on the value axis. */
export const withValue = (data: CompareData): CompareUnit[] => data.units.filter(({ row }) => row.value !== null);

export type Layer = Record<string, unknown>;

/** The layers of a comparison as a whole spec. */
export function specOf(layer: (Layer | null)[], padding: Margins, options: CompareOptions): TopLevelSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: options.width,
    height: options.height,
    padding,
    autosize: { type: "none" },
    background: "transparent",
    config: {
      aria: false,
      font: "Source Sans 3 Variable, Source Sans 3, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif",
      view: { stroke: null },
      locale: { number: numberSigns(options.language) },
    },
    layer: layer.filter((part) => part !== null),
  } as unknown as TopLevelSpec;
}

/** A name that has a place beside its mark; `x` and `y` in the terms of the axes. */
export interface PlacedName {
  name: string;
  x: number;
  y: number;
  place: NamePlace;
  bold: boolean;
}

/** Names beside their marks: first the paper's colour under all of them, so that no line runs through one. */
export function namesLayer(names: PlacedName[], axes: Layer, options: CompareOptions): Layer | null {
  if (names.length === 0) return null;
  const paint = comparePaint(options.palette);
  const drawn = (mark: Layer): Layer[] =>
    names.map(({ name, x, y, place, bold }) => ({
      data: { values: [{ x, y }] },
      mark: { ...mark, text: markName(name), ...place, ...(bold ? { fontWeight: 640 } : {}) },
      encoding: axes,
    }));
  return { name: "names", layer: [...drawn(paint.nameEdge), ...drawn(paint.name)] };
}

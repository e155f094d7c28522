import type { TopLevelSpec } from "vega-lite";
import type { FunnelClass } from "../api.ts";
import { inLanguage, isShare } from "../format.ts";
import { rateLimits, shareLimits, widened, type FunnelLevel } from "../../pipelines/statistics/funnel.ts";
import {
  centreOf,
  namesLayer,
  specOf,
  targetLineOf,
  targetRowOf,
  withValue,
  type CompareData,
  type CompareOptions,
  type CompareUnit,
  type Layer,
  type Place,
} from "./compare.ts";
import { comparePaint } from "./compare-marks.ts";
import { funnelMargins } from "./frame.ts";
import { markName, placeNames, type NamePlace } from "./names.ts";
import { pixel, spread, tickFormat, valueScale, windowScale, type ValueScale } from "./scale.ts";

/** Whether there are limits to draw: figures with the counts that they come from, and what they make together. */
export const hasLimits = (data: CompareData): boolean => data.units.some(({ row }) => row.overall !== null);

const classes: FunnelClass[] = ["within", "low95", "high95", "low998", "high998"];
const lineHeight = 13;

type Paint = ReturnType<typeof comparePaint>;
interface Frame {
  x: ValueScale;
  y: ValueScale;
}

/** Units by what their figure is of, with the limits between which chance alone may put them, as a Vega-Lite spec. */
export function funnel(data: CompareData, options: CompareOptions): TopLevelSpec {
  const paint = comparePaint(options.palette);
  const frame = frameOf(data);
  const axes = axesOf(data, options, frame, paint);
  const parts: (Layer | null)[] = [
    toleranceLayer(data, options, axes, paint),
    ...limitLayers(data, frame, axes, paint),
    ...lineLayers(data, options, axes, paint),
    ...pointLayers(data, axes, paint),
    endWords(data, options, frame, axes, paint),
    namesLayer(
      namesOf(data, options).flatMap(([{ row, name }, place]) =>
        place ? [{ name, x: row.denominator!, y: row.value!, place, bold: row.unit_id === data.chosen }] : [],
      ),
      axes,
      options,
    ),
  ];
  return specOf(parts, funnelMargins, options);
}

/** Where the units' marks lie, in the order of the organisation. */
export function funnelPlaces(data: CompareData, { width, height }: { width: number; height: number }): Place[] {
  const frame = frameOf(data);
  return drawn(data).map(({ row }) => ({
    unitId: row.unit_id,
    x: (row.denominator! / frame.x.max) * width,
    y: pixel(row.value!, frame.y, height),
  }));
}

/** Units with a place on both axes. */
const drawn = (data: CompareData): CompareUnit[] => withValue(data).filter(({ row }) => (row.denominator ?? 0) > 0);

function frameOf(data: CompareData): Frame {
  const rows = drawn(data).map(({ row }) => row);
  const most = Math.max(1, ...rows.map((row) => row.denominator!));
  const x = valueScale([most], false);
  const target = targetRowOf(data)?.target;
  const firm = [...rows.map((row) => row.value), target, rows[0]?.overall].filter((each) => each != null);
  const [low, high] = [Math.min(...firm), Math.max(...firm)];
  // Limits of the smallest units may be very wide: they count, but do not more than double the axis.
  const limits = rows.flatMap((row) =>
    row.upper_998 === null || row.lower_998 === null
      ? []
      : [Math.min(row.upper_998, high + (high - low) * 0.5), Math.max(row.lower_998, low - (high - low) * 0.5)],
  );
  // People and cases are counted whole.
  const ticks = x.ticks.filter((tick) => Number.isInteger(tick) && tick <= most * 1.06);
  return { x: { min: 0, max: most * 1.06, ticks }, y: windowScale([...firm, ...limits], isShare(data.definition)) };
}

function axesOf({ definition }: CompareData, options: CompareOptions, frame: Frame, paint: Paint) {
  const words = inLanguage(definition.denominator, options.language) || options.t("table.denominator");
  const title = linesOf(words.charAt(0).toUpperCase() + words.slice(1), Math.floor(options.width / 5.6));
  return {
    x: {
      field: "x",
      type: "quantitative",
      scale: { domain: [0, frame.x.max], nice: false, zero: false },
      axis: { ...paint.baseAxis, title, values: frame.x.ticks, format: ",.0f" },
    },
    y: {
      field: "y",
      type: "quantitative",
      scale: { domain: [frame.y.min, frame.y.max], nice: false, zero: false },
      axis: {
        ...paint.axis,
        title: null,
        values: frame.y.ticks,
        format: tickFormat(frame.y, isShare(definition)),
      },
    },
  };
}
type Axes = ReturnType<typeof axesOf>;

/** Words in at most two lines of so many letters. */
function linesOf(words: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length <= 2 ? lines : [lines[0]!, `${lines[1]!.slice(0, Math.max(1, most - 1))}…`];
}

function toleranceLayer(data: CompareData, options: CompareOptions, axes: Axes, paint: Paint): Layer | null {
  const target = targetLineOf(data, options);
  if (!target?.tolerance) return null;
  return {
    name: "tolerance",
    data: { values: [{ y: target.value - target.tolerance, y2: target.value + target.tolerance }] },
    mark: paint.tolerance,
    encoding: { y: axes.y, y2: { field: "y2" } },
  };
}

/** The limits as curves over what figures are of, each with its band; beside wide ones also those of chance alone, thin. */
function limitLayers(data: CompareData, frame: Frame, axes: Axes, paint: Paint): Layer[] {
  const plain = data.isWide ? curveOf({ ...data, isWide: false }, 95, frame) : [];
  const chance = (["y", "y2"] as const).flatMap((field): Layer[] =>
    plain.length
      ? [
          {
            name: `chance-${field === "y" ? "low" : "high"}`,
            data: { values: plain.map((each) => ({ x: each.x, y: each[field] })) },
            mark: paint.chanceLine,
            encoding: axes,
          },
        ]
      : [],
  );
  const limits = (["998", "95"] as const).flatMap((level) => {
    const values = curveOf(data, Number(level) as FunnelLevel, frame);
    const [band, line] = level === "95" ? [paint.near, paint.nearLine] : [paint.far, paint.farLine];
    const side = (field: "y" | "y2"): Layer => ({
      name: `limit-${level}-${field === "y" ? "low" : "high"}`,
      data: { values: values.map((each) => ({ x: each.x, y: each[field] })) },
      mark: line,
      encoding: axes,
    });
    return [
      { name: `band-${level}`, data: { values }, mark: band, encoding: { ...axes, y2: { field: "y2" } } },
      side("y"),
      side("y2"),
    ];
  });
  return [...limits, ...chance];
}

interface Limits {
  x: number;
  y: number;
  y2: number;
}

/** Lower and upper limit at sizes from near 0 to the axis' end, closer together where they bend most. */
function curveOf(data: CompareData, level: FunnelLevel, frame: Frame): Limits[] {
  const limitsAt = limitsOf(data, level);
  if (!limitsAt) return [];
  const from = frame.x.max / 4000;
  const steps = 80;
  return Array.from({ length: steps + 1 }, (_, step) => limitsAt(from * (frame.x.max / from) ** (step / steps)));
}

/** Gives the limits at a size; null where there are none. */
function limitsOf({ definition, units, isWide = false }: CompareData, level: FunnelLevel) {
  const overall = units.find(({ row }) => row.overall !== null)?.row.overall;
  if (overall == null) return null;
  const per = definition.per ?? 1;
  const [kind, chance] = isShare(definition) ? (["share", shareLimits] as const) : (["rate", rateLimits] as const);
  const spread = (isWide && units.find(({ row }) => row.spread !== null)?.row.spread) || 1;
  return (x: number): Limits => {
    const limits = chance(overall / per, x, level);
    const { lower, upper } = spread > 1 ? widened(kind, overall / per, limits, spread) : limits;
    return { x: rounded(x), y: rounded(lower * per), y2: rounded(upper * per) };
  };
}

function lineLayers(data: CompareData, options: CompareOptions, axes: Axes, paint: Paint): Layer[] {
  const centre = centreOf(data, options);
  const target = targetLineOf(data, options);
  const line = (name: string, value: number, mark: Layer): Layer => ({
    name,
    data: { values: [{ y: value }] },
    mark,
    encoding: { y: axes.y },
  });
  return [
    ...(centre ? [line("centre", centre.value, paint.centre)] : []),
    ...(target ? [line("target", target.value, target.demo ? paint.targetDemo : paint.target)] : []),
  ];
}

function pointLayers(data: CompareData, axes: Axes, paint: Paint): Layer[] {
  const all = drawn(data);
  const layer = (name: string, some: CompareUnit[], mark: Layer): Layer[] =>
    some.length
      ? [
          {
            name,
            data: { values: some.map(({ row }) => ({ x: row.denominator, y: row.value })) },
            mark,
            encoding: axes,
          },
        ]
      : [];
  return [
    ...layer(
      "provisional",
      all.filter(({ row }) => row.class === null),
      paint.provisional,
    ),
    ...classes.flatMap((each) =>
      layer(
        each,
        all.filter(({ row }) => row.class === each),
        each === "within" && all.length > 60 ? paint.withinMany : paint[each],
      ),
    ),
    ...layer(
      "chosen",
      all.filter(({ row }) => row.unit_id === data.chosen),
      paint.chosen,
    ),
  ];
}

/** What the lines are, at their right ends, moved apart where they would overlap. */
function endWords(data: CompareData, options: CompareOptions, frame: Frame, axes: Axes, paint: Paint): Layer | null {
  const centre = centreOf(data, options);
  const target = targetLineOf(data, options);
  const limits = (["998", "95"] as const).flatMap((level) => {
    const end = limitsOf(data, Number(level) as FunnelLevel)?.(frame.x.max);
    if (!end || end.y2 > frame.y.max) return [];
    return [{ value: end.y2, lines: [options.t(`compare.limit.${level}`)], mark: paint.limitWords }];
  });
  const words = [
    ...limits,
    ...(centre ? [{ ...centre, mark: paint.centreWords }] : []),
    ...(target ? [{ ...target, mark: paint.targetWords }] : []),
  ];
  if (!words.length) return null;
  const at = (value: number) => pixel(value, frame.y, options.height);
  const places = spread(
    words.map(({ value, lines }) => ({ y: at(value), size: lines.length * lineHeight + 2 })),
    options.height,
  );
  return {
    layer: words.map(({ value, lines, mark }, index) => ({
      data: { values: [{ x: frame.x.max, y: value }] },
      // Vega counts the first line's middle; the block should lie around its place.
      mark: {
        ...mark,
        text: lines,
        dy: Math.round(places[index]! - at(value) - ((lines.length - 1) * lineHeight) / 2),
      },
      encoding: axes,
    })),
  };
}

/**
 * Units that are named at their mark, the chosen one first, then those outside the limits, the furthest first; each with
 * the place of its name, null where there is no room for it.
 */
function namesOf(data: CompareData, size: { width: number; height: number }): [CompareUnit, NamePlace | null][] {
  const all = drawn(data);
  const places = new Map(funnelPlaces(data, size).map((place) => [place.unitId, place]));
  const rank = ({ row }: CompareUnit) => {
    if (row.unit_id === data.chosen) return 0;
    if (row.class === null || row.class === "within") return 3;
    return row.class.endsWith("998") ? 1 : 2;
  };
  const named = all.filter((each) => rank(each) < 3).sort((a, b) => rank(a) - rank(b));
  const others = all.filter((each) => rank(each) === 3).map(({ row }) => places.get(row.unit_id)!);
  const found = placeNames(
    named.map(({ row, name }) => ({
      ...places.get(row.unit_id)!,
      lines: markName(name),
      firm: rank({ row, name }) < 2,
    })),
    others,
    size,
  );
  return named.map((unit, index) => [unit, found[index]!]);
}

/** How many units outside the limits have no room for their name in a plot of this size. */
export const unnamed = (data: CompareData, size: { width: number; height: number }): number =>
  namesOf(data, size).filter(([, place]) => place === null).length;

const rounded = (value: number): number => Number(value.toPrecision(6));

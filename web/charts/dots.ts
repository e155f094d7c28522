import type { TopLevelSpec } from "vega-lite";
import { isShare } from "../format.ts";
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
import { dotsMargins } from "./frame.ts";
import { markName, placeNames } from "./names.ts";
import { pixel, tickFormat, windowScale, type ValueScale } from "./scale.ts";

/** Up to so many units each dot can have its name. */
const namedUpTo = 20;
const apart = 9;
const lineHeight = 13;
/** Room that the words over a line take. */
const wordsWidth = 76;

/** Units as dots along the value, those of one value above each other, as a Vega-Lite spec: for figures that have no limits. */
export function dots(data: CompareData, options: CompareOptions): TopLevelSpec {
  const paint = comparePaint(options.palette);
  const scale = scaleOf(data);
  const axes = {
    x: {
      field: "x",
      type: "quantitative",
      scale: { domain: [scale.min, scale.max], nice: false, zero: false },
      axis: {
        ...paint.axis,
        title: null,
        values: scale.ticks,
        format: tickFormat(scale, isShare(data.definition)),
      },
    },
    y: {
      field: "y",
      type: "quantitative",
      scale: { domain: [options.height, 0], nice: false, zero: false },
      axis: null,
    },
  };
  const places = new Map(dotPlaces(data, options).map((place) => [place.unitId, place]));
  const units = withValue(data);
  const point = (name: string, some: CompareUnit[], mark: Layer): Layer[] =>
    some.length
      ? [
          {
            name,
            data: { values: some.map(({ row }) => ({ x: row.value, y: places.get(row.unit_id)!.y })) },
            mark,
            encoding: axes,
          },
        ]
      : [];
  const isChosen = ({ row }: CompareUnit) => row.unit_id === data.chosen;
  const layer: (Layer | null)[] = [
    ...lineLayers(data, options, scale, axes),
    ...point(
      "provisional",
      units.filter(({ row }) => !row.complete),
      paint.provisional,
    ),
    ...point(
      "within",
      units.filter(({ row }) => row.complete),
      units.length > 60 ? paint.withinMany : paint.within,
    ),
    ...point("chosen", units.filter(isChosen), paint.chosen),
    dotNames(data, options, places, axes),
  ];
  return specOf(layer, dotsMargins, options);
}

/** Where the units' dots lie: near values in columns around the middle, in the order of the organisation. */
export function dotPlaces(data: CompareData, { width, height }: { width: number; height: number }): Place[] {
  const scale = scaleOf(data);
  const columns = new Map<number, string[]>();
  const places = withValue(data).map(({ row }) => {
    const x = width - pixel(row.value!, scale, width);
    const column = Math.round(x / apart);
    columns.set(column, [...(columns.get(column) ?? []), row.unit_id]);
    return { unitId: row.unit_id, x, column };
  });
  const most = Math.max(1, ...[...columns.values()].map((each) => each.length));
  const step = Math.min(apart, (height - 2 * apart) / most);
  return places.map(({ unitId, x, column }) => {
    const there = columns.get(column)!;
    return { unitId, x, y: height / 2 + (there.indexOf(unitId) - (there.length - 1) / 2) * step };
  });
}

function scaleOf(data: CompareData): ValueScale {
  const whole = data.whole?.row.complete ? data.whole.row.value : null;
  const values = [...withValue(data).map(({ row }) => row.value), targetRowOf(data)?.target, whole];
  return windowScale(values, isShare(data.definition));
}

/** The force's figure and the target as lines down, their words above them, side by side where they would meet. */
function lineLayers(data: CompareData, options: CompareOptions, scale: ValueScale, axes: { x: Layer }): Layer[] {
  const paint = comparePaint(options.palette);
  const centre = centreOf(data, options);
  const target = targetLineOf(data, options);
  const at = (value: number) => options.width - pixel(value, scale, options.width);
  const lines = [
    ...(centre ? [{ ...centre, name: "centre", mark: paint.centre, words: paint.centreWordsAbove }] : []),
    ...(target
      ? [
          {
            ...target,
            name: "target",
            mark: target.demo ? paint.targetDemo : paint.target,
            words: paint.targetWordsAbove,
          },
        ]
      : []),
  ].sort((a, b) => a.value - b.value);
  return lines.flatMap(({ value, name, mark, words, lines: text }, index) => {
    const distance = Math.abs(at((lines[index + 1] ?? lines[index - 1] ?? { value: Infinity }).value) - at(value));
    const atEnd = (one: number) => at(one) > options.width - wordsWidth + dotsMargins.right;
    // Of two that are near, the first has its words to the left; so has one at the right end, where the first then moves on.
    const left = (distance < 110 && index === 0) || atEnd(value);
    const isPushed = left && index === 0 && lines[1] !== undefined && atEnd(lines[1].value);
    const push = isPushed ? Math.max(0, wordsWidth - distance) : 0;
    return [
      { name, data: { values: [{ x: value }] }, mark, encoding: { x: axes.x } },
      {
        data: { values: [{ x: value }] },
        mark: {
          ...words,
          text,
          align: left ? "right" : "left",
          dx: left ? -2 - push : 2,
          y: -5 - (text.length - 1) * lineHeight,
        },
        encoding: { x: axes.x },
      },
    ];
  });
}

function dotNames(data: CompareData, options: CompareOptions, places: Map<string, Place>, axes: Layer): Layer | null {
  const units = withValue(data);
  const isNamed = ({ row }: CompareUnit) => row.unit_id === data.chosen || units.length <= namedUpTo;
  const named = units
    .filter(isNamed)
    .sort((a, b) => Number(b.row.unit_id === data.chosen) - Number(a.row.unit_id === data.chosen));
  const others = units.filter((each) => !isNamed(each)).map(({ row }) => places.get(row.unit_id)!);
  const found = placeNames(
    named.map(({ row, name }) => ({
      ...places.get(row.unit_id)!,
      lines: markName(name),
      firm: row.unit_id === data.chosen,
    })),
    others,
    options,
  );
  const placed = named.flatMap(({ row, name }, index) => {
    const place = found[index];
    const { y } = places.get(row.unit_id)!;
    return place ? [{ name, x: row.value!, y, place, bold: row.unit_id === data.chosen }] : [];
  });
  return namesLayer(placed, axes, options);
}

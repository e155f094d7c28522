import type { TopLevelSpec } from "vega-lite";
import type { Definition, SeriesRow } from "../api.ts";
import { formatTarget, formatValue, isShare, numberSigns, shortMonths } from "../format.ts";
import { eventLayers } from "./events.ts";
import { compactMargins, margins } from "./frame.ts";
import { limitLayers, limitsByPeriod, unusualLayers } from "./limits.ts";
import { palettePaint } from "./marks.ts";
import { addDays, endOf, instant, position, type Grain } from "./period.ts";
import { pixel, spread, tickFormat, type ValueScale } from "./scale.ts";
import { labelsOf } from "./sketch-axis.ts";
import { isDemoTarget, targetOf, targetValue } from "./target.ts";
import { referenceTip } from "./tip.ts";
import { trendScale, trendSpan, trendTip, type TrendData, type TrendOptions } from "./trend-frame.ts";
import { absence, bandSign } from "./words.ts";

export { trendScale, trendSpan, type TrendData, type TrendOptions } from "./trend-frame.ts";

/** A trend as a Vega-Lite spec: interval, grey unit, target, breaks, value, provisional and withheld points. */
export function trend(given: TrendData, options: TrendOptions): TopLevelSpec {
  const scale = options.scale ?? trendScale(given);
  const [from, to] = options.span ?? trendSpan(given);
  // Before the first figure there may be a target already: nothing is drawn left of the frame.
  const data = { ...given, rows: given.rows.filter(({ period_end }) => period_end >= from) };
  const paint = palettePaint(options.palette);
  const labels = endLabels(data, options, scale, to);
  const frame = {
    x: timeAxis(from, to, data.rows[0]?.grain ?? "half", options, paint),
    y: valueAxis(data, scale, paint),
  };
  const parts: (Layer | null)[] = [
    toleranceLayer(data, frame, paint, to),
    ...(data.limits?.length
      ? limitLayers(data.limits, data.definition.kind, frame, paint)
      : [intervalLayer(data, frame, paint)]),
    ...behindLayers(data, frame, paint),
    ...breakLayers(data, options, frame, paint, from, to),
    ...targetLayers(data, frame, paint, to),
    paceLayer(data.rows, frame, paint),
    ...valueLayers(data, frame, paint),
    ...(data.limits?.length ? unusualLayers(data, frame, paint, options.palette) : []),
    ...gapLayers(data.rows, scale, options, frame, paint),
    labelLayer(labels, frame),
    options.silent ? null : hoverLayer(data, options, frame, paint),
    referenceLayer(data, options, frame, paint, scale, from, to),
    ...eventLayers(data.events ?? [], options, frame.x, paint, from, to),
  ];
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: options.width,
    height: options.height,
    padding: options.compact ? compactMargins : margins,
    autosize: { type: "none" },
    background: "transparent",
    config: {
      aria: false,
      font: "Source Sans 3 Variable, Source Sans 3, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif",
      view: { stroke: null },
      locale: { number: numberSigns(options.language) },
    },
    layer: parts.filter((part): part is Layer => part !== null),
  } as unknown as TopLevelSpec;
}

type Layer = Record<string, unknown>;
type Frame = { x: Layer; y: Layer };
type Paint = ReturnType<typeof palettePaint>;

/** The axis of time from the first day to the last, with ticks in words of the grain. */
export function timeAxis(
  from: string,
  to: string,
  grain: Grain,
  options: Pick<TrendOptions, "language">,
  paint: Paint,
): Layer {
  const domain = [instant(from), endOf(to)];
  const years = (domain[1]! - domain[0]!) / (365.25 * 24 * 60 * 60 * 1000);
  const ticks = years > 4.2 || grain === "year" ? yearTicks(from, to) : periodTicks(from, to, grain, options);
  return {
    field: "x",
    // Milliseconds as numbers: Vega-Lite cannot merge one temporal domain that several layers name.
    type: "quantitative",
    scale: { domain, nice: false, zero: false },
    axis: { title: null, values: ticks.map(([value]) => value), labelExpr: labelsOf(ticks), ...paint.timeAxis },
  };
}

/** Years, each name under the middle of its year. */
function yearTicks(from: string, to: string): [number, string][] {
  const ticks: [number, string][] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) {
    const middle = instant(`${year}-07-02`);
    if (middle > instant(from) && middle < endOf(to)) ticks.push([middle, String(year)]);
  }
  return ticks;
}

/** Periods of a short axis by their own names: "2016-I", "jan ’16". */
function periodTicks(
  from: string,
  to: string,
  grain: Grain,
  options: Pick<TrendOptions, "language">,
): [number, string][] {
  const step = grain === "month" ? 1 : grain === "quarter" ? 3 : 6;
  const months = shortMonths(options.language);
  const nameOf = (year: string, month: number): string => {
    if (grain === "month") return `${months[month]} ’${year.slice(2)}`;
    if (grain === "quarter") return `${year}-${options.language === "nl" ? "K" : "Q"}${Math.floor(month / 3) + 1}`;
    return `${year}-${month < 6 ? "I" : "II"}`;
  };
  const ticks: [number, string][] = [];
  const first = Number(from.slice(0, 4)) * 12 + Math.floor((Number(from.slice(5, 7)) - 1) / step) * step;
  for (let month = first; ; month += step) {
    const start = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (start > instant(to)) break;
    const middle = (start + Date.UTC(Math.floor((month + step) / 12), (month + step) % 12, 1)) / 2;
    if (middle >= instant(from)) ticks.push([middle, nameOf(String(Math.floor(month / 12)), month % 12)]);
  }
  return ticks;
}

/** The axis of values, with ticks as the indicator writes its values. */
export function valueAxis(data: { definition: Pick<Definition, "kind"> }, scale: ValueScale, paint: Paint): Layer {
  return {
    field: "y",
    type: "quantitative",
    scale: { domain: [scale.min, scale.max], nice: false, zero: false },
    axis: {
      title: null,
      values: scale.ticks,
      format: tickFormat(scale, isShare(data.definition)),
      ...paint.valueAxis,
    },
  };
}

/** Whether the figures add up over time: half a period then holds about half the value. */
const addsUp = (definition: Pick<Definition, "kind" | "stock">): boolean =>
  (definition.kind === "count" || definition.kind === "rate") && !definition.stock;

/**
 * Runs of rows that one line may join. A gap ends a run, as do the end of predecessors' history and the start of another
 * target's period; a sum over half a period stands alone, for a line would seem to fall to it.
 */
function runs(rows: SeriesRow[], sums: boolean): SeriesRow[][] {
  const found: SeriesRow[][] = [];
  let last: SeriesRow | null = null;
  for (const row of rows) {
    if (row.value !== null) {
      const follows =
        last?.value != null &&
        Boolean(last.reference) === Boolean(row.reference) &&
        (row.grain !== "target" || last.period_start === row.period_start) &&
        (row.complete || !sums);
      if (follows) found.at(-1)!.push(row);
      else found.push([row]);
    }
    last = row;
  }
  return found;
}

function intervalLayer({ rows, definition }: TrendData, frame: Frame, paint: Paint): Layer | null {
  const all = runs(rows, addsUp(definition));
  const values = all.flatMap((run, index) =>
    run.length > 1
      ? run
          .filter((row) => row.lower !== null && row.upper !== null)
          .map((row) => ({ x: position(row), y: row.lower, y2: row.upper, run: index }))
      : [],
  );
  const alone = all
    .filter((run) => run.length === 1 && run[0]!.lower !== null && run[0]!.upper !== null)
    .map(([row]) => ({ x: position(row!), y: row!.lower, y2: row!.upper }));
  if (values.length + alone.length === 0) return null;
  return {
    layer: [
      ...(values.length
        ? [
            {
              name: "interval",
              data: { values },
              mark: paint.interval,
              encoding: { ...frame, y2: { field: "y2" }, detail: { field: "run", type: "nominal" } },
            },
          ]
        : []),
      ...(alone.length
        ? [{ data: { values: alone }, mark: paint.intervalAlone, encoding: { ...frame, y2: { field: "y2" } } }]
        : []),
    ],
  };
}

function behindLayers(data: TrendData, frame: Frame, paint: Paint): Layer[] {
  const sums = addsUp(data.definition);
  const rows = (data.behind?.rows ?? []).filter((row) => row.complete || !sums);
  const values = runs(rows, sums).flatMap((run, index) =>
    run.map((row) => ({ x: position(row), y: row.value, run: index })),
  );
  if (!values.length) return [];
  return [
    {
      name: "behind",
      data: { values },
      mark: paint.behind,
      encoding: { ...frame, detail: { field: "run", type: "nominal" } },
    },
  ];
}

/** Stretches of rows with one target from one source, as the step line draws them. */
export function targetSteps(
  data: TrendData,
): { from: string; to: string; value: number; demo: boolean; row: SeriesRow }[] {
  const steps: { from: string; to: string; value: number; demo: boolean; row: SeriesRow }[] = [];
  let last: SeriesRow | null = null;
  for (const row of data.rows) {
    const value = targetValue(data.definition, row);
    if (value !== null) {
      const demo = isDemoTarget(row.target_source);
      const step = steps.at(-1);
      if (step && last?.target === row.target && step.value === value && step.demo === demo) {
        step.to = row.period_end;
        step.row = row;
      } else {
        // Where the figure comes once a year and the periods are halves, the line goes on from the one before.
        const from = last?.target != null && step ? addDays(step.to, 1) : row.period_start;
        steps.push({ from, to: row.period_end, value, demo, row });
      }
    }
    last = row;
  }
  return steps;
}

function targetLayers(data: TrendData, frame: Frame, paint: Paint, to: string): Layer[] {
  const running = data.rows[0]?.grain === "target" || data.rows[0]?.grain === "r12";
  const steps = targetSteps(data).map((step) => ({
    x: instant(running ? (data.rows[0]?.period_end ?? step.from) : step.from),
    x2: Math.min(endOf(step.to), endOf(to)),
    y: step.value,
    demo: step.demo,
  }));
  return [false, true].flatMap((demo) => {
    const values = steps.filter((step) => step.demo === demo);
    if (!values.length) return [];
    return [
      {
        name: demo ? "target-demo" : "target",
        data: { values },
        mark: demo ? paint.targetDemo : paint.target,
        encoding: { ...frame, x2: { field: "x2" } },
      },
    ];
  });
}

/** The room around a target of balance: within it, the target is reached. */
function toleranceLayer(data: TrendData, frame: Frame, paint: Paint, to: string): Layer | null {
  const values = targetSteps(data).flatMap((step) => {
    const tolerance = targetOf(data.definition, step.row)?.tolerance;
    if (!tolerance) return [];
    return [
      {
        x: instant(step.from),
        x2: Math.min(endOf(step.to), endOf(to)),
        y: step.value - tolerance,
        y2: step.value + tolerance,
      },
    ];
  });
  if (!values.length) return null;
  return {
    name: "tolerance",
    data: { values },
    mark: paint.tolerance,
    encoding: { ...frame, x2: { field: "x2" }, y2: { field: "y2" } },
  };
}

function paceLayer(rows: SeriesRow[], frame: Frame, paint: Paint): Layer | null {
  const paced = rows.filter((row) => row.pace !== null);
  // Each aim has a path of its own: none runs back from the end of one to the start of the next.
  let path = 0;
  const values = paced.map((row, index) => {
    const before = paced[index - 1];
    if (before && (before.target_source !== row.target_source || before.target !== row.target)) path++;
    return { x: position(row), y: row.pace, path };
  });
  if (values.length < 2) return null;
  return {
    name: "pace",
    data: { values },
    mark: paint.pace,
    encoding: { ...frame, detail: { field: "path", type: "nominal" } },
  };
}

function valueLayers({ rows, definition }: TrendData, frame: Frame, paint: Paint): Layer[] {
  const sums = addsUp(definition);
  const firm: Layer[] = [];
  const provisional: Layer[] = [];
  const older: Layer[] = [];
  for (const [index, run] of runs(rows, sums).entries())
    for (const [place, row] of run.entries()) {
      const point = { x: position(row), y: row.value, run: index };
      if (row.reference) older.push(point);
      else if (row.complete) firm.push(point);
      // The dashed line starts at the last firm point before it.
      const before = run[place - 1];
      if (!row.complete && !row.reference && before)
        provisional.push(
          { x: position(before), y: before.value, run: `${index}-${place}` },
          { x: position(row), y: row.value, run: `${index}-${place}` },
        );
    }
  const line = (name: string, values: Layer[], mark: Layer): Layer[] =>
    values.length
      ? [{ name, data: { values }, mark, encoding: { ...frame, detail: { field: "run", type: "nominal" } } }]
      : [];
  const points = (name: string, chosen: SeriesRow[], mark: Layer): Layer[] => {
    const values = chosen.map((row) => ({ x: position(row), y: row.value }));
    return values.length ? [{ name, data: { values }, mark, encoding: frame }] : [];
  };
  const shown = rows.filter((row) => row.value !== null);
  return [
    ...line("predecessors", older, paint.older),
    ...line("provisional-line", provisional, paint.provisionalLine),
    ...line("value", firm, paint.value),
    ...points(
      "predecessor-points",
      shown.filter((row) => row.reference),
      paint.olderPoint,
    ),
    ...points(
      "points",
      shown.filter((row) => row.complete && !row.reference),
      paint.point,
    ),
    ...points(
      "provisional",
      shown.filter((row) => !row.complete && !row.reference),
      paint.provisionalPoint,
    ),
  ];
}

/** Withheld figures as a mark on the axis, figures shown as a band as a sign where they are. */
function gapLayers(rows: SeriesRow[], scale: ValueScale, options: TrendOptions, frame: Frame, paint: Paint): Layer[] {
  const withheld = rows.filter((row) => absence(row) === "withheld").map((row) => ({ x: position(row), y: scale.min }));
  const bands = rows
    .filter((row) => absence(row) === "band")
    .map((row) => ({ x: position(row), y: bandPlace(row, scale), text: bandSign(row, options.t) }));
  // Words only where they have room; else a mark without words.
  const roomy = options.width / Math.max(1, rows.length) >= 15;
  const layers: Layer[] = [];
  if (withheld.length)
    layers.push({ name: "withheld", data: { values: withheld }, mark: paint.withheld, encoding: frame });
  if (bands.length && roomy)
    layers.push({
      name: "band",
      data: { values: bands },
      mark: paint.band,
      encoding: { ...frame, text: { field: "text" } },
    });
  if (bands.length && !roomy)
    layers.push({ name: "band", data: { values: bands }, mark: paint.bandMark, encoding: frame });
  return layers;
}

/** A band of few lies on the axis, one of all but a few just under what would be all. */
function bandPlace(row: SeriesRow, scale: ValueScale): number {
  if (row.band_side !== "high" || !row.denominator) return scale.min;
  return Math.min(scale.max, (row.denominator - 2) / row.denominator);
}

function breakLayers(
  data: TrendData,
  options: TrendOptions,
  frame: Frame,
  paint: Paint,
  from: string,
  to: string,
): Layer[] {
  const values = (data.breaks ?? [])
    .filter((each) => each.on_date > from && each.on_date <= to)
    .map((each) => {
      const x = instant(each.on_date);
      const late = (x - instant(from)) / (endOf(to) - instant(from)) > 0.6;
      return { x, text: options.language === "nl" ? each.label_nl : each.label_en, late };
    });
  if (!values.length) return [];
  const words = (late: boolean): Layer[] => {
    const some = values.filter((each) => each.late === late);
    if (!some.length) return [];
    return [
      {
        name: late ? "break-words-left" : "break-words",
        data: { values: some },
        mark: late ? paint.breakWordsLeft : paint.breakWords,
        encoding: { x: frame.x, text: { field: "text" } },
      },
    ];
  };
  return [
    { name: "break", data: { values }, mark: paint.break, encoding: { x: frame.x } },
    ...words(false),
    ...words(true),
  ];
}

interface EndLabel {
  x: number;
  y: number;
  lines: string[];
  dy: number;
  mark: Layer;
}

/** Names at the right end of their lines, moved apart where they would overlap. */
function endLabels(data: TrendData, options: TrendOptions, scale: ValueScale, to: string): EndLabel[] {
  const paint = palettePaint(options.palette);
  const labels: EndLabel[] = [];
  const end = endOf(to);
  const steps = targetSteps(data);
  for (const step of steps) {
    const next = steps[steps.indexOf(step) + 1];
    if (next && next.value === step.value) continue;
    const target = targetOf(data.definition, step.row);
    const name = options.t(`goal.${target?.goal ?? "streefcijfer"}`);
    const value = formatTarget(step.row.target!, data.definition, options.language);
    const atEnd = endOf(step.to) >= end;
    labels.push({
      x: Math.min(endOf(step.to), end),
      y: step.value,
      lines: options.compact
        ? [value]
        : atEnd
          ? [name, value, ...(step.demo ? [options.t("chart.demoTarget")] : [])]
          : [`${name} ${value}`],
      dy: 0,
      mark: atEnd ? paint.targetWords : paint.targetWordsInside,
    });
  }
  const last = data.behind?.rows
    .filter((row) => row.value !== null && (row.complete || !addsUp(data.definition)))
    .at(-1);
  if (data.behind && last) {
    // Where its line ends well before the frame does, the name stands there.
    const x = endOf(last.period_end) >= end - 370 * 24 * 60 * 60 * 1000 ? end : position(last);
    labels.push({ x, y: last.value!, lines: nameLines(data.behind.name), dy: 0, mark: paint.behindWords });
  }
  const usual = data.limits?.at(-1);
  if (usual && !options.compact) {
    const value = formatValue(usual.centre, data.definition, options.language);
    labels.push({ x: end, y: usual.centre, lines: [options.t("chart.usual"), value], dy: 0, mark: paint.usualWords });
  }
  const outside = labels.filter((label) => label.mark !== paint.targetWordsInside);
  const places = spread(
    outside.map((label) => ({ y: pixel(label.y, scale, options.height), size: label.lines.length * lineHeight + 2 })),
    options.height,
  );
  for (const [index, label] of outside.entries())
    // Vega counts the first line's middle; the block should lie around it.
    label.dy = Math.round(
      places[index]! - pixel(label.y, scale, options.height) - ((label.lines.length - 1) * lineHeight) / 2,
    );
  return labels;
}

const lineHeight = 13;

/** A name in lines that fit beside the plot: broken at spaces and after hyphens. */
export function nameLines(name: string, most = 14): string[] {
  const lines: string[] = [];
  for (const part of name.match(/[^\s-]+(?:-\s*|\s+|$)/g) ?? [name]) {
    const last = lines.at(-1);
    if (last !== undefined && (last + part.trimEnd()).length <= most) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.map((line) => line.trimEnd());
}

function labelLayer(labels: EndLabel[], frame: Frame): Layer | null {
  if (!labels.length) return null;
  return {
    layer: labels.map((label) => ({
      data: { values: [{ x: label.x, y: label.y }] },
      mark: { ...label.mark, text: label.lines, ...(label.dy ? { dy: label.dy } : {}) },
      encoding: frame,
    })),
  };
}

/** One invisible column for each period: it lights up and tells what it holds. */
function hoverLayer(data: TrendData, options: TrendOptions, frame: Frame, paint: Paint): Layer | null {
  const running = data.rows[0]?.grain === "r12" || data.rows[0]?.grain === "target";
  const limits = limitsByPeriod(data.limits);
  const values = data.rows.map((row, index) => ({
    x: instant(running ? (data.rows[index - 1]?.period_end ?? row.period_start) : row.period_start),
    x2: endOf(row.period_end),
    tip: trendTip(row, data, options, limits.get(row.period_start)),
  }));
  if (running && values[0]) values[0].x = values[0].x2;
  if (!values.length) return null;
  return {
    name: "periods",
    data: { values },
    params: [{ name: "pointed", select: { type: "point", on: "pointerover", clear: "pointerout" } }],
    mark: paint.hover,
    encoding: {
      x: frame.x,
      x2: { field: "x2" },
      tooltip: { field: "tip", type: "nominal" },
      fillOpacity: { condition: { param: "pointed", empty: false, value: 0.08 }, value: 0 },
    },
  };
}

/** Figures that others published, as small diamonds. */
function referenceLayer(
  data: TrendData,
  options: TrendOptions,
  frame: Frame,
  paint: Paint,
  scale: ValueScale,
  from: string,
  to: string,
): Layer | null {
  const values = (data.references ?? [])
    .map((point) => ({
      x: position({ grain: "year", period_start: point.period_start, period_end: point.period_end }),
      y: point.value,
      tip: referenceTip(point, data.definition, options.language, options.t),
    }))
    .filter((point) => point.x >= instant(from) && point.x <= endOf(to))
    .sort((a, b) => a.x - b.x || a.y - b.y);
  if (!values.length) return null;
  return {
    name: "published",
    data: { values: sideBySide(values, scale, options, endOf(to) - instant(from)) },
    mark: paint.published,
    encoding: { ...frame, tooltip: { field: "tip", type: "nominal" } },
  };
}

/** Diamonds of one period that would lie on each other stand side by side; `span` is the axis in milliseconds. */
function sideBySide<T extends { x: number; y: number }>(
  points: T[],
  scale: ValueScale,
  options: TrendOptions,
  span: number,
): T[] {
  const diamond = 10;
  const overlaps = (a: T, b: T) =>
    a.x === b.x && Math.abs(pixel(a.y, scale, options.height) - pixel(b.y, scale, options.height)) < diamond;
  const groups: T[][] = [];
  for (const point of points) {
    const last = groups.at(-1)?.at(-1);
    if (last && overlaps(last, point)) groups.at(-1)!.push(point);
    else groups.push([point]);
  }
  const step = (diamond / options.width) * span;
  return groups.flatMap((group) =>
    group.map((point, index) => ({ ...point, x: Math.round(point.x + (index - (group.length - 1) / 2) * step) })),
  );
}

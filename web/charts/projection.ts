import type { TopLevelSpec } from "vega-lite";
import type { Definition, SeriesRow } from "../api.ts";
import { formatPeriod, formatShare, formatTarget, numberSigns, type Language } from "../format.ts";
import { margins } from "./frame.ts";
import { palettePaint } from "./marks.ts";
import type { Palette } from "./palette.ts";
import { endOf, instant, readPeriod, type Period } from "./period.ts";
import type { ChartPoint } from "./points.ts";
import { valueScale, pixel, spread } from "./scale.ts";
import { timeAxis, valueAxis } from "./trend.ts";
import type { Translate } from "./words.ts";

/** Staff as it was and as it would go on; all values are shares of the group, 0..1, at the end of half-years. */
export interface ProjectionData {
  definition: Pick<Definition, "kind" | "decimals">;
  /** Figures that are shown, in order of time. */
  rows: SeriesRow[];
  /** Where it starts: the last known state, or what is taken for it. */
  start: { day: string; share: number };
  points: { half: string; share: number; low: number; high: number }[];
  target: { value: number; tolerance: number | null; name: string; from: string } | null;
  /** The half-year at whose end the target is reached. */
  reached: string | null;
}

export interface ProjectionOptions {
  language: Language;
  t: Translate;
  palette: Palette;
  width: number;
  height: number;
}

type Layer = Record<string, unknown>;

/** Staff by half-year as a Vega-Lite spec: what was as a line, what would come dashed within its margin, the target at its own line. */
export function projectionChart(data: ProjectionData, options: ProjectionOptions): TopLevelSpec {
  const { language, t, palette } = options;
  const paint = palettePaint(palette);
  const { ends, first, last, scale } = axesOf(data);
  const x = timeAxis(first, last, "half", options, paint);
  const frame = { x, y: valueAxis(data, scale, paint) };
  const past = data.rows.map((row) => ({ x: instant(row.period_end), y: row.value! }));
  const now = { x: instant(data.start.day), y: data.start.share };
  const ahead = data.points.map((point, index) => ({ x: instant(ends[index]!), ...point, y: point.share }));
  const target = data.target;
  const from = target ? Math.max(instant(target.from), instant(first)) : 0;

  const layers: (Layer | null)[] = [
    target?.tolerance
      ? {
          name: "tolerance",
          data: {
            values: [
              { x: from, x2: endOf(last), y: target.value - target.tolerance, y2: target.value + target.tolerance },
            ],
          },
          mark: paint.tolerance,
          encoding: { ...frame, x2: { field: "x2" }, y2: { field: "y2" } },
        }
      : null,
    {
      name: "margin",
      data: {
        values: [{ x: now.x, y: now.y, y2: now.y }, ...ahead.map(({ x, low, high }) => ({ x, y: low, y2: high }))],
      },
      mark: paint.interval,
      encoding: { ...frame, y2: { field: "y2" } },
    },
    {
      name: "today",
      data: { values: [{ x: now.x, text: t("hrm.projection.now") }] },
      layer: [
        { mark: paint.break, encoding: { x } },
        { mark: { ...paint.breakWords, y: -3 }, encoding: { x, text: { field: "text" } } },
      ],
    },
    target
      ? {
          name: "target",
          data: { values: [{ x: from, x2: endOf(last), y: target.value }] },
          mark: paint.target,
          encoding: { ...frame, x2: { field: "x2" } },
        }
      : null,
    past.length ? { name: "value", data: { values: past }, mark: paint.value, encoding: frame } : null,
    {
      name: "ahead",
      data: { values: [now, ...ahead.map(({ x, y }) => ({ x, y }))] },
      mark: paint.provisionalLine,
      encoding: frame,
    },
    past.length ? { name: "points", data: { values: past }, mark: paint.point, encoding: frame } : null,
    ...reachedLayers(data, ahead, frame, paint),
    labels(data, options, scale, last, frame),
    hover(data, options, frame),
  ];
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: options.width,
    height: options.height,
    padding: margins,
    autosize: { type: "none" },
    background: "transparent",
    config: {
      aria: false,
      font: "Source Sans 3 Variable, Source Sans 3, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif",
      view: { stroke: null },
      locale: { number: numberSigns(language) },
    },
    layer: layers.filter((layer): layer is Layer => layer !== null),
  } as unknown as TopLevelSpec;
}

/** First and last day, the ends of the half-years ahead, and the axis of values. */
function axesOf(data: ProjectionData) {
  const ends = data.points.map(({ half }) => readPeriod(half)!.period_end);
  const aims = data.target ? [data.target.value, data.target.value + (data.target.tolerance ?? 0)] : [];
  const values = [...data.rows.map((row) => row.value), data.start.share, ...data.points.map(({ high }) => high)];
  return {
    ends,
    first: data.rows[0]?.period_end ?? data.start.day,
    last: ends.at(-1) ?? data.start.day,
    scale: valueScale([...values, ...aims], true),
  };
}

/** The half-years from the first that was to the last that would come, where they are drawn. */
export function projectionPoints(data: ProjectionData, options: Omit<ProjectionOptions, "palette">): ChartPoint[] {
  const { first, last, scale } = axesOf(data);
  const [start, end] = [instant(first), endOf(last)];
  return columns(data, options).map(({ period, share, lines }) => ({
    x: ((instant(period.period_end) - start) / (end - start)) * options.width,
    y: pixel(share, scale, options.height),
    lines,
  }));
}

/** A hollow point where the target is reached. */
function reachedLayers(
  data: ProjectionData,
  ahead: { half: string; x: number; y: number }[],
  frame: Layer,
  paint: ReturnType<typeof palettePaint>,
): Layer[] {
  const point = ahead.find(({ half }) => half === data.reached);
  if (!point) return [];
  return [
    { name: "reached", data: { values: [{ x: point.x, y: point.y }] }, mark: paint.provisionalPoint, encoding: frame },
  ];
}

/** The target's name and the share at the end, beside the plot, apart from each other. */
function labels(
  data: ProjectionData,
  options: ProjectionOptions,
  scale: ReturnType<typeof valueScale>,
  last: string,
  frame: Layer,
): Layer {
  const paint = palettePaint(options.palette);
  const end = data.points.at(-1);
  const all = [
    ...(data.target
      ? [
          {
            y: data.target.value,
            lines: [data.target.name, formatTarget(data.target.value, data.definition, options.language)],
            mark: paint.targetWords as Layer,
          },
        ]
      : []),
    ...(end
      ? [
          {
            y: end.share,
            lines: [options.t("hrm.projection.about", { share: formatShare(end.share, options.language, 0) })],
            mark: { ...paint.targetWords, color: options.palette.blue } as Layer,
          },
        ]
      : []),
  ];
  const places = spread(
    all.map(({ y, lines }) => ({ y: pixel(y, scale, options.height), size: lines.length * 13 + 2 })),
    options.height,
  );
  return {
    layer: all.map(({ y, lines, mark }, index) => ({
      data: { values: [{ x: endOf(last), y }] },
      mark: {
        ...mark,
        text: lines,
        dy: Math.round(places[index]! - pixel(y, scale, options.height) - ((lines.length - 1) * 13) / 2),
      },
      encoding: frame,
    })),
  };
}

/** What a half-year held, or would hold: its name first. */
function columns(
  data: ProjectionData,
  { language, t }: Pick<ProjectionOptions, "language" | "t">,
): { period: Period; share: number; lines: string[] }[] {
  const words = (value: number) => formatShare(value, language, 1);
  const column = (period: Period, share: number, ...lines: string[]) => ({
    ...{ period, share },
    lines: [capital(formatPeriod(period, language)), ...lines],
  });
  return [
    ...data.rows.map((row) => column({ ...row, grain: "half" }, row.value!, words(row.value!))),
    ...data.points.map(({ half, share, low, high }) =>
      column(
        readPeriod(half)!,
        share,
        t("hrm.projection.tip", { share: words(share) }),
        t("hrm.projection.tipMargin", { low: words(low), high: words(high) }),
      ),
    ),
  ];
}

/** What a half-year would hold, where the reader points. */
function hover(data: ProjectionData, options: ProjectionOptions, frame: Layer): Layer {
  const values = columns(data, options).map(({ period, lines }) => ({
    x: instant(period.period_start),
    x2: endOf(period.period_end),
    tip: lines.join("\n"),
  }));
  return {
    name: "periods",
    data: { values },
    params: [{ name: "pointed", select: { type: "point", on: "pointerover", clear: "pointerout" } }],
    mark: { ...palettePaint(options.palette).hover, clip: true },
    encoding: {
      x: frame["x"],
      x2: { field: "x2" },
      tooltip: { field: "tip", type: "nominal" },
      fillOpacity: { condition: { param: "pointed", empty: false, value: 0.08 }, value: 0 },
    },
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

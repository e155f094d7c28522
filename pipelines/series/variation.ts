import { readFileSync } from "node:fs";
import path from "node:path";
import { DOUBLE, INTEGER, UTINYINT, type DuckDBResult, type DuckDBType } from "@duckdb/node-api";
import type { Database } from "../database.ts";
import type { Definition } from "../indicators/definition.ts";
import {
  assuranceOf,
  chartOf,
  leastPoints,
  limitsAt,
  ruleSides,
  specialCauses,
  variationOf,
  wideningOf,
  xmrLimits,
  type Chart,
  type Limits,
  type Polarity,
  type RuleSides,
} from "../statistics/control-chart.ts";
import { trendOfShares, trendOfValues, trendPoints, type Trend } from "../statistics/trend.ts";
import { SignalWriter } from "./signals.ts";
import { tableFromJson } from "./table.ts";
import { itemsOf, Writer } from "./writer.ts";

const sql = readFileSync(path.join(import.meta.dirname, "variation.sql"), "utf8");

/** What a variation reads of a definition. */
export type Varied = Pick<Definition, "id" | "polarity" | "stock"> & { kind: string };

/** The points of one series that are shown, in the order of time; NaN is nothing. Days since 1970. */
export interface Points {
  row: number[];
  start: number[];
  end: number[];
  version: number[];
  value: number[];
  numerator: number[];
  denominator: number[];
  lower: number[];
  upper: number[];
  target: number[];
  tolerance: number[];
}

/** The limits of points that no break parts. `lower` and `upper` are null where they differ from point to point: there they are 3 · `dispersion` standard deviations from the centre, which `scale` makes of a share or rate. */
export interface ChartPart {
  chart: Chart;
  from: number;
  to: number;
  centre: number;
  lower: number | null;
  upper: number | null;
  dispersion: number;
  scale: number;
  points: number;
}

const variations = [null, "common", "improvement", "concern", "neutral_high", "neutral_low"] as const;
const assurances = [null, "passes", "fails", "hit_or_miss"] as const;
const trends = [null, "increasing", "decreasing", "none"] as const;
const charts: readonly Chart[] = ["xmr", "p", "u"];
const grains = ["month", "quarter", "half", "year"];

/** What is said of a point. */
export interface Said {
  variation: (typeof variations)[number];
  assurance: (typeof assurances)[number];
  trend: Trend;
}

/** A part of a series between two breaks that has a chart: its points are those from one to before another. */
export interface Charted {
  from: number;
  to: number;
  limits: Limits[];
  sides: RuleSides;
  scale: number;
  chart: Chart;
}

/** Says of each shown total how it varies, and makes the temporary tables `variations` (by the row of `shown`; the view `series` joins it), `limits`, `signals` and `looked_at`. Needs `shown_totals`, `outcomes`, `applied_targets` and `all_breaks`. Nothing withheld is read. */
export async function computeVariation(db: Database, definitions: readonly Varied[]): Promise<void> {
  await tableFromJson(
    db,
    "varied",
    definitions.map(({ id }, indicator_no) => ({ indicator_id: id, indicator_no })),
    { indicator_id: "VARCHAR", indicator_no: "INTEGER" },
  );
  await db.run(sql);
  const breaks = await readBreaks(db);
  const said = await Writer.open(db, "said_codes", [INTEGER, UTINYINT]);
  const limits = await Writer.open(db, "limit_codes", [
    ...Array<DuckDBType>(5).fill(INTEGER),
    UTINYINT,
    ...Array<DuckDBType>(5).fill(DOUBLE),
    INTEGER,
  ]);
  const signals = await SignalWriter.open(db);
  try {
    for await (const { key, points } of readSeries(db, definitions.length)) {
      const { polarity, kind } = definitions[key.indicator]!;
      const parts = partsOf(points, breaks.of(key.indicator, key.unit));
      const isCharted = key.grain <= 2;
      const found = judgeSeries(points, parts, { kind, polarity, isCharted });
      found.said.forEach((each, i) => {
        const code = codeOf(each);
        if (code > 0) said.add([points.row[i]!, code]);
      });
      for (const part of found.charts)
        limits.add([
          ...[key.indicator, key.unit, key.grain, part.from, part.to, charts.indexOf(part.chart)],
          ...[part.centre, part.lower, part.upper, part.dispersion, part.scale, part.points],
        ]);
      signals.add(key, definitions[key.indicator]!, points, found.charted);
    }
    said.flush();
    limits.flush();
    signals.flush();
  } finally {
    said.close();
    limits.close();
    signals.close();
  }
  await db.run(`create or replace temp table variations as
    select row_no, ${wordOf(variations, "said % 8")} as variation, ${wordOf(assurances, "said // 8 % 4")} as assurance,
      ${wordOf(trends, "said // 32")} as trend
    from said_codes`);
  await db.run(`create or replace temp table limits as
    select indicator_id, unit_id, ${wordOf(grains, "grain_no - 1")} as grain, ${wordOf(charts, "chart")} as chart,
      date '1970-01-01' + from_day as "from", date '1970-01-01' + to_day as "to", centre, "lower", "upper", dispersion, scale, points
    from limit_codes join varied using (indicator_no) join numbered_units using (unit_no)
    order by indicator_id, unit_id, grain, "from"`);
  await signals.tell();
}

const codeOf = ({ variation, assurance, trend }: Said): number =>
  variations.indexOf(variation) + 8 * assurances.indexOf(assurance) + 32 * trends.indexOf(trend);

/** The word that a number counted from 0 stands for, as SQL. */
function wordOf(words: readonly (string | null)[], number: string): string {
  return `[${words.map((word) => (word === null ? "null" : `'${word}'`)).join(", ")}][${number} + 1]`;
}

/** Of each point the number of the part that it lies in: a break, or another version of the definition, begins a new one. A period with a break in it belongs to what begins. */
export function partsOf({ end, version }: Pick<Points, "end" | "version">, breaks: readonly number[]): number[] {
  let part = 0;
  let next = 0;
  return end.map((day, i) => {
    const crossed = next;
    while (next < breaks.length && breaks[next]! <= day) next++;
    if (i > 0 && (next > crossed || version[i] !== version[i - 1])) part++;
    return part;
  });
}

/** Variation, assurance and recent trend of each point, and the limits of each part with enough points. */
export function judgeSeries(
  points: Points,
  parts: readonly number[],
  { kind, polarity, isCharted }: { kind: string; polarity: Polarity; isCharted: boolean },
): { said: Said[]; charts: ChartPart[]; charted: Charted[] } {
  const said = points.value.map((_, i): Said => ({
    variation: null,
    assurance: null,
    trend: trendAt(points, parts, i, kind),
  }));
  const found: ChartPart[] = [];
  const charted: Charted[] = [];
  // What runs up from a beginning has no mean to vary around.
  if (!isCharted || kind === "cumulative") return { said, charts: found, charted };
  for (let from = 0; from < parts.length;) {
    let to = from;
    while (to < parts.length && parts[to] === parts[from]) to++;
    if (to - from >= leastPoints) {
      const { part, limits } = chartPart(points, from, to, kind);
      const values = points.value.slice(from, to);
      const sides = ruleSides(values, limits);
      const causes = specialCauses(values, limits, sides);
      causes.forEach((cause, i) => {
        const at = from + i;
        said[at]!.variation = variationOf(cause, polarity);
        said[at]!.assurance = assuranceOf(
          limits[i]!,
          orNull(points.target[at]!),
          polarity,
          orNull(points.tolerance[at]!),
        );
      });
      found.push(part);
      charted.push({ from, to, limits, sides, scale: part.scale, chart: part.chart });
    }
    from = to;
  }
  return { said, charts: found, charted };
}

const orNull = (number: number) => (Number.isNaN(number) ? null : number);

/** The chart of the points from one to before another. Shares and rates whose numbers are not shown, or in which chance has no part (no interval), have an XmR chart. */
function chartPart(points: Points, from: number, to: number, kind: string): { part: ChartPart; limits: Limits[] } {
  const values = points.value.slice(from, to);
  const counts = points.numerator.slice(from, to);
  const of = points.denominator.slice(from, to);
  const hasNumbers =
    counts.every(Number.isFinite) && of.every((n) => n > 0) && points.lower.slice(from, to).every(Number.isFinite);
  const chart = hasNumbers ? chartOf(kind) : "xmr";
  const span = { from: points.start[from]!, to: points.end[to - 1]!, points: to - from };
  if (chart === "xmr") {
    const limits = xmrLimits(values);
    const { centre, lower, upper } = limits;
    return {
      part: { chart, ...span, centre, lower, upper, dispersion: 1, scale: 1 },
      limits: values.map(() => limits),
    };
  }
  const dispersion = wideningOf(chart, counts, of);
  const overall = sum(counts) / sum(of);
  const some = counts.findIndex((count) => count > 0);
  // A rate is shown per so many.
  const scale = some < 0 ? 1 : values[some]! / (counts[some]! / of[some]!);
  const limits = limitsAt(chart, overall, dispersion, of).map((each) => scaled(each, scale));
  return { part: { chart, ...span, centre: overall * scale, lower: null, upper: null, dispersion, scale }, limits };
}

const scaled = ({ centre, lower, upper, nearLower, nearUpper }: Limits, by: number): Limits => ({
  centre: centre * by,
  lower: lower * by,
  upper: upper * by,
  nearLower: nearLower * by,
  nearUpper: nearUpper * by,
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Recent trend of the points that end with this one; null where a break lies among them. */
function trendAt(points: Points, parts: readonly number[], last: number, kind: string): Trend {
  const first = last - trendPoints + 1;
  if (first < 0 || parts[first] !== parts[last] || kind === "cumulative") return null;
  const { numerator, denominator, value, lower, upper } = points;
  if (kind === "share" || kind === "score") {
    let hasNumbers = true;
    for (let i = first; i <= last; i++)
      hasNumbers &&= Number.isFinite(numerator[i]) && denominator[i]! > 0 && Number.isFinite(lower[i]);
    if (hasNumbers) return trendOfShares(numerator, denominator, first);
  }
  return trendOfValues(value, lower, upper, first);
}

/** Days of breaks, of all units and of one, in order. */
async function readBreaks(db: Database): Promise<{ of(indicator: number, unit: number): number[] }> {
  const rows = await db.all<{ indicator_no: number; unit_no: number | null; day: number }>("from parting");
  const days = new Map<string, number[]>();
  for (const { indicator_no, unit_no, day } of rows) {
    const key = `${indicator_no} ${unit_no ?? "all"}`;
    days.set(key, [...(days.get(key) ?? []), day]);
  }
  return {
    of: (indicator, unit) =>
      [...(days.get(`${indicator} all`) ?? []), ...(days.get(`${indicator} ${unit}`) ?? [])].sort((a, b) => a - b),
  };
}

/** Whose series: numbers of `varied` and `numbered_units`; grain 1 is the month, 2 the quarter. */
export interface Key {
  indicator: number;
  unit: number;
  grain: number;
}

const columns = ["row", "start", "end", "version", "value", "numerator", "denominator", "lower", "upper", "target", "tolerance"] as const; // prettier-ignore

/** So many indicators are read at once: few enough for the memory, many enough for the engine. */
const readAtOnce = 8;

/** Series by series. A result is whole before the next is asked for: what is written meanwhile would cut off a stream. */
async function* readSeries(db: Database, indicators: number): AsyncGenerator<{ key: Key; points: Points }> {
  for (let first = 0; first < indicators; first += readAtOnce) {
    const result = await db.connection.run(
      `select indicator_no, unit_no, grain_no, row_no, start_day, end_day, version,
         value, numerator, denominator, lower, upper, target, tolerance
       from varying where indicator_no between $first and $last
       order by indicator_no, unit_no, grain_no, end_day, start_day`,
      { first, last: first + readAtOnce - 1 },
    );
    yield* seriesOf(result);
  }
}

async function* seriesOf(result: DuckDBResult): AsyncGenerator<{ key: Key; points: Points }> {
  let key: Key | null = null;
  let points = noPoints();
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const rows = chunk.rowCount;
    const arrays = Array.from({ length: columns.length + 3 }, (_, i) => itemsOf(chunk!, i));
    const [indicators, units, grainsOf, ...measures] = arrays;
    for (let from = 0; from < rows;) {
      const [indicator, unit, grain] = [indicators![from]!, units![from]!, grainsOf![from]!];
      const isSame: boolean = key !== null && key.unit === unit && key.grain === grain && key.indicator === indicator;
      if (!isSame) {
        if (key) yield { key, points };
        key = { indicator, unit, grain };
        points = noPoints();
      }
      let to = from + 1;
      while (to < rows && units![to] === unit && grainsOf![to] === grain && indicators![to] === indicator) to++;
      columns.forEach((name, column) => {
        const [list, items] = [points[name], measures[column]!];
        for (let i = from; i < to; i++) list.push(items[i]!);
      });
      from = to;
    }
  }
  if (key) yield { key, points };
}

const noPoints = (): Points => Object.fromEntries(columns.map((name) => [name, []])) as unknown as Points;

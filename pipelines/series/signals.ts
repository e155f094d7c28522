import { readFileSync } from "node:fs";
import path from "node:path";
import { DOUBLE, INTEGER, type DuckDBType } from "@duckdb/node-api";
import { literal, type Database } from "../database.ts";
import { rules, trialBelow, variationOf } from "../statistics/control-chart.ts";
import { episodesOf, falseAlarms, isLookedAt, ruleSetOf } from "../statistics/signals.ts";
import type { Charted, Key, Points, Varied } from "./variation.ts";
import { Writer } from "./writer.ts";

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");
const tables = sqlOf("signal-codes.sql");
const signals = sqlOf("signals.sql");

const variations = ["improvement", "concern", "neutral_high", "neutral_low"];

/** So many periods of a grain are twelve months. */
const aYear: Record<number, number> = { 1: 12, 2: 4 };

/** Writes down the signals of series as they are read: of each unit and indicator those of the finest grain that has a chart. */
export class SignalWriter {
  private readonly db: Database;
  private readonly levels: ReadonlyMap<number, string>;
  private readonly episodes: Writer;
  private readonly looked: Writer;
  private told: Key | null = null;

  private constructor(db: Database, levels: ReadonlyMap<number, string>, episodes: Writer, looked: Writer) {
    this.db = db;
    this.levels = levels;
    this.episodes = episodes;
    this.looked = looked;
  }

  static async open(db: Database): Promise<SignalWriter> {
    await db.run(tables);
    const units = await db.all<{ unit_no: number; level: string }>("select unit_no, level from numbered_units");
    const integers = (n: number) => Array<DuckDBType>(n).fill(INTEGER);
    return new SignalWriter(
      db,
      new Map(units.map(({ unit_no, level }) => [unit_no, level])),
      await Writer.open(db, "episode_codes", [...integers(14), ...Array<DuckDBType>(6).fill(DOUBLE)]),
      await Writer.open(db, "looked_codes", [...integers(7)]),
    );
  }

  /** The series of one unit come after each other, the finest grain first. */
  add(key: Key, definition: Varied, points: Points, charted: readonly Charted[]): void {
    if (!(key.grain in aYear) || charted.length === 0) return;
    if (this.told?.indicator === key.indicator && this.told.unit === key.unit) return;
    this.told = key;
    const set = ruleSetOf(this.levels.get(key.unit)!);
    const end = points.value.length - 1;
    let recent = 0;
    let isLastLooked = false;
    for (const part of charted) {
      const { from, to, limits } = part;
      const isLooked = (i: number) =>
        isLookedAt(set, { points: to - from, events: eventsAMonth(key, definition, points, part, from + i) });
      const values = points.value.slice(from, to);
      for (const each of episodesOf(values, limits, set, isLooked, part.sides)) {
        const [first, found, last] = [from + each.first, from + each.found, from + each.last];
        // What ended a year before the series does will not be told.
        if (points.end[last]! <= points.end[end]! - 366) continue;
        const { centre, lower, upper } = limits[each.last]!;
        const variation = variationOf({ rule: each.rule, direction: each.direction }, definition.polarity);
        this.episodes.add([
          ...[key.indicator, key.unit, key.grain, rules.indexOf(each.rule), each.direction],
          ...[variations.indexOf(variation), points.start[first]!, points.start[found]!, points.end[found]!],
          ...[
            points.start[last]!,
            points.end[last]!,
            Number(last === end),
            each.points,
            Number(to - from < trialBelow),
          ],
          ...[points.value[last]!, orNull(points.numerator[last]!), orNull(points.denominator[last]!)],
          ...[centre, lower, upper],
        ]);
      }
      for (let i = Math.max(from, end + 1 - aYear[key.grain]!); i < to; i++) if (isLooked(i - from)) recent++;
      if (to === end + 1) isLastLooked = isLooked(end - from);
    }
    const isAll = Number(set === "all");
    this.looked.add([key.indicator, key.unit, key.grain, points.end[end]!, isAll, Number(isLastLooked), recent]);
  }

  flush(): void {
    this.episodes.flush();
    this.looked.flush();
  }

  close(): void {
    this.episodes.close();
    this.looked.close();
  }

  /** Makes `signals` and `looked_at` of what was written. */
  async tell(): Promise<void> {
    const listOf = (words: readonly string[]) => `[${words.map(literal).join(", ")}]`;
    await this.db.run(
      signals
        .replace("{rules}", listOf(rules))
        .replace("{variations}", listOf(variations))
        .replace("{all}", String(falseAlarms.all))
        .replace("{outside}", String(falseAlarms.outside)),
    );
  }
}

const orNull = (number: number) => (Number.isNaN(number) ? null : number);

/** How many events a month the chart expects at a point; NaN where nothing is counted. A state is of one moment, whatever its period. */
function eventsAMonth(key: Key, { kind, stock }: Varied, points: Points, part: Charted, at: number): number {
  const months = stock ? 1 : 12 / aYear[key.grain]!;
  const { centre } = part.limits[at - part.from]!;
  if (kind === "count") return centre / months;
  if (part.chart === "xmr") return NaN;
  return ((centre / part.scale) * points.denominator[at]!) / months;
}

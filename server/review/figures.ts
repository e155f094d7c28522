import { readFileSync } from "node:fs";
import path from "node:path";
import { listValue } from "@duckdb/node-api";
import type { z } from "zod";
import { targetOf } from "../../web/charts/target.ts";
import { addSentences } from "../sentences.ts";
import { publicFields, type seriesMarks, type seriesRow, type sentences } from "../series-row.ts";
import type { Snapshot } from "../snapshot.ts";
import { rowsOf } from "../table.ts";
import type { Half } from "./half.ts";

const sqlOf = (...parts: string[]) => readFileSync(path.join(import.meta.dirname, ...parts), "utf8");

const overview = sqlOf("..", "routes", "overview.sql");
const earlier = sqlOf("earlier.sql");
const course = sqlOf("course.sql");
const restated = sqlOf("restated.sql");

/** A figure as `/series` has it, with its sentences. */
export type Row = z.output<typeof seriesRow> & z.output<typeof seriesMarks> & z.output<typeof sentences>;

/** A figure with what its target is called (a target figure, a result, …); null without one. */
export interface HalfRow extends Row {
  goal: string | null;
}

/** What a point of a figure's course has: that of its row by the same names. */
export const courseFields = [
  ...["period_start", "period_end", "value", "denominator", "lower", "upper", "target", "target_source", "pace"],
  ...["judgement", "complete", "withheld", "withheld_reason", "band", "band_side"],
] as const;
export type CoursePoint = Pick<Row, (typeof courseFields)[number]>;

/** A figure of a review: at the finest grain that its unit can show, with those that it is compared with. */
export interface ReviewFigure extends HalfRow {
  focus: string;
  previous: Row | null;
  year_before: Row | null;
  /** Up to twelve periods, the last that of the figure itself. */
  course: CoursePoint[];
}

/** A published figure that became another. */
export interface Restated {
  indicator_id: string;
  grain: string;
  period_start: string;
  period_end: string;
  old_value: number | null;
  new_value: number | null;
  restated_at: string;
}

const columnsOf = (snapshot: Snapshot) =>
  [...publicFields, "target_id"].map((name) => snapshot.column(name)).join(", ");

export async function rowsWithSentences<T>(
  snapshot: Snapshot,
  sql: string,
  parameters: Parameters<Snapshot["query"]>[1],
) {
  const table = await snapshot.query(sql.replace("{columns}", columnsOf(snapshot)), parameters);
  return (await rowsOf(addSentences(table, snapshot.catalogue))) as T[];
}

/** The figures of the half-year of units of one level, in the order of the catalogue; `units` null: of all of them, and of the force. */
async function halfRows(snapshot: Snapshot, half: Half, level: string, units: string[] | null): Promise<HalfRow[]> {
  const rows = await rowsWithSentences<Row & { spark?: unknown }>(snapshot, overview, {
    levels: listValue([level]),
    units: units && listValue(units),
    indicators: null,
    grain: "half",
    period_start: half.start,
    period_end: half.end,
    coarser: listValue(["year", "target"]),
  });
  for (const row of rows) delete row.spark;
  return rows.map((row) => ({ ...row, goal: goalOf(snapshot, row) }));
}

/** Of a snapshot that is open what was asked of it: its figures do not change, and every save asks for them. */
class Known<T> {
  readonly #made = new WeakMap<Snapshot, Map<string, Promise<T>>>();
  readonly #most: number;
  constructor(most: number) {
    this.#most = most;
  }

  of(snapshot: Snapshot, name: string, make: () => Promise<T>): Promise<T> {
    const all = this.#made.get(snapshot) ?? new Map<string, Promise<T>>();
    this.#made.set(snapshot, all);
    const made = all.get(name) ?? make();
    all.set(name, made);
    made.catch(() => all.delete(name));
    if (all.size > this.#most) all.delete(all.keys().next().value!);
    return made;
  }
}

const figures = new Known<ReviewFigure[]>(100);
const levels = new Known<HalfRow[]>(8);

/** The figures of a unit's review. */
export const figuresOf = (
  snapshot: Snapshot,
  half: Half,
  unit: { unit_id: string; level: string },
): Promise<ReviewFigure[]> =>
  figures.of(snapshot, `${unit.unit_id} ${half.half}`, () => makeFigures(snapshot, half, unit));

/** The figures of the half-year of all units of the force's second level, and of the force. */
export const unitRows = (snapshot: Snapshot, half: Half): Promise<HalfRow[]> =>
  levels.of(snapshot, half.half, () => halfRows(snapshot, half, "unit", null));

async function makeFigures(
  snapshot: Snapshot,
  half: Half,
  unit: { unit_id: string; level: string },
): Promise<ReviewFigure[]> {
  const rows =
    unit.level === "unit" || unit.level === "force"
      ? // All are asked for at once where those of all units are, as a report of them does.
        (await unitRows(snapshot, half)).filter(({ unit_id }) => unit_id === unit.unit_id)
      : await halfRows(snapshot, half, unit.level, [unit.unit_id]);
  if (rows.length === 0) return [];
  const list = (of: (row: Row) => string) => listValue(rows.map(of));
  const asked = {
    unit: unit.unit_id,
    indicators: list((row) => row.indicator_id),
    grains: list((row) => row.grain),
    starts: list((row) => row.period_start),
    ends: list((row) => row.period_end),
  };
  const beside = await rowsWithSentences<Row & { beside: string }>(snapshot, earlier, asked);
  const points = (await rowsOf(
    await snapshot.query(course.replace("{columns}", columnsOf(snapshot)), asked),
  )) as unknown as Row[];
  const courses = new Map<string, CoursePoint[]>();
  for (const row of points) {
    const point = Object.fromEntries(courseFields.map((name) => [name, row[name]])) as unknown as CoursePoint;
    courses.set(row.indicator_id, [...(courses.get(row.indicator_id) ?? []), point]);
  }
  const found = new Map(beside.map(({ beside, ...row }) => [`${beside} ${row.indicator_id}`, row as Row]));
  return rows.map((row) => ({
    focus: snapshot.catalogue.definitions.get(row.indicator_id)!.focus,
    ...row,
    previous: found.get(`previous ${row.indicator_id}`) ?? null,
    year_before: found.get(`year_before ${row.indicator_id}`) ?? null,
    course: courses.get(row.indicator_id) ?? [],
  }));
}

/** What was restated of a unit's totals since a moment (ISO), up to the half-year's end. */
export async function restatedSince(snapshot: Snapshot, unit: string, half: Half, since: string): Promise<Restated[]> {
  const rows = await rowsOf(
    await snapshot.query(restated, { unit, period_end: half.end, since: since.replace(/Z$/, "") }),
  );
  return rows as unknown as Restated[];
}

function goalOf({ catalogue }: Snapshot, row: Row): string | null {
  const targets = [...catalogue.targets.values()].filter((each) => each.indicator_id === row.indicator_id);
  return targetOf({ targets } as unknown as Parameters<typeof targetOf>[0], row)?.goal ?? null;
}

/** Whether a figure asks for a plan: a target figure that was missed, by more than chance can explain. */
export const asksForPlan = (figure: Pick<ReviewFigure, "judgement" | "goal">): boolean =>
  figure.judgement === "missed" && figure.goal === "streefcijfer";

/** Whether a target was missed, as far as is shown: that asks for a comment. */
export const isMissed = (row: Pick<Row, "judgement">): boolean => row.judgement?.startsWith("missed") ?? false;

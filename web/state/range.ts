import { periodCode, readPeriod, type Period } from "../charts/period.ts";
import type { Patch } from "./address.ts";

/** From the first to the last day; of periods that run up to a day (`r12`) those whose last day lies within count. */
export interface Range {
  from: string;
  to: string;
}

/** Edges between periods: those between them are shown. `[0, 2]` is the first two. */
export type Edges = [first: number, last: number];

/** With fewer periods there is nothing to choose from. */
export const leastPeriods = 4;

const runs = ({ grain }: Period): boolean => grain === "r12" || grain === "target";

/** Rows from the first to the last of which anything is known. */
export function shownPeriods<T extends { judgement: string; withheld: boolean }>(rows: readonly T[]): T[] {
  const isKnown = (row: T) => row.judgement !== "no_data" || row.withheld;
  const first = rows.findIndex(isKnown);
  return first < 0 ? [] : rows.slice(first, rows.findLastIndex(isKnown) + 1);
}

export function isWithin(period: Period, range: Range | null): boolean {
  if (!range) return true;
  const start = runs(period) ? period.period_end : period.period_start;
  return start <= range.to && period.period_end >= range.from;
}

/** The edges that the address names among periods in order of time; all where it names none, or none of these. */
export function readEdges(periods: readonly Period[], from: string | null, to: string | null): Edges {
  const range = { from: dayOf(from, "period_start") ?? "0000-01-01", to: dayOf(to, "period_end") ?? "9999-12-31" };
  const first = periods.findIndex((period) => isWithin(period, range));
  const last = periods.findLastIndex((period) => isWithin(period, range));
  return first < 0 ? [0, periods.length] : [first, last + 1];
}

/** The day that an edge in the address stands for: of the code of a period, or of a day itself. */
function dayOf(code: string | null, side: "period_start" | "period_end"): string | null {
  if (!code) return null;
  return readPeriod(code)?.[side] ?? (/^\d{4}-\d{2}-\d{2}$/.test(code) ? code : null);
}

/** The choices that hold edges in the address; none where all periods are shown. */
export function writeEdges(periods: readonly Period[], [first, last]: Edges): Patch & { from: string | null } {
  const code = (period: Period | undefined) => (period ? periodCode(period) : null);
  return {
    from: first > 0 ? code(periods[first]) : null,
    to: last < periods.length ? code(periods[last - 1]) : null,
  };
}

/** The days from the first edge to the last; null where all periods are shown. */
export function rangeOf(periods: readonly Period[], [first, last]: Edges): Range | null {
  if (first <= 0 && last >= periods.length) return null;
  const [begin, end] = [periods[first], periods[last - 1]];
  return begin && end ? { from: runs(begin) ? begin.period_end : begin.period_start, to: end.period_end } : null;
}

/** Edges after one was moved: the other stays, and at least one period is shown. */
export function moveEdge([first, last]: Edges, which: "first" | "last", to: number, count: number): Edges {
  return which === "first"
    ? [Math.min(Math.max(0, to), last - 1), last]
    : [first, Math.max(Math.min(count, to), first + 1)];
}

/** Edges moved together by so many periods, as far as there are periods. */
export function shiftEdges([first, last]: Edges, by: number, count: number): Edges {
  const step = Math.min(Math.max(by, -first), count - last);
  return [first + step, last + step];
}

/** Edges between two places on a strip, 0..1 from left to right, in whichever order; every period that is touched. */
export function edgesBetween(a: number, b: number, count: number): Edges {
  const [low, high] = [Math.min(a, b), Math.max(a, b)].map((place) => Math.min(Math.max(place, 0), 1) * count) as Edges;
  const first = Math.min(Math.floor(low), count - 1);
  return [first, Math.max(Math.ceil(high), first + 1)];
}

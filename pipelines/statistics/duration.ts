import type { Interval } from "./interval.ts";

/** So many cases that each took so many days. */
export interface Cases {
  days: number;
  cases: number;
}

/** Sample median of closed cases, in days: the middle one, of an even number the mean of the two in the middle; null without cases. Any order; cases above 0. */
export function medianOf(closed: readonly Cases[]): number | null {
  const sorted = inOrder(closed);
  const n = total(sorted);
  if (n === 0) return null;
  return (at(sorted, Math.floor((n + 1) / 2)) + at(sorted, Math.floor(n / 2) + 1)) / 2;
}

/** At least 95% interval of a median by order statistics (Conover 1999, 3.2), in days: from the case of rank `medianRank(n)` to the one as far from the end. Null under 6 cases: no two of them enclose the median so surely. */
export function medianInterval(closed: readonly Cases[]): Interval | null {
  const sorted = inOrder(closed);
  const n = total(sorted);
  const rank = medianRank(n);
  return rank === null ? null : { lower: at(sorted, rank), upper: at(sorted, n + 1 - rank) };
}

/** The highest rank r for which a binomial(n, ½) variable is below r with a chance of at most `tail`: the r-th of n cases in order lies above the median that rarely. Null where there is none. */
export function medianRank(n: number, tail = 0.025): number | null {
  // Chances relative to that of the middle, which neither over- nor underflow where they matter.
  const chances = new Float64Array(n + 1);
  const middle = Math.floor(n / 2);
  chances[middle] = 1;
  for (let k = middle; k > 0; k--) chances[k - 1] = (chances[k]! * k) / (n - k + 1);
  for (let k = middle; k < n; k++) chances[k + 1] = (chances[k]! * (n - k)) / (k + 1);
  const most = tail * chances.reduce((sum, chance) => sum + chance, 0);
  let rank = 0;
  for (let below = chances[0]!; below <= most && rank < n; below += chances[rank]!) rank++;
  return rank === 0 ? null : rank;
}

function inOrder(closed: readonly Cases[]): Cases[] {
  const wrong = closed.find(({ days, cases }) => !Number.isFinite(days) || !Number.isInteger(cases) || cases <= 0);
  if (wrong) throw new RangeError(`no cases: ${wrong.cases} of ${wrong.days} days`);
  return [...closed].sort((one, other) => one.days - other.days);
}

const total = (cells: readonly Cases[]) => cells.reduce((sum, { cases }) => sum + cases, 0);

/** Days of the case with this rank, counted from 1. */
function at(sorted: readonly Cases[], rank: number): number {
  let seen = 0;
  for (const { days, cases } of sorted) if ((seen += cases) >= rank) return days;
  throw new RangeError(`no case of rank ${rank}`);
}

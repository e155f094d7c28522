import { wilson, z95, type Interval } from "./interval.ts";
import { leastSpread } from "./least-spread.ts";
import { chanceOfAtLeast } from "./poisson.ts";

/** How sure limits are: one in twenty lies outside by chance, or one in five hundred. `z` is the standard normal quantile, `tail` the chance on each side. */
export const funnelLevels = {
  95: { z: z95, tail: 0.025 },
  998: { z: 3.090232306167813, tail: 0.001 },
} as const;

export type FunnelLevel = keyof typeof funnelLevels;

/** Where a unit lies among others: within the limits of chance, or outside those at 95% or at 99.8%. Never a rank. */
export type FunnelClass = "within" | "low95" | "high95" | "low998" | "high998";

/** A unit's count and what it is of: people, or exposure. */
export interface FunnelPoint {
  count: number;
  of: number;
}

/** The overall value of units that are compared: sum over sum. Null where there is nothing to divide by. */
export function overallOf(points: readonly FunnelPoint[]): number | null {
  const of = points.reduce((sum, point) => sum + point.of, 0);
  return of > 0 ? points.reduce((sum, point) => sum + point.count, 0) / of : null;
}

/** Shares of `n` whose Wilson interval touches the overall share (Spiegelhalter 2005): that interval is the score test turned round, so they lie z√(c(1-c)/n) from it; within 0..1. */
export function shareLimits(overall: number, n: number, level: FunnelLevel = 95): Interval {
  if (!(n > 0) || !(overall >= 0 && overall <= 1)) throw new RangeError(`no share: ${overall} of ${n}`);
  const distance = funnelLevels[level].z * Math.sqrt((overall * (1 - overall)) / n);
  return { lower: Math.max(0, overall - distance), upper: Math.min(1, overall + distance) };
}

/** Numbers of events whose exact Poisson interval touches the expected number; the lower is 0 where no event at all is within chance. */
export function countLimits(expected: number, level: FunnelLevel = 95): Interval {
  if (!(expected >= 0)) throw new RangeError(`no expected number of events: ${expected}`);
  if (expected === 0) return { lower: 0, upper: 0 };
  const { z, tail } = funnelLevels[level];
  const most = expected + 20 * z * (1 + Math.sqrt(expected));
  return {
    lower: turningPoint((x) => 1 - chanceOfAtLeast(x + 1, expected) >= tail, most),
    upper: turningPoint((x) => chanceOfAtLeast(x, expected) <= tail, most),
  };
}

/** Rates over this exposure whose interval touches the overall rate. */
export function rateLimits(overall: number, exposure: number, level: FunnelLevel = 95): Interval {
  const { lower, upper } = countLimits(overall * exposure, level);
  return { lower: lower / exposure, upper: upper / exposure };
}

/** Whether a unit's share differs from the overall share by more than chance: its Wilson interval does not hold it. */
export function classOfShare(overall: number, { count, of }: FunnelPoint): FunnelClass {
  for (const level of [998, 95] as const) {
    const { lower, upper } = wilson(count, of, funnelLevels[level].z);
    if (upper < overall) return `low${level}`;
    if (lower > overall) return `high${level}`;
  }
  return "within";
}

/** Whether a unit's rate differs from the overall rate by more than chance: its exact Poisson interval does not hold it. */
export function classOfRate(overall: number, { count, of }: FunnelPoint): FunnelClass {
  const expected = overall * of;
  for (const level of [998, 95] as const) {
    const { tail } = funnelLevels[level];
    if (1 - chanceOfAtLeast(count + 1, expected) < tail) return `low${level}`;
    if (chanceOfAtLeast(count, expected) < tail) return `high${level}`;
  }
  return "within";
}

/** Which kind of figures are compared. */
export type FunnelKind = "share" | "rate";

/** So many of the units on each side count as the one next to them: those that stand out must not widen the limits that they are held against. */
const winsorised = 0.1;

/**
 * How much more units differ than chance explains: φ, the mean square of their z scores, of which the outer tenth on each
 * side is drawn in to the 10th and 90th percentile (Spiegelhalter 2005, multiplicative over-dispersion). 1 is chance
 * alone; null for fewer than ten units, or where nothing can vary.
 */
export function spreadOf(kind: FunnelKind, overall: number, points: readonly FunnelPoint[]): number | null {
  const variance = kind === "share" ? overall * (1 - overall) : overall;
  if (points.length < leastSpread || !(variance > 0)) return null;
  const scores = points.map(({ count, of }) => (count / of - overall) / Math.sqrt(variance / of)).sort((a, b) => a - b);
  const [low, high] = [quantileOf(scores, winsorised), quantileOf(scores, 1 - winsorised)];
  return scores.reduce((sum, score) => sum + Math.min(Math.max(score, low), high) ** 2, 0) / scores.length;
}

/** Limits for units that differ in more than chance: √φ times as far from the overall value; never nearer, a share within 0..1, a rate not below 0. */
export function widened(kind: FunnelKind, overall: number, { lower, upper }: Interval, spread: number): Interval {
  const factor = Math.sqrt(Math.max(1, spread));
  return {
    lower: Math.max(0, overall - (overall - lower) * factor),
    upper: Math.min(kind === "share" ? 1 : Infinity, overall + (upper - overall) * factor),
  };
}

/** Where a value lies by the limits at 95% and at 99.8%. */
export function classWithin(value: number, near: Interval, far: Interval): FunnelClass {
  if (value < far.lower) return "low998";
  if (value > far.upper) return "high998";
  if (value < near.lower) return "low95";
  return value > near.upper ? "high95" : "within";
}

/** The value below which a share of sorted values lies, between two of them in proportion (R's type 7). */
function quantileOf(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
}

/** The number from which on the condition holds, by bisection; 0 where it holds from there. */
function turningPoint(holds: (x: number) => boolean, most: number): number {
  if (holds(0)) return 0;
  let low = 0;
  let high = most;
  for (let i = 0; i < 100 && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

import { z95 } from "./interval.ts";

/** A number out of a number, in the order of time. */
export interface Counted {
  count: number;
  of: number;
}

/** A value with its 95% interval, in the order of time. */
export interface Measured {
  value: number;
  lower: number;
  upper: number;
}

/** Where a series is going; null where it cannot be said. */
export type Trend = "increasing" | "decreasing" | "none" | null;

/** The slope of a line over the points, and its χ² with one degree of freedom. */
export interface Slope {
  slope: number;
  chi2: number;
}

/** A recent trend is that of so many points. */
export const trendPoints = 5;

/** χ² with one degree of freedom that chance exceeds once in 500: |z| above 3.09. */
export const trendBound = 9.54953570608324;

/** Recent trend of a share: Cochran-Armitage over the points, if the slope keeps its sign when each is left out (Public Health England, Fingertips recent trends). Null with other than five points. */
export function trendOfShares(points: readonly Counted[]): Trend {
  return trendBy(points, cochranArmitage);
}

/** Recent trend of other values: weighted regression with the same bound and the same care. */
export function trendOfValues(points: readonly Measured[]): Trend {
  return trendBy(points, weightedSlope);
}

/** χ² for trend in shares at equal steps of time (Armitage 1955); null where all or none have it. */
export function cochranArmitage(points: readonly (Counted & { at?: number })[]): Slope | null {
  const times = points.map((point, i) => point.at ?? i);
  const all = sum(points.map(({ of }) => of));
  const share = sum(points.map(({ count }) => count)) / all;
  const middle = sum(points.map(({ of }, i) => of * times[i]!)) / all;
  const moment = sum(points.map(({ count, of }, i) => (count - of * share) * times[i]!));
  const spread = sum(points.map(({ of }, i) => of * (times[i]! - middle) ** 2));
  const variance = share * (1 - share) * spread;
  if (!(variance > 0)) return null;
  return { slope: moment / spread, chi2: moment ** 2 / variance };
}

/** Regression weighted by 1/s², s from the interval's width; null where a value has no width. */
export function weightedSlope(points: readonly (Measured & { at?: number })[], z = z95): Slope | null {
  const times = points.map((point, i) => point.at ?? i);
  const weights = points.map(({ lower, upper }) => ((2 * z) / (upper - lower)) ** 2);
  if (!weights.every((weight) => Number.isFinite(weight) && weight > 0)) return null;
  const all = sum(weights);
  const middle = sum(weights.map((weight, i) => weight * times[i]!)) / all;
  const mean = sum(weights.map((weight, i) => weight * points[i]!.value)) / all;
  const spread = sum(weights.map((weight, i) => weight * (times[i]! - middle) ** 2));
  const slope = sum(weights.map((weight, i) => weight * (times[i]! - middle) * (points[i]!.value - mean))) / spread;
  return { slope, chi2: slope ** 2 * spread };
}

function trendBy<Point>(
  points: readonly Point[],
  fit: (points: readonly (Point & { at: number })[]) => Slope | null,
): Trend {
  if (points.length !== trendPoints) return null;
  const timed = points.map((point, at) => ({ ...point, at }));
  const whole = fit(timed);
  if (!whole) return "none";
  if (whole.chi2 <= trendBound) return "none";
  const sign = Math.sign(whole.slope);
  const holds = timed.every((_, i) => Math.sign(fit(timed.filter((_, j) => j !== i))?.slope ?? 0) === sign);
  if (!holds) return "none";
  return sign > 0 ? "increasing" : "decreasing";
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

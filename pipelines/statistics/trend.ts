import { z95 } from "./interval.ts";

/** Numbers in the order of time, at equal steps. */
type Numbers = ArrayLike<number>;

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

/** Recent trend of the five shares from `first` on: Cochran-Armitage, if the slope keeps its sign when each point is left out (Public Health England, Fingertips recent trends). Null with fewer points. */
export function trendOfShares(counts: Numbers, of: Numbers, first = 0): Trend {
  if (first < 0 || counts.length - first < trendPoints) return null;
  return trendBy((skip) => cochranArmitage(counts, of, first, skip)) ?? "none";
}

/** Recent trend of the five values from `first` on: weighted regression with the same bound and the same care. Null with fewer points, and where a value has no interval. */
export function trendOfValues(values: Numbers, lower: Numbers, upper: Numbers, first = 0): Trend {
  if (first < 0 || values.length - first < trendPoints) return null;
  return trendBy((skip) => weightedSlope(values, lower, upper, { first, skip }));
}

/** χ² for trend in five shares (Armitage 1955); null where all or none have it. */
export function cochranArmitage(counts: Numbers, of: Numbers, first = 0, skip = -1): Slope | null {
  let [n, nt, ntt, x, xt] = [0, 0, 0, 0, 0];
  for (let t = 0; t < trendPoints; t++) {
    if (t === skip) continue;
    const [all, count] = [of[first + t]!, counts[first + t]!];
    n += all;
    nt += all * t;
    ntt += all * t * t;
    x += count;
    xt += count * t;
  }
  const moment = xt - (x / n) * nt;
  const spread = ntt - nt ** 2 / n;
  const variance = (x / n) * (1 - x / n) * spread;
  return variance > 0 ? { slope: moment / spread, chi2: moment ** 2 / variance } : null;
}

/** Regression of five values, weighted by 1/s², s from the interval's width; null where a value has no width. */
export function weightedSlope(
  values: Numbers,
  lower: Numbers,
  upper: Numbers,
  { first = 0, skip = -1, z = z95 } = {},
): Slope | null {
  let [w, wt, wtt, wy, wty] = [0, 0, 0, 0, 0];
  for (let t = 0; t < trendPoints; t++) {
    if (t === skip) continue;
    const weight = ((2 * z) / (upper[first + t]! - lower[first + t]!)) ** 2;
    if (!(weight > 0 && weight < Infinity)) return null;
    const value = values[first + t]!;
    w += weight;
    wt += weight * t;
    wtt += weight * t * t;
    wy += weight * value;
    wty += weight * t * value;
  }
  const spread = wtt - wt ** 2 / w;
  const slope = (wty - (wt * wy) / w) / spread;
  return { slope, chi2: slope ** 2 * spread };
}

function trendBy(fit: (skip: number) => Slope | null): Trend {
  const whole = fit(-1);
  if (!whole) return null;
  if (whole.chi2 <= trendBound) return "none";
  const sign = Math.sign(whole.slope);
  // Rounding leaves a level slope a hair off 0.
  const least = Math.abs(whole.slope) * 1e-9;
  for (let skip = 0; skip < trendPoints; skip++) {
    const slope = fit(skip)?.slope ?? 0;
    if (Math.sign(slope) !== sign || Math.abs(slope) < least) return "none";
  }
  return sign > 0 ? "increasing" : "decreasing";
}

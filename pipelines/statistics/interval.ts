import { chanceOfAtLeast } from "./poisson.ts";

/** A 95% confidence interval, in the unit of the value it belongs to. */
export interface Interval {
  lower: number;
  upper: number;
}

/** Standard normal quantile of 97.5%. */
export const z95 = 1.959963984540054;

/** From this many events on Byar's approximation is used, below it the exact Poisson interval. */
export const byarFrom = 10;

/** Interval of a share `x / n` (Wilson 1927, score method without continuity correction). Counts; `n` above 0 and `x` in 0..n, or a RangeError. */
export function wilson(x: number, n: number, z = z95): Interval {
  if (!(n > 0) || x < 0 || x > n) throw new RangeError(`no share: ${x} of ${n}`);
  const middle = 2 * x + z * z;
  const spread = z * Math.sqrt(z * z + 4 * x * (1 - x / n));
  const scale = 2 * (n + z * z);
  // At its edges the formula is exactly 0 and 1, which rounding misses by a last digit.
  return { lower: x === 0 ? 0 : (middle - spread) / scale, upper: x === n ? 1 : (middle + spread) / scale };
}

/** Interval of a number of events: Byar's approximation (Breslow and Day 1987) from 10 events, exact Poisson below. Divide by the exposure for a rate. */
export function events(x: number, z = z95): Interval {
  if (x < 0) throw new RangeError(`no number of events: ${x}`);
  return x < byarFrom ? exactPoisson(x, z) : byar(x, z);
}

/** Byar's approximation alone. */
export function byar(x: number, z = z95): Interval {
  const above = x + 1;
  return {
    lower: x * (1 - 1 / (9 * x) - z / (3 * Math.sqrt(x))) ** 3,
    upper: above * (1 - 1 / (9 * above) + z / (3 * Math.sqrt(above))) ** 3,
  };
}

/** Means under which `x` events or more, or `x` or fewer, have the tail probability of `z`: half the chi-square quantiles with 2x and 2x + 2 degrees of freedom (Garwood 1936). Between whole numbers too. */
export function exactPoisson(x: number, z = z95): Interval {
  const tail = 1 - normal(z);
  const most = x + 20 * z * (1 + Math.sqrt(x));
  return {
    lower: x === 0 ? 0 : solve((mean) => chanceOfAtLeast(x, mean) - tail, most),
    upper: solve((mean) => chanceOfAtLeast(x + 1, mean) - (1 - tail), most),
  };
}

/** Root of a rising function between 0 and `high`, by bisection to the last digit. */
function solve(rising: (mean: number) => number, high: number): number {
  let low = 0;
  for (let i = 0; i < 200 && high - low > 1e-14; i++) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Standard normal distribution function, by the series of Marsaglia (2004); exact to about 1e-15 for |z| below 7. */
function normal(z: number): number {
  let sum = z;
  let term = z;
  for (let i = 3; Math.abs(term) > 1e-18; i += 2) {
    term *= (z * z) / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

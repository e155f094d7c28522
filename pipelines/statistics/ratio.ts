import { z95, type Interval } from "./interval.ts";

/** A number of events or people over what it is of: exposure, or all people. */
export interface Part {
  count: number;
  of: number;
}

/** A ratio without unit; null where it, or its interval, cannot be said. */
export interface Ratio {
  value: number | null;
  interval: Interval | null;
}

/** Ratio of two rates, with the interval of its logarithm for Poisson counts: variance 1/x₁ + 1/x₂ (Rothman, Greenland and Lash 2008, ch. 14). Without events on a side there is no interval. Counts from 0, exposures above 0. */
export function ratioOfRates(now: Part, then: Part, z = z95): Ratio {
  check(now);
  check(then);
  return ratio(now, then, 1 / now.count + 1 / then.count, z);
}

/** Ratio of two shares of different people, with the interval of its logarithm: variance 1/x₁ - 1/n₁ + 1/x₂ - 1/n₂ (Katz et al. 1978). Counts in 0..of. */
export function ratioOfShares(one: Part, other: Part, z = z95): Ratio {
  for (const part of [one, other]) {
    check(part);
    if (part.count > part.of) throw new RangeError(`no share: ${part.count} of ${part.of}`);
  }
  return ratio(one, other, 1 / one.count - 1 / one.of + 1 / other.count - 1 / other.of, z);
}

/** Change of a count or rate against a baseline: 0.25 is a quarter more. */
export function changeAgainst(now: Part, baseline: Part, z = z95): Ratio {
  const { value, interval } = ratioOfRates(now, baseline, z);
  return {
    value: value === null ? null : value - 1,
    interval: interval && { lower: interval.lower - 1, upper: interval.upper - 1 },
  };
}

function check({ count, of }: Part): void {
  if (!(of > 0) || !(count >= 0)) throw new RangeError(`no rate: ${count} over ${of}`);
}

function ratio(one: Part, other: Part, variance: number, z: number): Ratio {
  if (other.count === 0) return { value: null, interval: null };
  const value = one.count / one.of / (other.count / other.of);
  if (one.count === 0) return { value, interval: null };
  // Rounding can leave the variance of two whole shares just below 0.
  const spread = Math.exp(z * Math.sqrt(Math.max(0, variance)));
  return { value, interval: { lower: value / spread, upper: value * spread } };
}

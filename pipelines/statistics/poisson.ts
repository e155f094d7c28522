import { gammaln } from "simple-statistics";

/** The chance of `x` events or more where so many are expected; between whole numbers too, as the distribution function of a gamma variable with shape x. By its series. */
export function chanceOfAtLeast(x: number, expected: number): number {
  if (x <= 0) return 1;
  if (expected <= 0) return 0;
  let term = Math.exp(x * Math.log(expected) - expected - gammaln(x + 1));
  // So far from what is expected that the first term is too small to be told from 0.
  if (term === 0) return expected > x ? 1 : 0;
  let sum = term;
  for (let i = 1; term > 1e-17 * sum; i++) {
    term *= expected / (x + i);
    sum += term;
  }
  return Math.min(1, sum);
}

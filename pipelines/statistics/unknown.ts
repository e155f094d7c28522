import type { Interval } from "./interval.ts";

/** What people of unknown background could make of a share: none of them dual, or all. `numerator` of `denominator` are known; counts, numerator within the denominator, or a RangeError. Null where there is nobody at all. */
export function boundsOfUnknown(numerator: number, denominator: number, unknown: number): Interval | null {
  if (numerator < 0 || numerator > denominator || unknown < 0)
    throw new RangeError(`no share: ${numerator} of ${denominator}, ${unknown} unknown`);
  const all = denominator + unknown;
  return all === 0 ? null : { lower: numerator / all, upper: (numerator + unknown) / all };
}

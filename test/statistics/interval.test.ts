import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byar, events, wilson, z95 } from "../../pipelines/statistics/interval.ts";

interface Oracle {
  byar: [number, number, number, number][];
  wilson: [number, number, number, number, number][];
  rate_exact_below10: [number, number, number, number, number, number][];
  rate_byar_from10: [number, number, number, number, number, number][];
}

// Reference values of other implementations; the file names them.
const oracle = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "..", "oracles", "ci_funnel.json"), "utf8"),
) as Oracle;

const quantiles: Record<number, number> = { 0.95: z95, 0.998: 3.090232306167813 };

describe("wilson(x, n)", () => {
  it.each(oracle.wilson)("%i of %i at %f is as published", (x, n, level, lower, upper) => {
    const interval = wilson(x, n, quantiles[level]);
    expect(interval.lower).toBeCloseTo(lower, 9);
    expect(interval.upper).toBeCloseTo(upper, 9);
  });

  it("lies within 0..1 around the share, and mirrors with its complement", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100000 }), fc.nat(100000), (n, any) => {
        const x = any % (n + 1);
        const { lower, upper } = wilson(x, n);
        const other = wilson(n - x, n);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual(x / n);
        expect(upper).toBeGreaterThanOrEqual(x / n);
        expect(wilson(n, n).upper).toBe(1);
        expect(wilson(0, n).lower).toBe(0);
        expect(lower).toBeCloseTo(1 - other.upper, 9);
      }),
    );
  });

  it("refuses what is no share", () => {
    expect(() => wilson(0, 0)).toThrow(RangeError);
    expect(() => wilson(3, 2)).toThrow("no share: 3 of 2");
  });
});

describe("events(x)", () => {
  it.each(oracle.byar)("Byar of %i at %f is as published", (x, level, lower, upper) => {
    const interval = byar(x, quantiles[level]);
    expect(interval.lower).toBeCloseTo(lower, 8);
    expect(interval.upper).toBeCloseTo(upper, 8);
  });

  it.each([...oracle.rate_exact_below10, ...oracle.rate_byar_from10])(
    "%i events over %i, times %i, at %f is as published",
    (x, exposure, per, level, lower, upper) => {
      const interval = events(x, quantiles[level]);
      expect((interval.lower / exposure) * per).toBeCloseTo(lower, per > 1000 ? 3 : 6);
      expect((interval.upper / exposure) * per).toBeCloseTo(upper, per > 1000 ? 3 : 6);
    },
  );

  it("of nothing begins at 0 and ends where nothing has a chance of 2.5%", () => {
    expect(events(0).lower).toBe(0);
    expect(Math.exp(-events(0).upper)).toBeCloseTo(0.025, 12);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  classOfRate,
  classOfShare,
  classWithin,
  countLimits,
  funnelLevels,
  type FunnelLevel,
  overallOf,
  rateLimits,
  shareLimits,
  spreadOf,
  widened,
} from "../../pipelines/statistics/funnel.ts";
import { exactPoisson, wilson } from "../../pipelines/statistics/interval.ts";
import { numbersOf, oracle, oracleRows } from "./oracle.ts";

/** What the files call the levels. */
const sides = [
  ["2s", 95],
  ["3s", 998],
] as const;

const published: Record<string, string> = {
  "Not significant": "within",
  "High (0.025)": "high95",
  "Low (0.025)": "low95",
  "High (0.001)": "high998",
  "Low (0.001)": "low998",
};

describe("classOfShare(overall, point)", () => {
  it("puts each of 303 areas where it is published", () => {
    const rows = oracleRows("funnel/testdata_funnel_prop_inputs.csv");
    const counts = numbersOf(rows, "numerator");
    const points = numbersOf(rows, "denominator").map((of, i) => ({ count: counts[i]!, of }));
    const overall = overallOf(points)!;
    expect(points.map((point) => classOfShare(overall, point))).toEqual(
      rows.map((row) => published[row.significance!]),
    );
    expect(rows).toHaveLength(303);
  });
});

describe("shareLimits(overall, n)", () => {
  it.each(["testdata_funnel_prop_outputs.csv", "testdata_funnel_prop_outputs_with_axis_variation.csv"])(
    "is as published in %s",
    (file) => {
      const rows = oracleRows(`funnel/${file}`);
      for (const row of rows) {
        const n = Number(row.Population);
        const overall = Number(row.Baseline) / 100;
        const near = shareLimits(overall, n);
        const far = shareLimits(overall, n, 998);
        expect(Math.abs(near.lower * 100 - Number(row.Lower2s0025limit))).toBeLessThan(2e-6);
        expect(Math.abs(near.upper * 100 - Number(row.Upper2s0025limit))).toBeLessThan(2e-6);
        expect(Math.abs(far.lower * 100 - Number(row.Lower3s0001limit))).toBeLessThan(2e-6);
        expect(Math.abs(far.upper * 100 - Number(row.Upper3s0001limit))).toBeLessThan(2e-6);
      }
      expect(rows).toHaveLength(100);
    },
  );

  it("is where the Wilson interval touches the overall share", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.integer({ min: 200, max: 9000 }), (overall, n) => {
        const { lower, upper } = shareLimits(overall, n);
        expect(wilson(lower * n, n).upper).toBeCloseTo(overall, 9);
        expect(wilson(upper * n, n).lower).toBeCloseTo(overall, 9);
      }),
    ); // prettier-ignore
  });
});

describe("countLimits(expected)", () => {
  /** The files were found by trial: they are right to 1e-6, of a number above 1 relative to it. */
  const near = (one: number, other: number) => expect(Math.abs(one - other)).toBeLessThan(1e-6 * Math.max(1, other));

  it("is as published: numbers of events against the expected numbers that they touch", () => {
    const rows = oracleRows("funnel/testdata_funnel_ratio_outputs.csv");
    for (const row of rows) {
      const observed = Number(row.Observed_events);
      for (const [side, level] of sides) {
        const lowest = Number(row[`lower_${side}_exp_events`]);
        const highest = Number(row[`upper_${side}_exp_events`]);
        near(exactPoisson(observed, funnelLevels[level].z).upper, lowest);
        near(exactPoisson(observed, funnelLevels[level].z).lower, highest);
        expect(countLimits(lowest, level).lower / observed).toBeCloseTo(1, 5);
        // Of one event the file has five digits.
        expect(countLimits(highest, level).upper / observed).toBeCloseTo(1, observed === 1 ? 4 : 5);
        expect((observed / lowest) * 100).toBeCloseTo(Number(row[`lower_${side}_isr`]), 5);
      }
    }
    expect(rows).toHaveLength(100);
  });

  it("puts each of 300 areas where it is published", () => {
    const rows = oracleRows("funnel/testdata_funnel_ratio_inputs.csv");
    const expected = numbersOf(rows, "expected");
    const classes = numbersOf(rows, "obs").map((count, i) => classOfRate(1, { count, of: expected[i]! }));
    expect(classes).toEqual(rows.map((row) => published[row.significance!]));
    expect(rows).toHaveLength(300);
  });

  it("is 0 below where even nothing is within chance, and lies around what is expected", () => {
    expect(countLimits(2).lower).toBe(0);
    expect(countLimits(0)).toEqual({ lower: 0, upper: 0 });
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 5000, noNaN: true }), (expected) => {
        const limits = countLimits(expected);
        const wide = countLimits(expected, 998);
        expect(limits.lower).toBeLessThanOrEqual(expected);
        expect(limits.upper).toBeGreaterThanOrEqual(expected);
        expect(wide.lower).toBeLessThanOrEqual(limits.lower);
        expect(wide.upper).toBeGreaterThanOrEqual(limits.upper);
      }),
    );
  });
});

describe("rateLimits(overall, exposure)", () => {
  it("is as published: events of three years per 100,000 against the populations that they touch", () => {
    const rows = oracleRows("funnel/testdata_funnel_rate_outputs.csv");
    for (const row of rows) {
      const overall = Number(row.baseline) / 100_000;
      for (const [side, level] of sides) {
        const low = rateLimits(overall, Number(row[`lower_${side}_population_1_year`]) * 3, level).lower;
        const high = rateLimits(overall, Number(row[`upper_${side}_population_1_year`]) * 3, level).upper;
        expect((low * 100_000) / Number(row[`lower_${side}_limit`])).toBeCloseTo(1, 5);
        expect((high * 100_000) / Number(row[`upper_${side}_limit`])).toBeCloseTo(1, 4);
      }
    }
    expect(rows).toHaveLength(100);
  });

  it("has the exposure that a published rate stands for", () => {
    for (const row of oracleRows("funnel/testdata_funnel_rate_input_funnels.csv")) {
      const of = Number(row.denominator_derived_crude) * 3;
      expect(overallOf([{ count: Number(row.ev), of }])! * 100_000).toBeCloseTo(Number(row.rate_chart_crude), 4);
    }
  });

  it("agrees with the limits of another implementation, of exact Poisson intervals", () => {
    const { funnelplotR_poisson: other } = oracle<{ funnelplotR_poisson: Record<string, number[]> }>("ci_funnel.json");
    other.n!.forEach((n, i) => {
      expect(exactPoisson(n).lower / n).toBeCloseTo(other.ll95![i]!, 6);
      expect(exactPoisson(n).upper / n).toBeCloseTo(other.ul95![i]!, 6);
      expect(exactPoisson(n, funnelLevels[998].z).lower / n).toBeCloseTo(other.ll998![i]!, 6);
      expect(exactPoisson(n, funnelLevels[998].z).upper / n).toBeCloseTo(other.ul998![i]!, 6);
    });
  });
});

describe("a funnel", () => {
  it("does not mind the order of units, and its classes are where its limits are", () => {
    const point = fc.record({ count: fc.integer({ min: 10, max: 200 }), of: fc.integer({ min: 200, max: 4000 }) });
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 40 }), (points) => {
        const overall = overallOf(points)!;
        expect(overallOf([...points].reverse())).toBeCloseTo(overall, 12);
        for (const each of points) {
          const value = each.count / each.of;
          for (const [found, limits] of [
            [classOfShare(overall, each), (level: FunnelLevel) => shareLimits(overall, each.of, level)],
            [classOfRate(overall, each), (level: FunnelLevel) => rateLimits(overall, each.of, level)],
          ] as const) {
            const outside = (level: FunnelLevel) =>
              value < limits(level).lower - 1e-9 || value > limits(level).upper + 1e-9;
            if (found === "within") expect(outside(95)).toBe(false);
            if (outside(998)) expect(found).toMatch(/998$/);
          }
        }
      }),
    );
  });
});

describe("spreadOf(kind, overall, points)", () => {
  // Eleven units of 100 around a half: one standard error is 0.05, so each z is a fifth of the count beside 50.
  const scores = [-4, -2, -1, -1, 0, 0, 0, 1, 1, 2, 4];
  const units = scores.map((z) => ({ count: 50 + 5 * z, of: 100 }));

  it("is as worked by hand: -4 and 4 are drawn in to -2 and 2, and the mean square is 20 / 11", () => {
    expect(overallOf(units)).toBe(0.5);
    expect(spreadOf("share", 0.5, units)).toBeCloseTo(20 / 11, 12);
  });

  it("lies between two units where a percentile does: of ten, nine tenths of the way to the outer one", () => {
    // Sorted -4 … 3: the 10th percentile is -4 + 0.9 × 2 = -2.2, the 90th 2 + 0.1 × 1 = 2.1. Nine of rates alike.
    const ten = [-4, -2, -1, -1, 0, 0, 1, 1, 2, 3].map((z) => ({ count: 100 + 10 * z, of: 100 }));
    const squares = 2.2 ** 2 + 4 + 1 + 1 + 1 + 1 + 4 + 2.1 ** 2;
    expect(spreadOf("rate", 1, ten)).toBeCloseTo(squares / 10, 12);
  });

  it("says nothing of fewer than ten units, or where nothing can vary", () => {
    expect(spreadOf("share", 0.5, units.slice(1, 10))).toBeNull();
    expect(spreadOf("share", 0, units)).toBeNull();
    expect(spreadOf("share", 1, units)).toBeNull();
    expect(spreadOf("rate", 0, units)).toBeNull();
  });

  it("is not widened by one unit that stands out, however far", () => {
    const far = (count: number) => spreadOf("rate", 1, [...units.map(({ of }) => ({ count: of, of })), { count, of: 100 }, { count: 100, of: 100 }]); // prettier-ignore
    expect(far(1000)).toBe(far(400));
  });

  it("is about 1 of the 303 published areas only if they differed by chance; they differ in far more", () => {
    const rows = oracleRows("funnel/testdata_funnel_prop_inputs.csv");
    const counts = numbersOf(rows, "numerator");
    const points = numbersOf(rows, "denominator").map((of, i) => ({ count: counts[i]!, of }));
    expect(spreadOf("share", overallOf(points)!, points)).toBeGreaterThan(10);
  });
});

describe("widened(kind, overall, limits, spread)", () => {
  it("is √φ times as far: with φ = 4 twice, within what can be, and never nearer", () => {
    const near = shareLimits(0.5, 100);
    const wide = widened("share", 0.5, near, 4);
    expect(wide.upper - 0.5).toBeCloseTo(2 * (near.upper - 0.5), 12);
    expect(wide.lower).toBeCloseTo(1 - wide.upper, 12);
    expect(widened("share", 0.5, near, 0.3)).toEqual(near);
    expect(widened("share", 0.9, shareLimits(0.9, 20), 9)).toEqual({ lower: expect.any(Number), upper: 1 });
    expect(widened("rate", 0.01, rateLimits(0.01, 200), 9).lower).toBe(0);
  });

  it("leaves units in the class that they have where there is nothing but chance", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.integer({ min: 20, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (overall, of, place) => {
        const count = Math.round(of * place);
        const limits = ([95, 998] as const).map((level) => widened("share", overall, shareLimits(overall, of, level), 1));
        const value = count / of;
        // On the limit itself rounding decides.
        fc.pre(limits.every(({ lower, upper }) => Math.min(Math.abs(value - lower), Math.abs(value - upper)) > 1e-9));
        expect(classWithin(value, limits[0]!, limits[1]!)).toBe(classOfShare(overall, { count, of }));
      }),
    ); // prettier-ignore
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cochranArmitage,
  trendBound,
  trendOfShares,
  trendOfValues,
  weightedSlope,
} from "../../pipelines/statistics/trend.ts";
import { wilson } from "../../pipelines/statistics/interval.ts";
import { oracle } from "./oracle.ts";

type Row = [year: number, count: number, of: number, value: number, lower: number, upper: number];

interface Oracle {
  crit_chi2: number;
  points: number;
  set1: { rows: Row[]; chi2: number; significant: boolean; chi2_proportion: number };
  set2: { rows: Row[]; chi2: number; significant: boolean };
}

const { set1, set2, crit_chi2 } = oracle<Oracle>("trend.json");
type Columns = [number[], number[], number[]];
const measured = (rows: Row[]): Columns => [3, 4, 5].map((i) => rows.map((row) => row[i]!)) as Columns;
const counted = (rows: Row[]): [number[], number[]] => [rows.map((row) => row[1]), rows.map((row) => row[2])];
const ofThousand = (counts: number[]): [number[], number[]] => [counts, counts.map(() => 1000)];

describe("trendOfValues(points)", () => {
  it.each([set1, set2])("has the χ² $chi2 that is published", ({ rows, chi2, significant }) => {
    // The published one takes 1.96 for the width of an interval.
    expect(weightedSlope(...measured(rows), { z: 1.96 })!.chi2).toBeCloseTo(chi2, 2);
    expect(trendOfValues(...measured(rows))).toBe(significant ? "increasing" : "none");
    expect(trendBound).toBe(crit_chi2);
  });

  it("is the other way round for the points turned round", () => {
    expect(trendOfValues(...measured([...set1.rows].reverse()))).toBe("decreasing");
  });

  it("cannot be said of fewer than five points, nor of values without an interval", () => {
    expect(trendOfValues(...measured(set1.rows.slice(1)))).toBeNull();
    expect(trendOfValues([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5])).toBeNull();
  });
});

describe("trendOfShares(points)", () => {
  it("has the χ² that is published", () => {
    expect(cochranArmitage(...counted(set1.rows))!.chi2).toBeCloseTo(set1.chi2_proportion, 2);
    expect(trendOfShares(...counted(set1.rows))).toBe("increasing");
    expect(trendOfShares(...counted(set2.rows))).toBe("none");
  });

  it("is none where one point alone makes the slope", () => {
    const points = ofThousand([200, 200, 200, 200, 300]);
    expect(cochranArmitage(...points)!.chi2).toBeGreaterThan(trendBound);
    // Without the last there is no slope at all.
    expect(trendOfShares(...points)).toBe("none");
    expect(trendOfShares(...ofThousand([180, 200, 220, 240, 300]))).toBe("increasing");
  });

  it("is none where all have it, or none", () => {
    expect(trendOfShares(...ofThousand([0, 0, 0, 0, 0]))).toBe("none");
    expect(trendOfShares(...ofThousand([1000, 1000, 1000, 1000, 1000]))).toBe("none");
  });

  it("turns with the complement and with time, and agrees in sign with weighted regression where that is sure", () => {
    const point = fc.record({ count: fc.integer({ min: 100, max: 400 }), of: fc.integer({ min: 500, max: 900 }) });
    const turned = { increasing: "decreasing", decreasing: "increasing", none: "none" } as const;
    fc.assert(
      fc.property(fc.array(point, { minLength: 5, maxLength: 5 }), (points) => {
        const counts = points.map(({ count }) => count);
        const of = points.map((point) => point.of);
        const others = points.map(({ count, of }) => of - count);
        const trend = trendOfShares(counts, of)!;
        expect(trendOfShares([...counts].reverse(), [...of].reverse())).toBe(turned[trend]);
        expect(trendOfShares(others, of)).toBe(turned[trend]);
        const intervals = points.map(({ count, of }) => wilson(count, of));
        const other = trendOfValues(
          points.map(({ count, of }) => count / of),
          intervals.map(({ lower }) => lower),
          intervals.map(({ upper }) => upper),
        );
        if (trend !== "none" && other !== "none") expect(other).toBe(trend);
      }),
    );
  });
});

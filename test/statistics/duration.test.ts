import fc from "fast-check";
import { medianSorted } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { medianInterval, medianOf, medianRank } from "../../pipelines/statistics/duration.ts";

const each = (days: number[]) => days.map((day) => ({ days: day, cases: 1 }));

describe("medianOf(closed)", () => {
  it("is the middle case, and between two the mean", () => {
    expect(medianOf(each([30, 10, 20]))).toBe(20);
    expect(medianOf(each([10, 20, 30, 45]))).toBe(25);
    expect(medianOf([{ days: 12, cases: 3 }, { days: 90, cases: 1 }])).toBe(12); // prettier-ignore
    expect(medianOf([])).toBeNull();
  });

  it("is that of the cases one by one, in whatever order and grouping, and lies in its interval", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ days: fc.nat(400), cases: fc.integer({ min: 1, max: 9 }) }), { minLength: 1 }),
        (cells) => {
          const days = cells.flatMap((cell) => Array<number>(cell.cases).fill(cell.days)).sort((a, b) => a - b);
          expect(medianOf(cells)).toBe(medianSorted(days));
          expect(medianOf([...cells].reverse())).toBe(medianOf(each(days)));
          const interval = medianInterval(cells);
          expect(interval === null).toBe(days.length < 6);
          if (!interval) return;
          expect(interval.lower).toBeLessThanOrEqual(medianOf(cells)!);
          expect(interval.upper).toBeGreaterThanOrEqual(medianOf(cells)!);
        },
      ),
    );
  });

  it("refuses what are no cases", () => {
    expect(() => medianOf([{ days: 3, cases: 0 }])).toThrow("no cases: 0 of 3 days");
  });
});

describe("medianRank(n)", () => {
  // Tables of the sign test's critical values, two-sided 5%: rank = critical value + 1.
  it.each([
    [5, null],
    [6, 1],
    [8, 1],
    [9, 2],
    [10, 2],
    [15, 4],
    [20, 6],
    [25, 8],
    [50, 18],
    [100, 40],
  ])("of %i cases is %s, as the sign test has it", (n, rank) => {
    expect(medianRank(n)).toBe(rank);
  });

  it("of thousands of cases is what the normal approximation says, give or take one", () => {
    for (const n of [2000, 5000, 20000])
      expect(Math.abs(medianRank(n)! - (n / 2 - (1.959964 * Math.sqrt(n)) / 2))).toBeLessThan(1.5);
  });
});

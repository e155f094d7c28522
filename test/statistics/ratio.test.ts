import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeAgainst, ratioOfRates, ratioOfShares } from "../../pipelines/statistics/ratio.ts";

const part = fc.record({ count: fc.integer({ min: 1, max: 500 }), of: fc.integer({ min: 500, max: 9000 }) });

describe("ratioOfShares(one, other)", () => {
  it("is as worked by hand", () => {
    // 30 of 100 against 20 of 100: 1.5; variance 1/30 - 1/100 + 1/20 - 1/100 = 0.0633333, root 0.2516611.
    const { value, interval } = ratioOfShares({ count: 30, of: 100 }, { count: 20, of: 100 });
    expect(value).toBeCloseTo(1.5, 12);
    expect(interval!.lower).toBeCloseTo(1.5 * Math.exp(-1.959963984540054 * 0.25166114784), 9);
    expect(interval!.upper).toBeCloseTo(2.45644, 4);
    expect(interval!.lower).toBeCloseTo(0.91596, 4);
  });

  it("says of nobody on a side what it can", () => {
    expect(ratioOfShares({ count: 0, of: 9 }, { count: 3, of: 9 })).toEqual({ value: 0, interval: null });
    expect(ratioOfShares({ count: 3, of: 9 }, { count: 0, of: 9 })).toEqual({ value: null, interval: null });
    expect(ratioOfShares({ count: 9, of: 9 }, { count: 7, of: 7 })).toEqual({ value: 1, interval: { lower: 1, upper: 1 } }); // prettier-ignore
  });

  it("refuses what is no share", () => {
    expect(() => ratioOfShares({ count: 10, of: 9 }, { count: 3, of: 9 })).toThrow("no share: 10 of 9");
    expect(() => ratioOfShares({ count: 1, of: 0 }, { count: 3, of: 9 })).toThrow("no rate: 1 over 0");
  });
});

describe("ratioOfRates(now, then)", () => {
  it("contains the value, turns over with its sides and is narrower for shares than for events", () => {
    fc.assert(
      fc.property(part, part, (one, other) => {
        const { value, interval } = ratioOfRates(one, other);
        expect(interval!.lower).toBeLessThan(value!);
        expect(interval!.upper).toBeGreaterThan(value!);
        const turned = ratioOfRates(other, one);
        expect(turned.value! * value!).toBeCloseTo(1, 9);
        expect(turned.interval!.lower * interval!.upper).toBeCloseTo(1, 9);
        const shares = ratioOfShares(one, other).interval!;
        expect(shares.upper - shares.lower).toBeLessThan(interval!.upper - interval!.lower);
      }),
    );
  });
});

describe("changeAgainst(now, baseline)", () => {
  it("is the ratio less one, as worked by hand", () => {
    // 125 against 100 events over the same time: +25%; variance 1/125 + 1/100 = 0.018, root 0.1341641.
    const { value, interval } = changeAgainst({ count: 125, of: 1 }, { count: 100, of: 1 });
    expect(value).toBeCloseTo(0.25, 12);
    expect(interval!.lower).toBeCloseTo(1.25 * Math.exp(-1.959963984540054 * Math.sqrt(0.018)) - 1, 12);
    expect(interval!.lower).toBeCloseTo(-0.03904, 4);
    expect(interval!.upper).toBeCloseTo(0.62597, 4);
  });
});

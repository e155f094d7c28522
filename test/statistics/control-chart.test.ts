import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assuranceOf,
  chartOf,
  dispersionOf,
  endsOfRun,
  endsOfTrend,
  inTwoOfThree,
  partOfSeven,
  partOfTwoOfThree,
  pLimits,
  readableEdge,
  specialCauses,
  uLimits,
  variationOf,
  wideningOf,
  xmrLimits,
  type Limits,
} from "../../pipelines/statistics/control-chart.ts";
import { numbersOf, oracle, oracleRows } from "./oracle.ts";

type Vectors = [number[], number[]][];

interface Oracle {
  series_rnorm20_seed123: number[];
  limits: { name: string; screen: boolean; mean: number; lpl: number; upl: number }[];
  vignette: {
    series: number[];
    screened: { mean: number; lpl: number; upl: number };
    unscreened: { mean: number; lpl: number; upl: number };
  };
  shift7: Vectors;
  part_of_seven: Vectors;
  trend7: Vectors;
  two_in_three: [number[], number[], number[]][];
  part_of_two_in_three: Vectors;
  opposite_sides: { series: number[]; last_two: string };
  assurance: { lpl: number[]; upl: number[]; target: number; increase: string[]; decrease: string[]; neutral: null };
}

const spc = oracle<Oracle>("spc.json");

describe("xmrLimits(values)", () => {
  const random = spc.series_rnorm20_seed123;
  const disturbed = random.with(14, 10);
  const series = [random, disturbed, disturbed, random.slice(0, 10), random.slice(10)];

  it.each(spc.limits.map((limits, i) => ({ ...limits, values: series[i]! })))(
    "is as published for $name",
    ({ name, values, screen, mean, lpl, upl }) => {
      const limits = xmrLimits(values, screen);
      const digits = name.startsWith("facet") ? 1 : 5;
      expect(limits.centre).toBeCloseTo(mean, name.startsWith("facet") ? 3 : 6);
      expect(limits.lower).toBeCloseTo(lpl, digits);
      expect(limits.upper).toBeCloseTo(upl, digits);
      expect(limits.nearUpper - limits.centre).toBeCloseTo(((limits.upper - limits.centre) * 2) / 3, 12);
    },
  );

  it("sets a wild range aside once, so that one point does not hide itself", () => {
    const { series, screened, unscreened } = spc.vignette;
    for (const [screen, wanted] of [
      [true, screened],
      [false, unscreened],
    ] as const) {
      // prettier-ignore
      const limits = xmrLimits(series, screen);
      expect(limits.centre).toBeCloseTo(wanted.mean, 2);
      expect(limits.lower).toBeCloseTo(wanted.lpl, 1);
      expect(limits.upper).toBeCloseTo(wanted.upl, 1);
    }
    const limits = xmrLimits(series);
    const found = specialCauses(series, series.map(() => limits)); // prettier-ignore
    expect(found.flatMap((cause, i) => (cause ? [[i + 1, cause.rule]] : []))).toEqual([[5, "outside"]]);
  });

  it("is as published for limits of the first twenty points, with 3/1.128 for 2.66", () => {
    const rows = oracleRows("charts/ex_6.5_3.csv");
    const { centre, upper } = xmrLimits(numbersOf(rows.filter((row) => row.baseline === "True"), "y")); // prettier-ignore
    for (const row of rows) {
      expect(centre).toBeCloseTo(Number(row.cl), 9);
      expect(((upper - centre) * 3) / 1.128 / 2.66).toBeCloseTo(Number(row.ucl) - Number(row.cl), 9);
    }
  });

  it("is as published for times between events, on their root of 3.6", () => {
    const rows = oracleRows("charts/ex_7.6_1.csv");
    const { centre, upper, lower } = xmrLimits(numbersOf(rows, "y").map((days) => days ** (1 / 3.6)));
    expect(centre ** 3.6).toBeCloseTo(Number(rows[0]!.cl), 6);
    expect((centre + ((upper - centre) * 3) / 1.128 / 2.66) ** 3.6).toBeCloseTo(Number(rows[0]!.ucl), 6);
    expect(Math.max(0, lower)).toBe(Number(rows[0]!.lcl));
  });

  it("scales and shifts with the data", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: -500, max: 500 }),
        (values, scale, shift) => {
          const plain = xmrLimits(values);
          const moved = xmrLimits(values.map((value) => value * scale + shift));
          expect(moved.centre).toBeCloseTo(plain.centre * scale + shift, 6);
          expect(moved.upper - moved.centre).toBeCloseTo((plain.upper - plain.centre) * scale, 6);
          expect(plain.lower).toBeLessThanOrEqual(plain.centre);
        },
      ),
    );
  });

  it("refuses one point", () => {
    expect(() => xmrLimits([3])).toThrow("limits need two points; there are 1");
  });
});

describe("pLimits(counts, of), uLimits(counts, of)", () => {
  it.each([
    ["p", "tbl_7.4_1", 1],
    ["p", "ex_7.1_5", 1],
    ["u", "ex_7.4_1", 1],
    ["u", "ex_7.5_1", 50],
    ["c", "ex_7.3_3", 1],
  ] as const)("a %s chart is as published in %s.csv", (chart, name, per) => {
    for (const part of ["1", "2"]) {
      const rows = oracleRows(`charts/${name}.csv`).filter((row) => row.part === part);
      if (rows.length === 0) continue;
      const used = rows.filter((row) => row.baseline === "True" && row.include === "True");
      const exposure = (some: Record<string, string>[]) =>
        chart === "c" ? some.map(() => 1) : numbersOf(some, "n").map((n) => n / per);
      const counts = numbersOf(used, "y.sum");
      const limits = chart === "p" ? pLimits(counts, exposure(used)) : uLimits(counts, exposure(used));
      used.forEach((row, i) => {
        expect(limits[i]!.centre).toBeCloseTo(Number(row.cl), 9);
        expect(limits[i]!.lower).toBeCloseTo(Number(row.lcl), 9);
        expect(limits[i]!.upper).toBeCloseTo(Number(row.ucl), 9);
      });
    }
  });

  it("come nearer with more people, and do not mind the order", () => {
    const point = fc.record({ y: fc.nat(50), n: fc.integer({ min: 50, max: 500 }) });
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 40 }), (points) => {
        const limits = pLimits(points.map(({ y }) => y), points.map(({ n }) => n)); // prettier-ignore
        const turned = pLimits(points.map(({ y }) => y).reverse(), points.map(({ n }) => n).reverse()); // prettier-ignore
        expect(turned.reverse()).toEqual(limits);
        const largest = limits[points.findIndex(({ n }) => n === Math.max(...points.map((each) => each.n)))]!;
        for (const each of limits) expect(each.upper).toBeGreaterThanOrEqual(largest.upper);
      }),
    );
  });
});

describe("dispersionOf(chart, counts, of)", () => {
  it("is the mean step of the standardised points over 1.128, as worked by hand", () => {
    // Shares 0.4, 0.6, 0.4 of 100: centre 0.46667, deviation 0.0498888, so both steps are 0.2 / 0.0498888 = 4.008919.
    expect(dispersionOf("p", [40, 60, 40], [100, 100, 100])).toBeCloseTo(4.00891863 / 1.128, 6);
    // Rates 1, 3 per 1: centre 2, deviation 1.41421: one step of 1.414214.
    expect(dispersionOf("u", [1, 3], [1, 1])).toBeCloseTo(Math.SQRT2 / 1.128, 9);
    expect(dispersionOf("p", [0, 0], [10, 20])).toBe(1);
  });

  it("widens the limits only where points are large and differ more than chance explains", () => {
    expect(wideningOf("p", [40, 60, 40], [100, 100, 100])).toBe(1);
    expect(wideningOf("p", [400, 600, 400], [1000, 1000, 1000])).toBeGreaterThan(10);
    expect(wideningOf("p", [400, 400, 400], [1000, 1000, 1000])).toBe(1);
    const [plain] = uLimits([100, 100], [10, 10]);
    const [wide] = uLimits([100, 100], [10, 10], 2);
    expect(wide!.upper - 10).toBeCloseTo((plain!.upper - 10) * 2, 12);
  });
});

describe("specialCauses(values, limits)", () => {
  it.each(spc.shift7)("seven on one side: %j ends runs at %j", (sides, wanted) => {
    expect(endsOfRun(sides).map(Math.abs)).toEqual(wanted);
  });

  it.each(spc.trend7)("seven in a trend: %j ends trends at %j", (values, wanted) => {
    expect(endsOfTrend(values)).toEqual(wanted);
  });

  it.each(spc.part_of_seven)("all seven are part of a run that ends at %j", (ends, wanted) => {
    expect(partOfSeven(ends).map(Number)).toEqual(wanted);
  });

  it.each(spc.two_in_three)("two of three: %j on sides %j are in %j", (near, sides, wanted) => {
    expect(inTwoOfThree(near.map(Boolean), sides).map(Number)).toEqual(wanted);
  });

  it.each(spc.part_of_two_in_three)("of two of three in %j those are marked that lie near: %j", (near, wanted) => {
    expect(partOfTwoOfThree(near.map(Boolean), near.map(() => 1)).map(Number)).toEqual(wanted); // prettier-ignore
  });

  it("does not take two far points on opposite sides for two of three", () => {
    const { series } = spc.opposite_sides;
    const limits = xmrLimits(series);
    expect(specialCauses(series, series.map(() => limits)).slice(-2)).toEqual([null, null]); // prettier-ignore
  });

  it("gives a point the first rule that holds, and all points of a run the same", () => {
    const limits: Limits = { centre: 10, lower: 4, upper: 16, nearLower: 6, nearUpper: 14 };
    const found = (values: number[]) =>
      specialCauses(values, values.map(() => limits)).map((cause) => cause && `${cause.rule} ${cause.direction}`); // prettier-ignore
    expect(found([9, 11, 12, 13, 14, 15, 16, 17])).toEqual([...Array<string>(7).fill("trend 1"), "outside 1"]);
    expect(found([11, 9, 9, 8, 9, 8, 9, 9, 11])).toEqual([null, ...Array<string>(7).fill("one_side -1"), null]);
    expect(found([11, 15, 12, 15, 9])).toEqual([null, "two_of_three 1", null, "two_of_three 1", null]);
    // A turn belongs to what begins.
    expect(found([9, 9.1, 9.2, 9.3, 9.4, 9.5, 9.6, 9.5, 9.4, 9.3, 9.2, 9.1, 9])[6]).toBe("trend -1");
  });

  it("finds none where points differ only in the last digits of a sum of fractions", () => {
    // The same three fractions, added up in two orders.
    const [one, other] = [0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1];
    expect(one).not.toBe(other);
    const level = [...Array<number>(10).fill(one), ...Array<number>(10).fill(other)];
    const rising = Array.from({ length: 20 }, (_, i) => 58_056.3 + i * 7e-12);
    for (const values of [level, rising])
      for (const size of [1, 1000]) {
        const scaled = values.map((value) => value * size);
        const limits = xmrLimits(scaled);
        expect(specialCauses(scaled, scaled.map(() => limits))).toEqual(scaled.map(() => null)); // prettier-ignore
      }
  });
});

describe("variationOf(cause, polarity)", () => {
  it("says of what is better, and of what is neither, what it means", () => {
    const high = { rule: "outside", direction: 1 } as const;
    const low = { rule: "trend", direction: -1 } as const;
    expect(variationOf(null, "up")).toBe("common");
    expect([variationOf(high, "up"), variationOf(low, "up")]).toEqual(["improvement", "concern"]);
    expect([variationOf(high, "down"), variationOf(low, "down")]).toEqual(["concern", "improvement"]);
    for (const polarity of ["neutral", "balance"] as const)
      expect([variationOf(high, polarity), variationOf(low, polarity)]).toEqual(["neutral_high", "neutral_low"]);
  });
});

describe("assuranceOf(limits, target, polarity)", () => {
  const { lpl, upl, target, increase, decrease } = spc.assurance;
  const ours: Record<string, string> = { consistent_fail: "fails", consistent_pass: "passes", inconsistent: "hit_or_miss" }; // prettier-ignore

  it.each(lpl.map((lower, i) => ({ lower, upper: upl[i]!, i })))(
    "is as published for $lower..$upper",
    ({ i, ...limits }) => {
      // prettier-ignore
      expect(assuranceOf(limits, target, "up")).toBe(ours[increase[i]!]);
      expect(assuranceOf(limits, target, "down")).toBe(ours[decrease[i]!]);
      expect(assuranceOf(limits, target, "neutral")).toBe(spc.assurance.neutral);
      expect(assuranceOf(limits, null, "up")).toBeNull();
    },
  );

  it("asks of a balance whether the limits lie within its tolerance", () => {
    expect(assuranceOf({ lower: 0.46, upper: 0.54 }, 0.5, "balance", 0.05)).toBe("passes");
    expect(assuranceOf({ lower: 0.42, upper: 0.54 }, 0.5, "balance", 0.05)).toBe("hit_or_miss");
    expect(assuranceOf({ lower: 0.2, upper: 0.3 }, 0.5, "balance", 0.05)).toBe("fails");
    expect(assuranceOf({ lower: 0.2, upper: 0.3 }, 0.5, "balance")).toBeNull();
  });
});

describe("readableEdge(edge, kind)", () => {
  it("is of no share above 1, of nothing but a change below 0, and else the limit", () => {
    expect(readableEdge(1.07, "share")).toBe(1);
    expect(readableEdge(-0.2, "coverage")).toBe(0);
    expect(readableEdge(-3, "count")).toBe(0);
    expect(readableEdge(-0.2, "change")).toBe(-0.2);
    expect(readableEdge(107, "rate")).toBe(107);
    expect(readableEdge(0.64, "share")).toBe(0.64);
  });
});

describe("chartOf(kind)", () => {
  it("is p for shares, u for rates, else XmR", () => {
    expect(["share", "rate", "count", "score", "duration"].map(chartOf)).toEqual(["p", "u", "xmr", "xmr", "xmr"]);
  });
});

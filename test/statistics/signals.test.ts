import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ruleSides, rules, specialCauses, xmrLimits, type Limits } from "../../pipelines/statistics/control-chart.ts";
import {
  episodesOf,
  falseAlarms,
  isLookedAt,
  leastEvents,
  ruleSetOf,
  type Episode,
} from "../../pipelines/statistics/signals.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";

const around: Limits = { centre: 0, lower: -3, upper: 3, nearLower: -2, nearUpper: 2 };
const same = (values: number[]) => values.map(() => around);
const told = (values: number[]) =>
  episodesOf(values, same(values)).map(({ rule, direction, first, last, found }) => [rule, direction, first, last, found]); // prettier-ignore

describe("episodesOf(values, limits)", () => {
  it("has one episode outside the limits as long as the points stay there", () => {
    expect(told([0, 4, 0, -4, -5, 0])).toEqual([
      ["outside", 1, 1, 1, 1],
      ["two_of_three", -1, 3, 4, 4],
      ["outside", -1, 3, 4, 3],
    ].filter(([rule]) => rule !== "two_of_three")); // prettier-ignore
  });

  it("begins anew where the side changes, and where a usual point lies between", () => {
    expect(told([4, -4, 0, -4])).toEqual([["outside", 1, 0, 0, 0], ["outside", -1, 1, 1, 1], ["outside", -1, 3, 3, 3]]); // prettier-ignore
  });

  it("sees a run at its seventh point, and goes on with it until it ends", () => {
    const run = [-1, 1, 0.5, 1, 0.5, 1, 0.5, 1, 0.5, -1];
    expect(told(run)).toEqual([["one_side", 1, 1, 8, 7]]);
    expect(told(run.slice(0, 7))).toEqual([]);
  });

  it("sees a trend at its seventh point", () => {
    expect(told([1, -1, -0.5, -0.2, 0.1, 0.4, 0.8, 1.2, 0.9])).toEqual([["trend", 1, 1, 7, 7]]);
  });

  it("takes the point between two of three for one of them", () => {
    expect(told([-1, 2.5, 1, 2.5, -1])).toEqual([["two_of_three", 1, 1, 3, 3]]);
    expect(told([-1, 2.5, -1, 2.5, -1])).toEqual([]);
    // The third of the three may come after, on the same side.
    expect(told([-1, 2.5, 2.6, 1, -1])).toEqual([["two_of_three", 1, 1, 2, 3]]);
  });

  it("keeps a run for one cause where a point of it lies outside as well", () => {
    const values = [-1, 1, 0.5, 1, 4, 1, 0.5, 1, -1];
    expect(told(values)).toEqual([["one_side", 1, 1, 7, 7], ["outside", 1, 4, 4, 4]]); // prettier-ignore
  });

  it("knows only what lies outside where only that is told, of points that are looked at", () => {
    const values = [-1, 1, 0.5, 1, 4, 1, 0.5, 1, -4];
    const rulesOf = (episodes: Episode[]) => episodes.map(({ rule, first }) => [rule, first]);
    expect(rulesOf(episodesOf(values, same(values), "outside"))).toEqual([["outside", 4], ["outside", 8]]); // prettier-ignore
    expect(rulesOf(episodesOf(values, same(values), "outside", (i) => i > 4))).toEqual([["outside", 8]]);
  });

  const series = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 2, maxLength: 60 }).map((list) => {
    const values = list.map((value) => value / 10);
    return { values, limits: list.length % 2 ? same(values) : values.map(() => xmrLimits(values)) };
  });

  it("leaves no flagged point outside an episode of its cause, and begins and ends with flagged points", () => {
    fc.assert(
      fc.property(series, ({ values, limits }) => {
        const episodes = episodesOf(values, limits);
        const sides = ruleSides(values, limits);
        specialCauses(values, limits).forEach((cause, i) => {
          const its = episodes.filter(({ rule, first, last }) => rule === cause?.rule && first <= i && i <= last);
          expect(its.map(({ direction }) => direction)).toEqual(cause ? [cause.direction] : its.map(() => 0));
        });
        for (const { rule, direction, first, last, found, points } of episodes) {
          expect([sides[rule][first], sides[rule][last]]).toEqual([direction, direction]);
          expect(points).toBe(last - first + 1);
          expect(found).toBeGreaterThanOrEqual(first);
          expect(found).toBeLessThanOrEqual(last + 1);
        }
      }),
    );
  });

  it("has no two episodes of one cause that touch", () => {
    fc.assert(
      fc.property(series, ({ values, limits }) => {
        const episodes = episodesOf(values, limits);
        for (const rule of rules) {
          const its = episodes.filter((each) => each.rule === rule);
          its.slice(1).forEach((each, i) => {
            expect(each.first).toBeGreaterThan(its[i]!.last);
            if (each.direction === its[i]!.direction && rule !== "trend")
              expect(each.first).toBeGreaterThan(its[i]!.last + 1);
          });
        }
      }),
    );
  });

  it("tells of the mirrored series the same on the other side", () => {
    fc.assert(
      fc.property(series, ({ values }) => {
        const mirrored = values.map((value) => -value);
        const there = episodesOf(mirrored, same(mirrored)).map((each) => ({ ...each, direction: -each.direction }));
        expect(there).toEqual(episodesOf(values, same(values)));
      }),
    );
  });
});

describe("falseAlarms", () => {
  it("are so many as begin where chance alone moves a series", () => {
    const { next } = randomOf(2016);
    const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    const values = Array.from({ length: 300_000 }, normal);
    const limits = same(values);
    for (const set of ["all", "outside"] as const) {
      const rate = episodesOf(values, limits, set).length / values.length;
      // Four standard errors of so many points.
      expect(Math.abs(rate - falseAlarms[set])).toBeLessThan(4 * Math.sqrt(falseAlarms[set] / values.length));
    }
  });
});

describe("isLookedAt(set, point)", () => {
  it("asks twelve points and five events a month below unit level alone", () => {
    expect(["force", "unit", "district", "service", "team", "bureau"].map(ruleSetOf)).toEqual(["all", "all", "outside", "outside", "outside", "outside"]); // prettier-ignore
    const asked = (points: number, events: number) => isLookedAt("outside", { points, events });
    expect(asked(12, leastEvents)).toBe(true);
    expect([asked(11, 50), asked(50, 4.9), asked(50, NaN)]).toEqual([false, false, false]);
    expect(isLookedAt("all", { points: 5, events: NaN })).toBe(true);
  });
});

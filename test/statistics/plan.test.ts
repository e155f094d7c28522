import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  projectStaffing,
  proportionInWords,
  reach,
  reachInWords,
  type Scenario,
  type StaffingQuestion,
} from "../../pipelines/statistics/plan.ts";
import { dissimilarity, representationRatio } from "../../pipelines/statistics/representation.ts";
import { boundsOfUnknown } from "../../pipelines/statistics/unknown.ts";

describe("reach(question)", () => {
  it("is as worked by hand", () => {
    // 56 of 250 so far, 25% asked, 100 to come: (0.25 × 350 - 56) / 100 = 0.315.
    const answer = reach({ counted: 56, appointed: 250, target: 0.25, coming: 100 });
    expect(answer.reach).toBe("possible");
    expect(answer.needed).toBeCloseTo(0.315, 12);
    expect(answer.highest).toBeCloseTo(156 / 350, 12);
    expect(answer.lowest).toBeCloseTo(56 / 350, 12);
  });

  it("says what is reached whoever comes, and what no longer is", () => {
    expect(reach({ counted: 100, appointed: 250, target: 0.25, coming: 50 })).toMatchObject({ reach: "nothing_to_do", needed: 0 }); // prettier-ignore
    expect(reach({ counted: 10, appointed: 250, target: 0.25, coming: 50 })).toMatchObject({ reach: "out_of_reach", needed: null }); // prettier-ignore
    expect(reach({ counted: 25, appointed: 150, target: 0.25, coming: 25 })).toMatchObject({ reach: "possible", needed: 0.75 }); // prettier-ignore
    expect(() => reach({ counted: 3, appointed: 2, target: 0.25, coming: 30 })).toThrow("no plan: 3 of 2");
  });

  it("gives a share with which the target is met exactly", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.integer({ min: 25, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }), (counted, others, coming, target) => {
        const answer = reach({ counted, appointed: counted + others, target, coming });
        if (answer.reach === "possible")
          expect((counted + answer.needed! * coming) / (counted + others + coming)).toBeCloseTo(target, 9);
        if (answer.reach === "out_of_reach") expect(answer.highest).toBeLessThan(target);
        if (answer.reach === "nothing_to_do") expect(answer.lowest).toBeGreaterThanOrEqual(target - 1e-9);
      }),
    ); // prettier-ignore
  });
});

describe("reachInWords(language, answer, coming)", () => {
  it("writes numbers as each language does", () => {
    const answer = reach({ counted: 1016, appointed: 4000, target: 0.27, coming: 1008 });
    expect(reachInWords("nl", answer, 1008)).toBe(
      "Het streefcijfer wordt gehaald als van de 1.008 komende benoemingen ongeveer een op de drie meetelt.",
    );
    expect(reachInWords("en", answer, 1008)).toBe(
      "The target is reached if about one in three of the 1,008 coming appointments counts.",
    );
    const out = reach({ counted: 10, appointed: 9000, target: 0.5, coming: 1008 });
    expect(reachInWords("nl", out, 1008)).toBe("Met 1.008 benoemingen is het streefcijfer niet meer te halen.");
    expect(reachInWords("en", out, 1008)).toContain("With 1,008 appointments");
  });
});

describe("proportionInWords(language, share)", () => {
  it.each([
    [0.315, "ongeveer een op de drie", "about one in three"],
    [0.34, "ongeveer een op de drie", "about one in three"],
    [0.25, "ongeveer een op de vier", "about one in four"],
    [0.52, "ongeveer een op de twee", "about one in two"],
    [0.66, "ongeveer twee op de drie", "about two in three"],
    [0.05, "ongeveer een op de twintig", "about one in twenty"],
    [0.7, "ongeveer zeven op de tien", "about seven in ten"],
    [0.002, "bijna geen", "hardly any"],
    [0.995, "bijna allemaal", "nearly all"],
    [1, "allemaal", "all"],
  ])("of %f is %s", (share, nl, en) => {
    expect(proportionInWords("nl", share)).toBe(nl);
    expect(proportionInWords("en", share)).toBe(en);
  });

  it("is never further from the share than four points", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 0.98, noNaN: true }), (share) => {
        expect(proportionInWords("nl", share)).toMatch(/^(ongeveer \w+ op de \w+|bijna (geen|allemaal))$/);
      }),
    );
  });
});

describe("projectStaffing(question, scenario)", () => {
  const question: StaffingQuestion = { staff: 1000, group: 100, intake: 50, from: "2016-H2", halves: 4, target: 0.13 };
  const scenario: Scenario = { intakeShare: 0.3, exitRate: 0.05, exitRateOthers: 0.04 };

  it("is as worked by hand", () => {
    const { points, reached } = projectStaffing(question, scenario);
    // 100 - 5 + 15 = 110 and 900 - 36 + 35 = 899; then 110 - 5.5 + 15 = 119.5 and 899 - 35.96 + 35 = 898.04.
    expect(points.map(({ half }) => half)).toEqual(["2016-H2", "2017-H1", "2017-H2", "2018-H1"]);
    expect(points[0]).toMatchObject({ group: 110, staff: 1009 });
    expect(points[1]!.group).toBeCloseTo(119.5, 9);
    expect(points[1]!.staff).toBeCloseTo(1017.54, 9);
    // 128.525 of 1025.6436 is 12.53%; 137.09875 of 1033.332956 is 13.27%.
    expect(points[3]!.share).toBeCloseTo(137.09875 / 1033.3326, 4);
    expect(reached).toBe("2018-H1");
  });

  it("reaches the target later, or never, in a lower scenario", () => {
    expect(projectStaffing(question, { ...scenario, intakeShare: 0.1 }).reached).toBeNull();
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (one, other) => {
        const [low, high] = [one, other].sort((a, b) => a - b);
        const shares = (intakeShare: number) => projectStaffing(question, { ...scenario, intakeShare }).points.map(({ share }) => share!);
        const highs = shares(high!);
        shares(low!).forEach((share, i) => expect(share).toBeLessThanOrEqual(highs[i]! + 1e-12));
      }),
    ); // prettier-ignore
  });

  it("refuses what cannot be", () => {
    expect(() => projectStaffing({ ...question, group: 2000 }, scenario)).toThrow("no staff: 2000 of 1000");
    expect(() => projectStaffing(question, { ...scenario, exitRate: 1.2 })).toThrow("no share: 1.2");
    expect(() => projectStaffing({ ...question, from: "2016" }, scenario)).toThrow("no half-year: 2016");
  });
});

describe("boundsOfUnknown(numerator, denominator, unknown)", () => {
  it("are those of none and of all", () => {
    expect(boundsOfUnknown(20, 80, 20)).toEqual({ lower: 0.2, upper: 0.4 });
    expect(boundsOfUnknown(0, 0, 0)).toBeNull();
    expect(boundsOfUnknown(0, 0, 5)).toEqual({ lower: 0, upper: 1 });
    expect(() => boundsOfUnknown(3, 2, 0)).toThrow("no share: 3 of 2, 0 unknown");
  });

  it("contain the share of those known, and are that without unknowns", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), fc.nat(200), (numerator, others, unknown) => {
        fc.pre(numerator + others > 0);
        const { lower, upper } = boundsOfUnknown(numerator, numerator + others, unknown)!;
        const share = numerator / (numerator + others);
        expect(lower).toBeLessThanOrEqual(share);
        expect(upper).toBeGreaterThanOrEqual(share);
        if (unknown === 0) expect([lower, upper]).toEqual([share, share]);
      }),
    );
  });
});

describe("representationRatio(staff, area), dissimilarity(one, other)", () => {
  it("are as worked by hand", () => {
    expect(representationRatio(0.12, 0.36)).toBeCloseTo(1 / 3, 12);
    expect(representationRatio(0.12, 0)).toBeNull();
    // Half and half against a quarter and three quarters: ½(0.25 + 0.25) = 0.25.
    expect(dissimilarity([5, 5], [10, 30])).toBeCloseTo(0.25, 12);
    expect(dissimilarity([5, 5], [0, 0])).toBeNull();
    expect(() => dissimilarity([1], [1, 2])).toThrow("1 groups against 2");
  });

  it("dissimilarity lies in 0..1, is the same both ways and 0 between multiples", () => {
    const groups = fc.array(fc.record({ one: fc.nat(90), other: fc.nat(90) }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(groups, (pairs) => {
        const one = pairs.map((pair) => pair.one + 1);
        const other = pairs.map((pair) => pair.other + 1);
        const index = dissimilarity(one, other)!;
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeLessThanOrEqual(1);
        expect(dissimilarity(other, one)).toBeCloseTo(index, 12);
        expect(dissimilarity(one, one.map((count) => count * 3))).toBeCloseTo(0, 12); // prettier-ignore
      }),
    );
  });
});

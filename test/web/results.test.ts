import { describe, expect, it } from "vitest";
import type { ProgrammeResult } from "../../web/api.ts";
import { courseOf, groupedResults, groupOf, partDone, resultsOf } from "../../web/state/results.ts";

const result = (spec: Partial<ProgrammeResult>): ProgrammeResult =>
  ({
    ...{ indicator_id: "visitors", unit_id: "den-haag", target_unit_id: "den-haag", year: 2016, state: "running" },
    ...{ target_kind: "number", target: 350, value: 310, numerator: 310, denominator: null, needed: 40, due: "2016-12-31" }, // prettier-ignore
    ...spec,
  }) as ProgrammeResult;

describe("resultsOf(all, unit, year)", () => {
  const own = result({});
  const national = result({ indicator_id: "interviews", target_unit_id: "politie" });
  const force = result({ indicator_id: "interviews", unit_id: "politie", target_unit_id: "politie" });
  it("has of a unit all that hold for it, and without one each for whom it was set", () => {
    expect(resultsOf([own, national, force], "den-haag", 2016)).toEqual([own, national]);
    expect(resultsOf([own, national, force], null, 2016)).toEqual([own, force]);
    expect(resultsOf([own], "den-haag", 2017)).toEqual([]);
  });
});

describe("groupedResults(results)", () => {
  it("puts what is to be done first, within it what is due first, and leaves out groups without any", () => {
    const [later, sooner] = [result({ due: "2018-12-31" }), result({ due: "2016-06-30" })];
    const groups = groupedResults([result({ state: "reached" }), later, sooner, result({ state: "withheld" })]);
    expect(groups.map(({ group }) => group)).toEqual(["open", "reached", "unknown"]);
    expect(groups[0]!.results).toEqual([sooner, later]);
  });
});

describe("groupOf(result)", () => {
  it("has a group for every state", () => {
    const states = ["running", "missed", "reached", "withheld", "no_data"] as const;
    expect(states.map((state) => groupOf({ state }))).toEqual(["open", "missed", "reached", "unknown", "unknown"]);
  });
});

describe("courseOf(all, result, most)", () => {
  it("has the same result in the years before, the first first, and no more than asked", () => {
    const years = [2013, 2016, 2015, 2014, 2017].map((year) => result({ year }));
    const others = [result({ year: 2014, unit_id: "rotterdam" }), result({ year: 2014, indicator_id: "networks" })];
    expect(courseOf([...years, ...others], result({}), 2).map(({ year }) => year)).toEqual([2014, 2015]);
  });
});

describe("partDone(result)", () => {
  it("is the part of the number that is there, of a coverage the number that is covered", () => {
    expect(partDone(result({}))).toBeCloseTo(310 / 350);
    expect(partDone(result({ target: 8, value: 5 / 12, numerator: 5, denominator: 12, needed: 3 }))).toBeCloseTo(5 / 8);
    expect(partDone(result({ target_kind: "at_least", target: 1, value: 0.75, numerator: 3, denominator: 4, needed: 1 }))).toBeCloseTo(0.75); // prettier-ignore
  });
  it("is never below 0 or above 1, and null where nothing can be said", () => {
    expect(partDone(result({ value: 402, numerator: 402, needed: 0 }))).toBe(1);
    expect(partDone(result({ target_kind: "at_least", target: 0.25, value: -0.1, needed: 9 }))).toBe(0);
    expect(partDone(result({ value: null, numerator: null, needed: null }))).toBeNull();
    expect(partDone(result({ target_kind: "within", target: 0.5, value: 0.4, needed: null }))).toBeNull();
  });
});

import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cycles, dueOn, periodsOf, plusDays, startsOn } from "../pipelines/cycle-days.ts";
import { parseCycle } from "../pipelines/cycle-file.ts";
import { readPapers } from "../pipelines/papers.ts";
import { projectFolder } from "../pipelines/settings.ts";

const { papers } = readPapers(path.join(projectFolder, "data", "sources.csv"));
const text = readFileSync(path.join(projectFolder, "data", "cycle.yaml"), "utf8");
const messages = (yaml: string) =>
  parseCycle(yaml, "cycle.yaml", papers).faults.map(({ line, message }) => `${line}: ${message}`);

/** One duty with some lines other than these. */
const duty = (lines: Record<string, string | null> = {}) => {
  const all: Record<string, string | null> = {
    id: "plan",
    kind: "plan",
    every: "year",
    since: "2016",
    starts: "{ from: start }",
    due: "{ from: end }",
    title: "{ nl: Plan, en: Plan }",
    source: "[KVV]",
    ...lines,
  };
  const written = Object.entries(all).flatMap(([key, value]) => (value === null ? [] : [`${key}: ${value}`]));
  return `  - ${written.join("\n    ")}\n`;
};
const duties = (...each: string[]) => `duties:\n${each.join("")}`;

describe("parseCycle(text, file, papers)", () => {
  it("reads the project's own, without faults", () => {
    const { duties: read, faults } = parseCycle(text, "cycle.yaml", papers);
    expect(faults).toEqual([]);
    expect(new Set(read.map(({ kind }) => kind))).toEqual(
      new Set(["review", "meeting", "talk", "audit", "survey", "target", "plan"]),
    );
    for (const { source, note } of read) {
      // Whatever is a choice of ours says so, to readers too.
      if (!source.includes("KVV")) continue;
      expect(source.length).toBeGreaterThan(1);
      expect(note).toBeDefined();
    }
  });

  it("takes an empty file for nothing that is due", () => {
    for (const yaml of ["", "duties: []\n"]) expect(parseCycle(yaml, "f")).toEqual({ duties: [], faults: [] });
  });

  it("names every fault with its line and what would be right", () => {
    expect(messages(duties(duty({ kind: "party", since: "16", due: "{ from: middle }", colour: "blue" })))).toEqual([
      "3: duties.0.kind: write one of review, meeting, talk, audit, survey, target, plan",
      "5: duties.0.since: write a year, such as 2016",
      "7: duties.0.due.from: write start or end: of the period",
      "10: duties.0.colour: unknown key",
    ]);
    expect(messages(duties(duty({ every: null, since: null, starts: null, due: null })))).toEqual([
      "2: duties.0.every: is missing; write one of half-year, year, two-years",
      "2: duties.0.since: is missing; write the first year",
      "2: duties.0.starts: is missing; write { from: start } or { from: end }",
      "2: duties.0.due: is missing; write, for example, { from: end, weeks: 8 }",
    ]);
    expect(messages(duties(duty({ until: "2015", source: "[Gerucht]" })))).toEqual([
      "10: duties.0.until: 2015 is before the first year, 2016",
      expect.stringContaining('9: duties.0.source: there is no source "Gerucht"; begin with DH-2015'),
    ]);
    expect(messages("duties: [\n")[0]).toContain("not YAML");
  });

  it("wants what begins to be due later", () => {
    expect(messages(duties(duty({ starts: "{ from: end }", due: "{ from: end }" })))).toEqual([
      "7: duties.0.due: 2016-12-31 is before it starts, 2017-01-01",
    ]);
    // A leap year has a day more for it: every year is looked at.
    const february = { starts: "{ from: start, months: 1, days: 59 }", due: "{ from: start, months: 3 }" };
    expect(messages(duties(duty(february)))).toEqual(["7: duties.0.due: 2017-03-31 is before it starts, 2017-04-01"]);
  });

  it("knows which pages can be named, and which duties are alone", () => {
    expect(messages(duties(duty({ page: "/unit/{unit}" })))).toEqual([
      "10: duties.0.page: {unit} is not known here; there is: none",
    ]);
    expect(messages(duties(duty({ page: "/unit/{unit}", for: "[unit]" })))).toEqual([]);
    expect(messages(duties(duty({ page: "https://example.org" })))[0]).toContain("write the path of a page");
    expect(messages(duties(duty({ page: "//example.org" })))[0]).toContain("write the path of a page");
    expect(messages(duties(duty(), duty()))).toEqual([
      "10: duties.1.id: plan stands there twice; give each duty its own",
    ]);
    const target = duty({ id: "t", kind: "target", every: null, since: null, starts: "{ from: end }", due: "{ from: end, weeks: 1 }" }); // prettier-ignore
    expect(messages(duties(target, target.replace("id: t", "id: u")))).toEqual([
      "9: duties.1.kind: there is a duty of kind target already; keep one",
    ]);
    expect(messages(duties(duty({ kind: "target", starts: "{ from: start }" })))).toEqual([
      "4: duties.0.every: leave it out: the periods and units are those of the targets",
      "5: duties.0.since: leave it out: the periods and units are those of the targets",
    ]);
  });

  it("wants of a review what reviews are", () => {
    expect(messages(duties(duty({ kind: "review", for: "[team]", page: "/", remind_days: "7" })))).toEqual([
      "4: duties.0.every: reviews are of half-years; write half-year",
      "10: duties.0.for: reviews are of force and units; write [force, unit]",
      "6: duties.0.starts: a review opens when its half-year is over; from: end",
      "11: duties.0.page: leave it out: it is the review's own",
    ]);
    expect(messages(duties(duty({ remind_days: "7" })))).toEqual([
      "10: duties.0.remind_days: is for the duty of kind review",
    ]);
  });

  it("gives units that take turns no other days", () => {
    expect(messages(duties(duty({ spread: "{}" })))).toEqual([
      "6: duties.0.starts: leave it out: spread gives each unit its days",
      "7: duties.0.due: leave it out: spread gives each unit its days",
      "10: duties.0.spread: wants one level in `for`, such as [unit]",
    ]);
    expect(messages(duties(duty({ spread: "{}", starts: null, due: null, for: "[unit]" })))).toEqual([]);
  });
});

describe("periodsOf(duty, years)", () => {
  const codes = (every: (typeof cycles)[number], from: number, to: number, more = {}) =>
    periodsOf({ every, since: 2016, ...more }, { from, to }).map(({ code }) => code);

  it("has half-years, years and pairs of years from the first year on", () => {
    expect(codes("half-year", 2010, 2017)).toEqual(["2016-H1", "2016-H2", "2017-H1", "2017-H2"]);
    expect(codes("year", 2018, 2019)).toEqual(["2018", "2019"]);
    expect(codes("two-years", 2015, 2019)).toEqual(["2016-2017", "2018-2019"]);
    // A pair that has begun before is one of them.
    expect(codes("two-years", 2019, 2020)).toEqual(["2018-2019", "2020-2021"]);
    expect(codes("year", 2016, 2030, { until: 2018 })).toEqual(["2016", "2017", "2018"]);
    expect(codes("year", 2010, 2015)).toEqual([]);
  });

  it("has periods that follow each other without a gap, whatever is asked", () => {
    const year = fc.integer({ min: 2000, max: 2200 });
    fc.assert(
      fc.property(fc.constantFrom(...cycles), year, year, year, (every, since, from, to) => {
        const periods = periodsOf({ every, since }, { from, to });
        periods.forEach(({ start, end }, index) => {
          expect(start <= end).toBe(true);
          expect(Number(end.slice(0, 4))).toBeGreaterThanOrEqual(from);
          expect(Number(start.slice(0, 4))).toBeLessThanOrEqual(to);
          if (index > 0) expect(plusDays(periods[index - 1]!.end, 1)).toBe(start);
        });
      }),
    );
  });
});

describe("startsOn(span, offset), dueOn(span, offset)", () => {
  const half = { start: "2016-07-01", end: "2016-12-31" };

  it("count from the first day, or from the day after the last", () => {
    expect(startsOn(half, { from: "start" })).toBe("2016-07-01");
    expect(startsOn(half, { from: "end" })).toBe("2017-01-01");
    expect(startsOn(half, { from: "end", weeks: 8 })).toBe("2017-02-26");
    expect(dueOn(half, { from: "end" })).toBe("2016-12-31");
    expect(dueOn(half, { from: "end", weeks: 8 })).toBe("2017-02-25");
    expect(dueOn(half, { from: "end", months: 2 })).toBe("2017-02-28");
    expect(dueOn({ start: "2015-07-01", end: "2015-12-31" }, { from: "end", months: 2 })).toBe("2016-02-29");
    expect(dueOn(half, { from: "start", months: 3 })).toBe("2016-09-30");
  });

  it("ends a shorter month with its last day", () => {
    expect(startsOn({ start: "2016-10-31", end: "2016-10-31" }, { from: "start", months: 4 })).toBe("2017-02-28");
  });
});

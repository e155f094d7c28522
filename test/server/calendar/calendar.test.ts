import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plusDays } from "../../../pipelines/cycle-days.ts";
import { parseCycle } from "../../../pipelines/cycle-file.ts";
import { projectFolder } from "../../../pipelines/settings.ts";
import {
  calendarOf,
  phaseOf,
  usualWindow,
  type CalendarTarget,
  type CalendarUnit,
} from "../../../server/calendar/calendar.ts";
import { takeTurns } from "../../../server/calendar/turns.ts";

const { duties } = parseCycle(readFileSync(path.join(projectFolder, "data", "cycle.yaml"), "utf8"), "cycle.yaml");

const unit = (unit_id: string, more: Partial<CalendarUnit> = {}): CalendarUnit => ({
  unit_id,
  level: "unit",
  valid_from: "2013-01-01",
  valid_to: null,
  ...more,
});
const force = unit("politie", { level: "force", valid_from: "2005-01-01" });
const units = [
  force,
  unit("amsterdam"),
  unit("den-haag"),
  unit("rotterdam"),
  unit("dh-centrum", { level: "district" }),
];
const target: CalendarTarget = {
  ...{ indicator_id: "intake-dual", unit_id: "politie", breakdown: null, breakdown_value: null },
  ...{ from: "2015-01-01", to: "2017-12-31", source: "DH-2015 actie 4.1", title: { nl: "Instroom", en: "Intake" } },
};

const of = (kind: string, from: string, to: string, all = units) =>
  calendarOf(
    duties.filter((duty) => duty.kind === kind),
    all,
    [target],
    from,
    to,
  );

describe("calendarOf(duties, units, targets, from, to)", () => {
  it("has the review of a half-year for the force and each unit, from the day after it", () => {
    const items = of("review", "2017-01-01", "2017-06-30");
    expect(items.map(({ item_id }) => item_id)).toEqual(
      ["amsterdam", "den-haag", "politie", "rotterdam"].map((id) => `review.2016-H2.${id}`),
    );
    expect(items[0]).toMatchObject({
      ...{ starts_on: "2017-01-01", due_on: "2017-02-25", period: "2016-H2", source: "NP-VISIE 7d (in ONL-2015); KVV" },
      address: "/review/amsterdam/2016-H2",
    });
    // As the page has it: a review is of a half-year that is over.
    for (const { starts_on } of items) expect(starts_on > "2016-12-31").toBe(true);
  });

  it("has one of all together for a duty without levels", () => {
    const [meeting, ...others] = of("meeting", "2017-01-01", "2017-06-30");
    expect(others).toEqual([]);
    expect(meeting).toMatchObject({
      ...{ item_id: "chiefs.2016-H2", unit_id: null, starts_on: "2017-02-26", due_on: "2017-04-30" },
      address: "/review?half=2016-H2",
    });
  });

  it("takes targets that end from those that were published", () => {
    const parts = { ...target, breakdown: "intake_level" };
    const items = calendarOf(duties, [], [target, parts], "2018-01-01", "2018-12-31").filter(
      ({ kind }) => kind === "target",
    );
    expect(items.map(({ item_id }) => item_id)).toEqual([
      "target.2017-12-31.intake-dual.politie",
      "target.2017-12-31.intake-dual.politie.intake_level",
    ]);
    expect(items[0]).toMatchObject({
      ...{ title_nl: "Eindevaluatie", about_nl: "Instroom", starts_on: "2018-01-01", due_on: "2018-03-31" },
      ...{ source: "DH-2015 actie 4.1", address: "/evaluations?unit=politie", unit_id: "politie" },
    });
    expect(of("target", "2018-04-01", "2030-01-01")).toEqual([]);
  });

  it("asks who was there at the end of the period", () => {
    const gone = unit("landelijke-eenheid", { valid_to: "2016-09-30" });
    const come = unit("lx", { valid_from: "2016-10-01" });
    const ids = (from: string, to: string) =>
      of("review", from, to, [gone, come]).map(({ item_id }) => item_id.replace("review.", ""));
    expect(ids("2016-07-01", "2017-06-30")).toEqual(["2016-H1.landelijke-eenheid", "2016-H2.lx"]);
  });

  it("holds the survey every two years, and yearly duties once a year", () => {
    expect(of("survey", "2014-01-01", "2019-12-31").map(({ due_on }) => due_on)).toEqual([
      "2014-12-31",
      "2016-12-31",
      "2018-12-31",
    ]);
    expect(of("plan", "2016-01-01", "2017-12-31", [unit("amsterdam")]).map(({ period }) => period)).toEqual(["2016", "2017"]); // prettier-ignore
  });

  const day = fc
    .date({ min: new Date("2010-01-01"), max: new Date("2040-12-31"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const life = fc.tuple(day, fc.option(day)).map(([a, b]) => {
    const [from, to] = b === null || a <= b ? [a, b] : [b, a];
    return { valid_from: from, valid_to: to };
  });
  const organisation = fc
    .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), life, fc.constantFrom("force", "unit", "district")), {
      selector: ([id]) => id,
      maxLength: 14,
    })
    .map((all) => all.map(([id, lived, level]) => unit(id, { ...lived, level })));
  const targets = fc.uniqueArray(
    fc
      .tuple(fc.constantFrom("a", "b"), fc.constantFrom("x", "y"), day, day)
      .map(([indicator_id, unit_id, a, b]) => ({ ...target, indicator_id, unit_id, from: a < b ? a : b, to: a < b ? b : a })), // prettier-ignore
    { selector: ({ indicator_id, unit_id, to }) => `${indicator_id} ${unit_id} ${to}`, maxLength: 8 },
  );

  it("has nothing outside the window, each item once, and the same item whatever is asked", () => {
    fc.assert(
      fc.property(organisation, targets, day, day, day, (all, some, a, b, c) => {
        const [from, middle, to] = [a, b, c].sort() as [string, string, string];
        const whole = calendarOf(duties, all, some, from, to);
        expect(new Set(whole.map(({ item_id }) => item_id)).size).toBe(whole.length);
        for (const { starts_on, due_on } of whole) {
          expect(due_on >= from && due_on <= to).toBe(true);
          expect(starts_on <= due_on).toBe(true);
        }
        expect(whole.map(({ due_on }) => due_on)).toEqual(whole.map(({ due_on }) => due_on).sort());
        // Two windows that meet have what one has over both.
        const parts = [
          ...calendarOf(duties, all, some, from, middle),
          ...calendarOf(duties, all, some, plusDays(middle, 1), to),
        ];
        expect(parts).toEqual(whole);
        // Neither the order of the organisation nor that of the targets matters.
        expect(calendarOf(duties, all.toReversed(), some.toReversed(), from, to)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it("audits each unit exactly once in every two years", () => {
    const many = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(many, fc.integer({ min: 2016, max: 2060 }), fc.integer({ min: 0, max: 11 }), (ids, year, month) => {
        const audits = of("audit", "2016-01-01", "2070-12-31", ids.map((id) => unit(id))); // prettier-ignore
        const first = (years: number) => `${year + years}-${String(month + 1).padStart(2, "0")}-01`;
        const inTwoYears = audits.filter(({ starts_on }) => starts_on >= first(0) && starts_on < first(2));
        expect(inTwoYears.map(({ unit_id }) => unit_id).sort()).toEqual([...ids].sort());
      }),
    );
  });

  it("audits whoever is there in a pair of years once, while it is there", () => {
    fc.assert(
      fc.property(organisation, fc.integer({ min: 0, max: 12 }), (all, pairs) => {
        const start = 2016 + pairs * 2;
        const [from, to] = [`${start}-01-01`, `${start + 1}-12-31`];
        const there = all.filter(
          ({ level, valid_from, valid_to }) => level === "unit" && valid_from! <= to && (valid_to ?? to) >= from,
        );
        const audits = of("audit", from, to, all);
        expect(audits.map(({ unit_id }) => unit_id).sort()).toEqual(there.map(({ unit_id }) => unit_id).sort());
        for (const audit of audits) {
          const { valid_from, valid_to } = there.find(({ unit_id }) => unit_id === audit.unit_id)!;
          expect(audit.starts_on >= valid_from! && audit.starts_on >= from).toBe(true);
          expect(audit.due_on <= (valid_to ?? to) && audit.due_on <= to).toBe(true);
        }
      }),
    );
  });
});

describe("takeTurns(lives, period, order)", () => {
  const period = { start: "2016-01-01", end: "2017-12-31" };
  const life = (unit_id: string, start = "2013-01-01", end = "9999-12-31") => ({ unit_id, start, end });

  it("parts the period in whole months, those that the order names first", () => {
    expect(takeTurns([life("a"), life("b"), life("c")], period, ["c", "nobody"])).toEqual([
      { unit_id: "c", start: "2016-01-01", end: "2016-08-31" },
      { unit_id: "a", start: "2016-09-01", end: "2017-04-30" },
      { unit_id: "b", start: "2017-05-01", end: "2017-12-31" },
    ]);
  });

  it("moves nobody for who comes later or goes", () => {
    const before = takeTurns([life("a"), life("b")], period, []);
    const after = takeTurns([life("a"), life("b"), life("aa", "2016-05-15")], period, []);
    expect(after.slice(0, 2)).toEqual(before);
    expect(after[2]).toEqual({ unit_id: "aa", start: "2016-05-15", end: "2017-12-31" });
    const [a, b] = takeTurns([life("a"), life("b", "2013-01-01", "2016-03-31")], period, []);
    expect(a).toEqual(before[0]);
    expect(b).toEqual({ unit_id: "b", start: "2016-02-01", end: "2016-03-31" });
  });
});

describe("phaseOf(item, today), usualWindow(today)", () => {
  it("say where an item stands, and what is asked where nobody says", () => {
    const item = { starts_on: "2017-01-01", due_on: "2017-02-25" };
    const phases = ["2016-12-31", "2017-01-01", "2017-02-25", "2017-02-26"].map((today) => phaseOf(item, today));
    expect(phases).toEqual(["ahead", "open", "open", "past"]);
    expect(usualWindow("2017-02-10")).toEqual({ from: "2016-12-01", to: "2018-02-28" });
    expect(usualWindow("2016-01-31")).toEqual({ from: "2015-11-01", to: "2017-01-31" });
  });
});

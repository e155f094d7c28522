import { describe, expect, it } from "vitest";
import type { Definition, SeriesRow, Target } from "../../web/api.ts";
import { decidedHow } from "../../web/components/hrm/words.ts";
import { figureOn, judgedFigure, startOf, targetLines, targetOn, type RowsOf } from "../../web/state/hrm.ts";
import { definition, seriesRow, target, withheld } from "../support/rows.ts";

const intake = (...targets: Target[]): Definition => definition({ targets });
const year = (number: number, fields: Partial<SeriesRow> = {}): SeriesRow =>
  seriesRow({
    grain: "year",
    period_start: `${number}-01-01`,
    period_end: `${number}-12-31`,
    target: 0.25,
    target_source: "DH-2015",
    judgement: "missed",
    ...fields,
  });
const toDate = (end: string, fields: Partial<SeriesRow> = {}) =>
  year(2015, { grain: "target", period_end: end, ...fields });
const from =
  (rows: SeriesRow[]): RowsOf =>
  (id, grain, unitId) =>
    rows.filter((row) => row.indicator_id === id && row.grain === grain && row.unit_id === unitId);

describe("targetOn(definition, unitId, forceId, day)", () => {
  it("takes the unit's own target before that of the force, and no other unit's", () => {
    const own = target({ unit_id: "den-haag", value: 0.3 });
    const other = target({ unit_id: "rotterdam", value: 0.4 });
    const all = intake(target(), own, other);
    expect(targetOn(all, "den-haag", "politie", "2016-06-30")).toBe(own);
    expect(targetOn(all, "amsterdam", "politie", "2016-06-30")?.value).toBe(0.25);
    expect(targetOn(intake(other), "amsterdam", "politie", "2016-06-30")).toBeNull();
  });

  it("takes one that runs before one that is over, and of those the last", () => {
    const older = target({ from: "2012-01-01", to: "2014-12-31" });
    expect(targetOn(intake(older, target()), "politie", null, "2016-06-30")?.from).toBe("2015-01-01");
    expect(targetOn(intake(older, target()), "politie", null, "2019-06-30")?.from).toBe("2015-01-01");
    expect(targetOn(intake(target()), "politie", null, "2014-06-30")).toBeNull();
  });

  it("knows no number of the force for a unit, no other goals, and none of a part", () => {
    expect(targetOn(intake(target({ kind: "number" })), "den-haag", "politie", "2016-06-30")).toBeNull();
    expect(targetOn(intake(target({ goal: "afspraak" })), "politie", null, "2016-06-30")).toBeNull();
    expect(targetOn(intake(target({ breakdown: "intake_level" })), "politie", null, "2016-06-30")).toBeNull();
  });

  it("holds a target for one day from its baseline on", () => {
    const aim = target({ from: "2018-12-31", to: "2018-12-31", baseline_to: "2015-11-30" });
    expect(startOf(aim)).toBe("2015-11-30");
    expect(targetOn(intake(aim), "politie", null, "2016-06-30")).toBe(aim);
    expect(targetOn(intake(aim), "politie", null, "2015-06-30")).toBeNull();
  });
});

describe("judgedFigure(definition, target, rowsOf, unitId, day)", () => {
  const judged = (rows: SeriesRow[], day: string, one = target()) =>
    judgedFigure(intake(one), one, from(rows), "den-haag", day);

  it("is the last one at the target's own grain that is over", () => {
    const rows = [year(2015), year(2016, { value: 0.22 }), year(2017, { complete: false }), toDate("2017-06-30")];
    expect(judged(rows, "2017-06-30").row).toMatchObject({ grain: "year", value: 0.22 });
  });

  it("takes another grain where its own shows nothing, and tells what is withheld since", () => {
    const rows = [year(2015, withheld()), toDate("2015-12-31"), toDate("2016-06-30", withheld("complement"))];
    const found = judged(rows, "2016-06-30");
    expect(found.row).toMatchObject({ grain: "target", period_end: "2015-12-31" });
    expect(found.newer).toMatchObject({ period_end: "2016-06-30", withheld_reason: "complement" });
  });

  it("tells why where nothing is shown, and never takes figures of another target", () => {
    expect(judged([year(2016, withheld("floor"))], "2017-06-30").row?.withheld_reason).toBe("floor");
    expect(judged([year(2016, { target_source: "voorbeelddata" })], "2017-06-30").row).toBeNull();
    expect(judged([year(2014)], "2017-06-30").row).toBeNull();
  });

  it("stops at the target's end", () => {
    expect(judged([year(2017), year(2018)], "2019-06-30").row?.period_end).toBe("2017-12-31");
  });
});

describe("targetLines(definitions, rowsOf, unitId, forceId, day)", () => {
  it("says of whom a target is and whether it is over, and leaves out one of the force without figures", () => {
    const lines = (day: string) => targetLines([intake(target())], from([year(2016)]), "den-haag", "politie", day);
    expect(lines("2017-06-30")).toMatchObject([{ inherited: true, ended: false, unitId: "den-haag" }]);
    expect(lines("2018-06-30")).toMatchObject([{ ended: true }]);
    expect(targetLines([intake(target())], from([]), "den-haag", "politie", "2017-06-30")).toEqual([]);
    expect(targetLines([intake(target())], from([]), "politie", "politie", "2017-06-30")).toHaveLength(1);
  });
});

describe("figureOn(indicatorId, rowsOf, unitId, day)", () => {
  const half = (fields: Partial<SeriesRow> = {}) => seriesRow(fields);
  it("is the half-year's own, else a longer period's, else what says why", () => {
    const on = (...rows: SeriesRow[]) => figureOn("intake-dual", from(rows), "den-haag", "2016-12-31");
    expect(on(half(), year(2016))?.grain).toBe("half");
    expect(on(half(withheld()), year(2016))?.grain).toBe("year");
    expect(on(half(withheld("floor")))?.withheld_reason).toBe("floor");
    expect(on()).toBeNull();
  });

  it("shows nothing that is more than two years old", () => {
    expect(figureOn("intake-dual", from([year(2013)]), "den-haag", "2016-12-31")).toBeNull();
  });
});

describe("decidedHow(target, language)", () => {
  it("names status with its date, and the paper or that it is ours", () => {
    expect(decidedHow(target({ proposed_on: "2015-01-01" }), "nl")).toBe("voorgesteld (1 jan 2015), DH-2015");
    expect(decidedHow(target({ status: "decided", decided_on: "2016-04-15", by: "ours" }), "nl")).toBe(
      "vastgesteld (15 apr 2016), norm van de monitor, niet uit het programma",
    );
  });
});

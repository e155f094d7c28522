import { describe, expect, it } from "vitest";
import { clearChanges } from "../../web/charts/changes.ts";
import { targetOf } from "../../web/charts/target.ts";
import { text } from "../../web/locales/text.ts";
import {
  figureAt,
  finestForMany,
  finestShown,
  grainsFrom,
  headlines,
  sentenceOf,
  shownJudgement,
} from "../../web/state/figure.ts";
import { Organisation } from "../../web/state/organisation.ts";
import { definition, seriesFrom, seriesRow, target, unit, withheld } from "../support/rows.ts";

const t = (key: string, values?: Record<string, string | number>) => text("nl", key, values);

describe("grainsFrom(grain)", () => {
  it("goes from the chosen grain to coarser ones, the target's period last", () => {
    expect(grainsFrom("quarter")).toEqual(["quarter", "half", "year", "target"]);
    expect(grainsFrom("r12")).toEqual(["r12", "half", "year", "target"]);
  });
});

describe("finestShown(byGrain)", () => {
  it("passes a grain at which little can be shown", () => {
    const half = seriesFrom("half", "2013-01-01", [{}, ...Array<object>(5).fill(withheld())]);
    const year = seriesFrom("year", "2013-01-01", [{}, {}, {}]);
    expect(
      finestShown([
        { grain: "half", rows: half },
        { grain: "year", rows: year },
      ])?.grain,
    ).toBe("year");
    expect(finestShown([{ grain: "half", rows: half }])?.grain).toBe("half");
  });

  it("gives withheld rows where nothing can be shown, so that they say why", () => {
    const rows = seriesFrom("half", "2013-01-01", [withheld("floor")]);
    expect(finestShown([{ grain: "half", rows }])?.rows).toBe(rows);
    expect(finestShown([{ grain: "half", rows: [] }])).toBeNull();
  });
});

describe("finestForMany(byGrain, keyOf)", () => {
  it("takes one grain for all, that most of them can be shown at", () => {
    const unit = (unit_id: string, fields: object[]) =>
      seriesFrom(
        "half",
        "2013-01-01",
        fields.map((each) => ({ ...each, unit_id })),
      );
    const half = [
      ...unit("a", [{}, {}]),
      ...unit("b", [withheld(), withheld()]),
      ...unit("c", [withheld(), withheld()]),
    ];
    const year = [...unit("a", [{}]), ...unit("b", [{}]), ...unit("c", [{}])];
    expect(
      finestForMany(
        [
          { grain: "half", rows: half },
          { grain: "year", rows: year },
        ],
        (row) => row.unit_id,
      )?.grain,
    ).toBe("year");
  });
});

describe("figureAt(rows, periodEnd)", () => {
  const rows = seriesFrom("half", "2015-01-01", [{ value: 0.1 }, { value: 0.2 }, { value: 0.3, complete: false }]);
  it("is the row of the period, else the last complete one before it", () => {
    expect(figureAt(rows, "2015-12-31")?.value).toBe(0.2);
    expect(figureAt(rows, "2020-12-31")?.value).toBe(0.2);
    expect(figureAt(rows, "2010-12-31")).toBeNull();
  });
});

describe("shownJudgement(row)", () => {
  it("says of a target ahead that it is judged later, and of no target that there is none", () => {
    expect(shownJudgement(seriesRow({ target: 0.25 }))).toBe("not_due");
    expect(shownJudgement(seriesRow())).toBe("no_target");
    expect(shownJudgement(seriesRow({ target: 0.25, judgement: "missed" }))).toBe("missed");
  });
});

describe("headlines(figures, focusPoints)", () => {
  const figure = (indicator_id: string, row: object, fields: Parameters<typeof definition>[0] = {}) => ({
    row: seriesRow({ indicator_id, ...row }),
    definition: definition({ indicator_id, ...fields }),
  });
  const names = (figures: ReturnType<typeof figure>[]) =>
    headlines(figures, ["composition", "connection"]).map(({ definition }) => definition.indicator_id);

  it("takes verdicts on targets first, then targets ahead, then each focus point", () => {
    expect(
      names([
        figure("too-few", { target: 0.5, judgement: "too_few" }),
        figure("ahead", { target: 0.5 }),
        figure("complaints", {}, { focus: "connection", kind: "count" }),
        figure("missed", { target: 0.2, judgement: "missed" }),
      ]),
    ).toEqual(["missed", "ahead", "complaints", "too-few"]);
  });

  it("prefers a firm figure to a part of a few", () => {
    expect(names([figure("of-two", { denominator: 2 }), figure("of-many", { denominator: 500 })])).toEqual([
      "of-many",
      "of-two",
    ]);
  });
});

describe("sentenceOf(row, definition, language, t)", () => {
  it("is the server's, else what is known in short", () => {
    expect(sentenceOf(seriesRow({ sentence_nl: "Zo is het." }), definition(), "nl", t)).toBe("Zo is het.");
    expect(sentenceOf(seriesRow({ target: 0.25, judgement: "missed_uncertain" }), definition(), "nl", t)).toBe(
      "Tweede helft van 2016. 20,0% (20 van 100). Marge: 15,0% tot 26,0%. Doel 25%: niet gehaald, nog onzeker.",
    );
  });
});

describe("clearChanges(now, before, breaks)", () => {
  const before = seriesRow({
    period_start: "2016-01-01",
    period_end: "2016-06-30",
    value: 0.1,
    lower: 0.08,
    upper: 0.12,
  });
  it("names figures whose margins no longer touch", () => {
    expect(clearChanges([seriesRow()], [before])).toHaveLength(1);
    expect(clearChanges([seriesRow({ lower: 0.11 })], [before])).toHaveLength(0);
  });

  it("compares nothing across a break, another definition or an open period", () => {
    const step = {
      indicator_id: "intake-dual",
      unit_id: null,
      on_date: "2016-07-01",
      kind: "registration",
      label_nl: "",
      label_en: "",
    };
    expect(clearChanges([seriesRow()], [before], [step])).toHaveLength(0);
    expect(clearChanges([seriesRow({ definition_version: 2 })], [before])).toHaveLength(0);
    expect(clearChanges([seriesRow({ complete: false })], [before])).toHaveLength(0);
  });
});

describe("targetOf(definition, row)", () => {
  const paper = target();
  it("prefers the record with the row's source and period", () => {
    const demo = { ...paper, source: "voorbeelddata", from: "2018-01-01", to: "2020-12-31" };
    const both = definition({ targets: [demo, paper] });
    expect(targetOf(both, seriesRow({ target: 0.25, target_source: "DH-2015" }))).toBe(paper);
    expect(targetOf(both, seriesRow({ target: 0.25, target_source: "voorbeelddata", period_end: "2019-12-31" }))).toBe(
      demo,
    );
    expect(targetOf(both, seriesRow())).toBeNull();
  });
});

describe("Organisation", () => {
  const organisation = new Organisation([
    unit("politie", "force", null, { valid_from: "2005-01-01" }),
    unit("academie", "unit", "politie"),
    unit("rotterdam", "unit", "politie"),
    unit("haaglanden", "unit", "politie", { valid_from: "2005-01-01", valid_to: "2012-12-31", name: "Haaglanden" }),
    unit("den-haag", "unit", "politie", { predecessor_ids: ["haaglanden"] }),
    unit("centrum", "district", "den-haag"),
    unit("zuid", "district", "rotterdam"),
  ]);

  it("has regional units before those without districts", () => {
    expect(organisation.below("politie", "2016-01-01").map((each) => each.unit_id)).toEqual([
      "den-haag",
      "rotterdam",
      "academie",
    ]);
  });

  it("knows who was there on a day, the way up, and who came before", () => {
    expect(organisation.below("politie", "2010-01-01").map((each) => each.unit_id)).toEqual(["haaglanden"]);
    expect(organisation.path("centrum", "2016-01-01").map((each) => each.unit_id)).toEqual([
      "politie",
      "den-haag",
      "centrum",
    ]);
    expect(organisation.predecessors("den-haag")).toEqual({ since: "2013-01-01", names: ["Haaglanden"] });
    expect(organisation.start("2016-01-01")).toBe("2013-01-01");
  });
});

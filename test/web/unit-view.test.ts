import { describe, expect, it } from "vitest";
import type { SeriesRow, Unit } from "../../web/api.ts";
import { besideWords } from "../../web/charts/beside.ts";
import { text } from "../../web/locales/text.ts";
import { readAddress } from "../../web/state/address.ts";
import { Organisation } from "../../web/state/organisation.ts";
import { unitCards } from "../../web/state/unit-cards.ts";
import { unitQuestions, unitView } from "../../web/state/unit-view.ts";
import { definition, seriesFrom, withheld } from "../support/rows.ts";

const unit = (unit_id: string, level: Unit["level"], parent_id: string | null): Unit => ({
  ...{ unit_id, name: unit_id.toUpperCase(), level, parent_id },
  ...{ valid_from: "2013-01-01", valid_to: null, predecessor_ids: [] },
});
const organisation = new Organisation([
  unit("politie", "force", null),
  unit("den-haag", "unit", "politie"),
  unit("rotterdam", "unit", "politie"),
  unit("centrum", "district", "den-haag"),
]);
const viewAt = (href: string) => unitView(readAddress(href), organisation, "2016-12-31");
const t = (key: string, values?: Record<string, string | number>) => text("nl", key, values);

describe("unitView(address, organisation, through)", () => {
  const comparedAt = (href: string) => {
    const { compared } = viewAt(href);
    return compared && (compared.kind === "year" ? "year" : compared.unit.unit_id);
  };

  it("compares with the unit above, else with what the address says", () => {
    expect(comparedAt("/unit/centrum")).toBe("den-haag");
    expect(comparedAt("/unit/centrum?compare=politie")).toBe("politie");
    expect(comparedAt("/unit/den-haag?compare=rotterdam")).toBe("rotterdam");
    expect(comparedAt("/unit/den-haag?compare=last-year")).toBe("year");
    expect(comparedAt("/unit/den-haag?compare=none")).toBeNull();
    expect(comparedAt("/unit/politie")).toBeNull();
  });

  it("falls back on the unit above where the address names the unit itself or none that exists", () => {
    expect(comparedAt("/unit/den-haag?compare=den-haag")).toBe("politie");
    expect(comparedAt("/unit/den-haag?compare=atlantis")).toBe("politie");
  });

  it("is of the force without a unit, of the last period that is over without a period", () => {
    const view = viewAt("/unit");
    expect([view.unit?.unit_id, view.grain, view.period.period_end]).toEqual(["politie", "half", "2016-12-31"]);
    expect(viewAt("/unit/atlantis").unit).toBeNull();
  });
});

describe("unitQuestions(view, language)", () => {
  it("asks the unit's figures with sentences of one language, and of another unit no more than is drawn", () => {
    const [own, other, ...more] = unitQuestions(viewAt("/unit/den-haag?grain=month"), "en");
    expect(own![1]).toMatchObject({ unit: "den-haag", indicator: "all", grain: "month", best_for: "den-haag" });
    expect(own![1]!.fields).toMatch(/,sentence_en$/);
    expect(other![1]).toMatchObject({ unit: "politie", best_for: "den-haag" });
    expect(other![1]!.fields).not.toMatch(/sentence|target|lower/);
    expect(more).toEqual([]);
  });

  it("asks nothing of others for a comparison with the year before, and nothing at all without a unit", () => {
    expect(unitQuestions(viewAt("/unit/den-haag?compare=last-year"), "nl")).toHaveLength(1);
    expect(unitQuestions(viewAt("/unit/atlantis"), "nl")).toEqual([]);
  });
});

describe("unitCards(definitions, figures)", () => {
  const share = definition();
  const count = definition({ indicator_id: "complaints", kind: "count" });
  const own = seriesFrom("half", "2015-01-01", [{ value: 0.1 }, withheld(), { value: 0.3 }, { value: 0.4 }]);
  const cardsAt = (href: string, other: SeriesRow[] = []) =>
    unitCards([share, count], { view: viewAt(href), own, other });

  it("has a card for each indicator of which the unit has figures", () => {
    expect(cardsAt("/unit/den-haag").map((card) => [card.definition, card.grain])).toEqual([[share, "half"]]);
  });

  it("puts the figures of a year earlier under the period a year later, withheld ones too", () => {
    const [card] = cardsAt("/unit/den-haag?compare=last-year");
    expect(card!.beside!.map((row) => [row.period_start, row.period_end, row.value, row.withheld])).toEqual([
      ["2016-01-01", "2016-06-30", 0.1, false],
      ["2016-07-01", "2016-12-31", null, true],
    ]);
  });

  it("draws no count of a larger unit behind, but one of the same level or of a year earlier", () => {
    const rows = own.map((row) => ({ ...row, indicator_id: "complaints" }));
    const comparable = (href: string) =>
      unitCards([count], { view: viewAt(href), own: rows, other: rows })[0]!.comparable;
    expect(comparable("/unit/den-haag")).toBe(false);
    expect(comparable("/unit/den-haag?compare=rotterdam")).toBe(true);
    expect(comparable("/unit/den-haag?compare=last-year")).toBe(true);
  });
});

describe("besideWords(rows, period, definition, language, t)", () => {
  const rows = seriesFrom("half", "2015-01-01", [
    { value: 0.25, numerator: 30, denominator: 120 },
    withheld(),
    { value: null, judgement: "no_data" },
    { ...withheld("band"), band: true, band_side: "low", denominator: 37 },
  ]);
  const wordsOf = (index: number) => besideWords(rows, rows[index]!, definition(), "nl", t);

  it("tells figure and base, and keeps withheld, absent and few apart", () => {
    expect([0, 1, 2, 3].map(wordsOf)).toEqual([
      "25,0% (30 van 120)",
      "niet getoond (te kleine aantallen)",
      "geen cijfer over deze periode",
      "minder dan 5 van 37",
    ]);
    const elsewhere = { period_start: "2010-01-01", period_end: "2010-06-30" };
    expect(besideWords(rows, elsewhere, definition(), "nl", t)).toBe("geen cijfer over deze periode");
  });
});

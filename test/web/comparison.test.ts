import { describe, expect, it } from "vitest";
import type { Level, Unit } from "../../web/api.ts";
import { periodCode, type CalendarGrain } from "../../web/charts/period.ts";
import { counted, text } from "../../web/locales/text.ts";
import {
  canDraw,
  classesOf,
  firstShown,
  groupsOf,
  inOrder,
  isSpread,
  noLimits,
  periodsToTry,
  spreadAmong,
  withWideLimits,
} from "../../web/state/comparison.ts";
import { levelOf, levelsFor } from "../../web/state/levels.ts";
import { absentWords, comparisonWords, spreadWords } from "../../web/state/comparison-words.ts";
import { Organisation } from "../../web/state/organisation.ts";
import { compared, compareRow } from "../support/compare.ts";
import { definition, withheld } from "../support/rows.ts";

const codes = (grains: CalendarGrain[], through: string) =>
  periodsToTry(grains, "2014-01-01", through).map((step) => step.map(periodCode));

describe("periodsToTry(grains, first, through)", () => {
  it("begins with the last half-year and year that are over, then goes back a year at a time", () => {
    expect(codes(["month", "quarter", "half", "year"], "2016-09-30")).toEqual([
      ["2016-H1", "2015"],
      ["2015-H2", "2015-H1"],
      ["2014-H2", "2014", "2014-H1"],
    ]);
  });

  it("takes the only grain that there is", () => {
    expect(codes(["year"], "2016-12-31")).toEqual([["2016"], ["2015"], ["2014"]]);
    expect(codes(["month", "quarter"], "2014-06-30")).toEqual([["2014-Q2"], ["2014-Q1"]]);
    expect(codes([], "2016-12-31")).toEqual([]);
  });

  it("goes no more than five years back", () => {
    expect(periodsToTry(["half", "year"], "1990-01-01", "2016-12-31")).toHaveLength(5);
  });
});

describe("firstShown(answers)", () => {
  const rows = (shown: number, not: number) => [
    ...Array.from({ length: shown }, () => compareRow()),
    ...Array.from({ length: not }, () => compareRow(withheld())),
  ];
  it("takes the first unless another shows more than twice as many", () => {
    expect(firstShown([{ rows: rows(7, 7) }, { rows: rows(14, 0) }])!.rows).toHaveLength(14);
    const [half, year] = [{ rows: rows(1, 13) }, { rows: rows(7, 7) }];
    expect(firstShown([half, year])).toBe(year);
    expect(firstShown([{ rows: rows(7, 7) }, half])!.rows.filter((row) => row.value !== null)).toHaveLength(7);
  });

  it("finds nothing where no unit has a figure that is complete", () => {
    expect(firstShown([{ rows: rows(0, 14) }, { rows: [compareRow({ complete: false })] }])).toBeNull();
    expect(firstShown([])).toBeNull();
  });
});

describe("noLimits(rows, definition)", () => {
  const of = (kind: string, rows = [compareRow()], interval?: string) =>
    noLimits(rows, { kind, ...(interval ? { interval } : {}) });

  it("is nothing where the server gave limits", () => {
    expect(of("share", [compareRow({ class: "within" })])).toBeNull();
  });

  it.each([
    ["no unit has a figure", of("share", [compareRow(withheld())]), "nothing"],
    ["chance plays no part", of("share", undefined, "none"), "chance"],
    ["it is a number", of("count"), "count"],
    ["it is a number that adds up", of("cumulative"), "count"],
    ["its kind has none", of("duration"), "kind"],
    ["the period is not complete", of("share", [compareRow({ complete: false })]), "provisional"],
    ["it came as a share", of("share", [compareRow({ numerator: null, denominator: null })]), "counts"],
    ["parts are above the whole", of("share", [compareRow({ numerator: 12, denominator: 10 })]), "kind"],
    ["there is one only", of("share"), "few"],
  ])("says why: %s", (_, found, wanted) => expect(found).toBe(wanted));

  it("draws what can be compared by eye, numbers not", () => {
    expect(canDraw("kind", { kind: "duration" })).toBe(true);
    expect(canDraw(null, { kind: "share" })).toBe(true);
    expect(canDraw("count", { kind: "count" })).toBe(false);
    expect(canDraw("nothing", { kind: "share" })).toBe(false);
  });
});

describe("comparisonWords(units, definition, speech)", () => {
  const speech = (language: "nl" | "en", levels: string) => ({
    language,
    t: (key: string, values?: Record<string, string | number>) => text(language, key, values),
    count: (key: string, count: number, values?: Record<string, string | number>) =>
      counted(language, key, count, values),
    levels,
  });
  const nl = speech("nl", "eenheden");
  const three = compared([
    ["Amsterdam", 27, 67],
    ["Den Haag", 23, 93],
    ["Oost", 26, 171],
  ]);

  it("says how many lie within the limits, and names the others", () => {
    expect(comparisonWords(three.units, three.definition, nl)).toEqual({
      said: [
        "1 van de 3 eenheden ligt binnen de grenzen: het verschil met het totaal (23,0%) kan op toeval berusten.",
        "Boven de grenzen: Amsterdam.",
        "Onder de grenzen: Oost.",
      ],
      notes: [],
    });
    expect(comparisonWords(three.units, three.definition, speech("en", "units")).said[1]).toBe(
      "Above the limits: Amsterdam.",
    );
  });

  it("says so where all lie within, or none", () => {
    const alike = compared([["Amsterdam", 20, 100], ["Den Haag", 22, 100]]); // prettier-ignore
    expect(comparisonWords(alike.units, alike.definition, nl).said).toEqual([
      "Alle 2 eenheden liggen binnen de grenzen: hun verschil met het totaal (21,0%) kan op toeval berusten.",
    ]);
    const apart = compared([["Amsterdam", 900, 1000], ["Den Haag", 100, 1000]]); // prettier-ignore
    expect(comparisonWords(apart.units, apart.definition, nl).said[0]).toMatch(/^Alle 2 eenheden liggen buiten/);
  });

  it("says what chance alone does to many, and what it means where it does not explain them", () => {
    const many = compared(
      Array.from({ length: 40 }, (_, index): [string, number, number] => [`t${index}`, index % 2 ? 20 : 80, 100]),
    );
    const { said, notes } = comparisonWords(many.units, many.definition, { ...nl, levels: "basisteams" });
    expect(said).toContain("Boven de grenzen: 20 basisteams.");
    expect(notes[0]).toContain("van 40 ongeveer 2");
    expect(notes[1]).toContain("De basisteams kunnen ook verschillen in werk");
    expect(isSpread(classesOf(many.units))).toBe(true);
    expect(isSpread(classesOf(three.units.slice(1)))).toBe(false);
  });

  it("says so where numbers are too small to tell", () => {
    const few = compared([["Amsterdam", 1, 2], ["Den Haag", 1, 4], ["Oost", 0, 1]]); // prettier-ignore
    expect(comparisonWords(few.units, few.definition, nl).notes).toEqual([
      "De aantallen zijn klein: bij de meeste eenheden valt ook 0 nog binnen de grenzen. Een langere periode of een hoger niveau zegt meer.",
    ]);
  });

  it("says why figures have no limits", () => {
    const units = ["Amsterdam", "Den Haag"].map((name) => ({ name, row: compareRow({ value: 40 }) }));
    expect(comparisonWords(units, definition({ kind: "count" }), nl)).toEqual({
      said: ["Alle 2 eenheden hebben een cijfer."],
      notes: [text("nl", "compare.noLimits.count", { levels: "eenheden" })],
    });
    const some = [...units, { name: "Limburg", row: compareRow(withheld()) }];
    expect(comparisonWords(some, definition({ kind: "duration" }), nl).said[0]).toMatch(/^2 van de 3 eenheden/);
    expect(comparisonWords([{ name: "x", row: compareRow(withheld()) }], definition(), nl).said[0]).toMatch(
      /geen cijfer/,
    );
  });

  it("names units without a figure by the reason", () => {
    const none = (unit_id: string, reason?: string) => ({
      name: unit_id,
      row: compareRow({ unit_id, ...withheld(reason), ...(reason ? {} : { withheld: false, judgement: "no_data" }) }),
    });
    const units = [none("Amsterdam", "threshold"), none("Limburg"), none("Utrecht", "threshold"), ...three.units];
    expect(absentWords(units, nl)).toEqual([
      "Amsterdam en Utrecht: niet getoond (te kleine aantallen)",
      "Limburg: geen gegevens",
    ]);
  });
});

describe("the organisation in a comparison", () => {
  const unit = (unit_id: string, name: string, level: Level, parent_id: string | null): Unit => ({
    unit_id,
    name,
    level,
    parent_id,
    valid_from: "2013-01-01",
    valid_to: null,
    predecessor_ids: [],
  });
  const organisation = new Organisation([
    unit("politie", "Politie", "force", null),
    unit("u", "Utrecht", "unit", "politie"),
    unit("a", "Amsterdam", "unit", "politie"),
    unit("u-d", "Dienst Recherche", "service", "u"),
    unit("a-d", "Dienst Recherche", "service", "a"),
    unit("a-w", "West", "district", "a"),
  ]);
  const on = "2016-12-31";

  it("orders rows as the organisation does, and tells units of one name apart", () => {
    const rows = [compareRow({ unit_id: "u-d" }), compareRow({ unit_id: "a-d" })];
    expect(inOrder(rows, "service", organisation, on).map(({ name }) => name)).toEqual([
      "Dienst Recherche, Amsterdam",
      "Dienst Recherche, Utrecht",
    ]);
  });

  it("groups them by the unit that they belong to; units themselves are one group without a name", () => {
    const services = inOrder(
      [compareRow({ unit_id: "u-d" }), compareRow({ unit_id: "a-d" })],
      "service",
      organisation,
      on,
    );
    expect(groupsOf(services, organisation, on).map(({ name, units }) => [name, units[0]!.name])).toEqual([
      ["Amsterdam", "Dienst Recherche"],
      ["Utrecht", "Dienst Recherche"],
    ]);
    const units = inOrder([compareRow({ unit_id: "u" }), compareRow({ unit_id: "a" })], "unit", organisation, on);
    expect(groupsOf(units, organisation, on).map(({ name, units: some }) => [name, some.length])).toEqual([[null, 2]]);
  });

  it("compares at levels that the indicator has and of which there are several", () => {
    expect(levelsFor({}, organisation, on)).toEqual(["unit", "service"]);
    expect(levelsFor({ levels: ["force", "unit"] }, organisation, on)).toEqual(["unit"]);
    expect(levelsFor({ levels: ["force"] }, organisation, on)).toEqual([]);
    expect(levelOf(organisation.find("a-d", on), ["unit", "service"])).toBe("service");
    expect(levelOf(organisation.find("a-w", on), ["unit", "service"])).toBeNull();
  });
});

describe("withWideLimits(units), spreadWords(spread, speech)", () => {
  const nl = { language: "nl" as const, t: (key: string, values?: Record<string, string | number>) => text("nl", key, values), count: (key: string, count: number, values?: Record<string, string | number>) => counted("nl", key, count, values), levels: "eenheden" }; // prettier-ignore
  // Around a half of 100 each: z scores -4 … 4 in steps that make φ 20 / 11 (as worked in the test of `spreadOf`).
  const eleven = compared(
    [-4, -2, -1, -1, 0, 0, 0, 1, 1, 2, 4].map((z, index) => [`Eenheid ${String.fromCharCode(97 + index)}`, 50 + 5 * z, 100]),
  ); // prettier-ignore

  it("has the wide limits and the class by them where the others were", () => {
    const wide = withWideLimits(eleven.units);
    const [first] = wide;
    expect(spreadAmong(wide.map(({ row }) => row))).toBeCloseTo(20 / 11, 12);
    expect(first!.row.upper_95! - 0.5).toBeCloseTo(Math.sqrt(20 / 11) * (eleven.units[0]!.row.upper_95! - 0.5), 12);
    // 0.40 lies 2 standard errors off: outside by chance alone, within where units differ more than that.
    expect(eleven.units.map(({ row }) => row.class)).toEqual(["low998", "low95", ...Array<string>(7).fill("within"), "high95", "high998"]); // prettier-ignore
    expect(wide.map(({ row }) => row.class)).toEqual(["low95", ...Array<string>(9).fill("within"), "high95"]);
  });

  it("leaves units as they are where nothing can be said of their spread", () => {
    const three = compared([["A", 4, 10], ["B", 5, 10], ["C", 9, 10]]); // prettier-ignore
    expect(withWideLimits(three.units)).toEqual(three.units);
    expect(spreadAmong(three.units.map(({ row }) => row))).toBeNull();
  });

  it("says what lies within wide limits without the word chance, and how much wider they are", () => {
    const { said, notes } = comparisonWords(withWideLimits(eleven.units), eleven.definition, nl, true);
    expect(said[0]).toMatch(/^9 van de 11 eenheden liggen binnen de ruimere grenzen: .* dan de eenheden onderling al verschillen\.$/); // prettier-ignore
    expect(notes.join(" ")).not.toMatch(/door toeval alleen liggen|meer dan toeval alleen zou geven/);
    expect(spreadWords(20 / 11, nl)).toContain("De grenzen zijn 1,3 keer zo ver van het midden");
    expect(spreadWords(0.7, nl)).toContain("niet meer dan door toeval alleen");
    expect(spreadWords(null, nl)).toContain("pas te zeggen vanaf 10");
  });
});

import { describe, expect, it } from "vitest";
import { sharedAxes } from "../../web/charts/multiples.ts";
import { paperPalette } from "../../web/charts/palette.ts";
import { nameLines, trend, type TrendData } from "../../web/charts/trend.ts";
import { text } from "../../web/locales/text.ts";
import { definition, seriesFrom, withheld } from "../support/rows.ts";
import { expectGolden, svgOf, warningsOf } from "../support/specs.ts";

const t = (key: string, values?: Record<string, string | number>) => text("nl", key, values);
const options = { language: "nl", t, palette: paperPalette, width: 240, height: 220 } as const;
const target = { target: 0.25, target_source: "DH-2015 actie 4.1", judgement: "missed" } as const;
const shares = [0.13, 0.15, 0.16, 0.155, 0.18, 0.2];

const record = {
  unit_id: "politie",
  goal: "streefcijfer",
  status: "proposed",
  from: "2015-01-01",
  to: "2017-12-31",
  kind: "at_least",
  value: 0.25,
  tolerance: null,
  grain: "year",
  source: "DH-2015 actie 4.1",
  by: "paper",
} as const;

/** Each is a chart, kept as a golden spec of its name. */
const cases: Record<string, TrendData> = {
  "share-with-target": {
    definition: definition({ targets: [record] }),
    rows: seriesFrom(
      "half",
      "2014-01-01",
      shares.map((value, index) => ({ value, lower: value - 0.03, upper: value + 0.03, ...(index > 1 ? target : {}) })),
    ),
    behind: {
      name: "Politie",
      rows: seriesFrom(
        "half",
        "2014-01-01",
        shares.map((value) => ({ value: value + 0.02 })),
      ),
    },
    breaks: [
      {
        indicator_id: "intake-dual",
        unit_id: null,
        on_date: "2015-01-01",
        kind: "registration",
        label_nl: "nieuwe registratie",
        label_en: "new registration",
      },
    ],
  },
  "withheld-band-provisional": {
    definition: definition(),
    rows: seriesFrom("half", "2014-01-01", [
      { value: 0.2 },
      withheld(),
      { ...withheld("band"), band: true, band_side: "low", denominator: 37 },
      { ...withheld("band"), band: true, band_side: "high", denominator: 37 },
      { value: 0.25 },
      { value: 0.3, complete: false },
    ]),
  },
  "target-prolonged-in-demo": {
    definition: definition({
      targets: [record, { ...record, from: "2018-01-01", to: "2020-12-31", source: "voorbeelddata", demo: true }],
    }),
    rows: seriesFrom(
      "year",
      "2015-01-01",
      shares.map((value, index) => ({
        value,
        ...target,
        target_source: index < 3 ? target.target_source : "voorbeelddata",
      })),
    ),
  },
  "balance-with-tolerance": {
    definition: definition({
      polarity: "balance",
      targets: [{ ...record, unit_id: "rotterdam", kind: "within", value: 0.5, tolerance: 0.05, source: "RTM-2015" }],
    }),
    rows: seriesFrom(
      "year",
      "2015-01-01",
      [0.3, 0.4, 0.45].map((value) => ({
        unit_id: "rotterdam",
        value,
        target: 0.5,
        target_source: "RTM-2015",
        judgement: "missed",
      })),
    ),
  },
  "count-with-predecessors-and-published": {
    definition: definition({ indicator_id: "complaints", kind: "count", decimals: 0, polarity: "neutral" }),
    rows: seriesFrom(
      "year",
      "2011-01-01",
      [100, 104, 150, 160, 80].map((value, index) => ({
        value,
        numerator: value,
        denominator: null,
        lower: value - 15,
        upper: value + 15,
        reference: index < 2,
        complete: index < 4,
      })),
    ),
    references: [
      {
        indicator_id: "complaints",
        unit_id: "den-haag",
        period_start: "2014-01-01",
        period_end: "2014-12-31",
        value: 170,
        source_title: "Jaarverslag",
        publisher: "Politie",
        source_date: null,
        source_url: null,
        note: null,
      },
    ],
  },
  months: {
    definition: definition({ kind: "count", decimals: 0 }),
    rows: seriesFrom(
      "month",
      "2016-01-01",
      [12, 14, 9, 11, 13, 10, 8, 15].map((value) => ({ value, lower: value - 4, upper: value + 5 })),
    ),
  },
  "pace-towards-a-target": {
    definition: definition({
      kind: "count",
      decimals: 0,
      targets: [{ ...record, goal: "resultaat", kind: "number", value: 24 }],
    }),
    rows: seriesFrom(
      "quarter",
      "2016-01-01",
      [4, 9, 15, 20].map((value, index) => ({
        value,
        lower: null,
        upper: null,
        target: 24,
        target_source: "DH-2015 actie 4.1",
        pace: 6 * (index + 1),
        judgement: "not_due",
      })),
    ),
  },
  "nothing-to-draw": { definition: definition(), rows: [] },
};

describe("trend(data, options)", () => {
  it.each(Object.keys(cases))("%s is as reviewed, compiles without a warning and draws", async (name) => {
    const spec = trend(cases[name]!, options);
    expectGolden(name, spec);
    expect(warningsOf(spec)).toEqual([]);
    expect(await svgOf(spec)).toContain("<svg");
  });

  const named = (data: TrendData, more = {}) => JSON.stringify(trend(data, { ...options, ...more }));
  const layers = (data: TrendData) => [...named(data).matchAll(/"name":"([a-z-]+)"/g)].map((match) => match[1]);

  it("labels the target at its line and not in a legend", async () => {
    const svg = await svgOf(trend(cases["share-with-target"]!, options));
    expect(svg).toContain("streefcijfer");
    expect(svg).toContain("25%");
    expect(svg).not.toContain("role-legend");
  });

  it("draws prolonged targets dashed and says what they are", async () => {
    expect(layers(cases["target-prolonged-in-demo"]!)).toEqual(expect.arrayContaining(["target", "target-demo"]));
    expect(await svgOf(trend(cases["target-prolonged-in-demo"]!, options))).toContain("voorbeelddata");
  });

  it("marks what is withheld and draws no line over it", () => {
    expect(layers(cases["withheld-band-provisional"]!)).toEqual(
      expect.arrayContaining(["withheld", "band", "provisional", "provisional-line"]),
    );
    expect(layers(cases["withheld-band-provisional"]!)).not.toContain("target");
  });

  it("draws no line to a sum of a period that is not over", () => {
    const drawn = layers(cases["count-with-predecessors-and-published"]!);
    expect(drawn).toEqual(expect.arrayContaining(["predecessors", "provisional", "published"]));
    expect(drawn).not.toContain("provisional-line");
  });

  it("keeps the target in view and starts at 0", () => {
    expect(named(cases["share-with-target"]!)).toContain('"domain":[0,0.3]');
  });

  it("draws no target before the first figure: its frame begins there", () => {
    const unknown = { value: null, numerator: null, denominator: null, judgement: "no_data" } as const;
    const rows = seriesFrom("half", "2014-01-01", [
      { ...unknown, target: 0.25, target_source: "x" },
      { ...unknown, target: 0.25, target_source: "x" },
      ...shares.map((value) => ({ value, ...target, target_source: "x" })),
    ]);
    const spec = trend({ definition: definition(), rows }, options) as unknown as {
      layer: { name?: string; data?: { values: { x: number }[] }; encoding: { x: { scale?: { domain: number[] } } } }[];
    };
    const line = spec.layer.find(({ name }) => name === "target")!;
    expect(line.data!.values.map(({ x }) => new Date(x).toISOString().slice(0, 10))).toEqual(["2015-01-01"]);
    expect(line.data!.values[0]!.x).toBe(line.encoding.x.scale!.domain[0]);
  });

  it("is as wide in its plot whatever stands beside it", () => {
    for (const data of Object.values(cases))
      expect(trend(data, options)).toMatchObject({
        width: 240,
        padding: { left: 44, right: 88 },
        autosize: { type: "none" },
      });
  });

  it("holds no address that could be fetched", () => {
    for (const data of Object.values(cases)) expect(named(data)).not.toContain('"url"');
  });

  it("speaks English where asked", async () => {
    const english = trend(cases["share-with-target"]!, {
      ...options,
      language: "en",
      t: (key, values) => text("en", key, values),
    });
    expect(await svgOf(english)).toContain("new registration");
  });
});

describe("trend(data, options) beside its line", () => {
  const drawn = (data: TrendData, layer: string) =>
    (
      trend(data, options) as unknown as { layer: { name?: string; data?: { values: Record<string, number>[] } }[] }
    ).layer.find(({ name }) => name === layer)!.data!.values;

  it("draws each aim's path by itself", () => {
    const rows = seriesFrom("half", "2018-01-01", [
      { target: 0.5, target_source: "RTM-2016", pace: 0.45 },
      { target: 0.5, target_source: "RTM-2016", pace: 0.5 },
      { target: 0.5, target_source: "voorbeelddata", pace: 0.34 },
      { target: 0.5, target_source: "voorbeelddata", pace: 0.36 },
    ]);
    expect(drawn({ definition: definition(), rows }, "pace").map(({ path }) => path)).toEqual([0, 0, 1, 1]);
  });

  it("sets published figures that contradict each other side by side", () => {
    const rows = seriesFrom("year", "2018-01-01", [{ value: 1500 }, { value: 1600 }, { value: 1700 }]);
    const point = (value: number, year = 2019) => ({
      indicator_id: "use-of-force",
      unit_id: "politie",
      period_start: `${year}-01-01`,
      period_end: `${year}-12-31`,
      value,
      source_title: "Jaarverslag",
      publisher: null,
      source_date: null,
      source_url: null,
      note: null,
    });
    const references = [point(1611), point(1575), point(900), point(1700, 2020)];
    const values = drawn({ definition: definition({ kind: "count" }), rows, references }, "published");
    const of = (value: number) => values.find(({ y }) => y === value)!.x!;
    expect(of(1575)).toBeLessThan(of(900));
    expect(of(1611)).toBeGreaterThan(of(900));
    expect(of(1611) - of(900)).toBe(of(900) - of(1575));
  });
});

describe("nameLines(name)", () => {
  it("breaks a long name at spaces and hyphens", () => {
    expect(nameLines("Politie")).toEqual(["Politie"]);
    expect(nameLines("Den Haag-Centrum")).toEqual(["Den Haag-", "Centrum"]);
    expect(nameLines("Zeeland-West-Brabant")).toEqual(["Zeeland-West-", "Brabant"]);
  });
});

describe("sharedAxes(all)", () => {
  it("gives all the same axes, wide enough for each", () => {
    const all = [cases["share-with-target"]!, cases["withheld-band-provisional"]!];
    const axes = sharedAxes(all);
    expect(axes.scale.max).toBeGreaterThanOrEqual(0.3);
    expect(axes.span).toEqual(["2014-01-01", "2016-12-31"]);
    const domains = all.map((data) =>
      [...JSON.stringify(trend(data, { ...options, ...axes })).matchAll(/"domain":\[[^\]]+\]/g)].map(String),
    );
    expect(new Set(domains.flat()).size).toBe(2);
    for (const data of all) expect(warningsOf(trend(data, { ...options, ...axes, compact: true }))).toEqual([]);
  });
});

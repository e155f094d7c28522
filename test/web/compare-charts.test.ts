import { describe, expect, it } from "vitest";
import type { CompareData } from "../../web/charts/compare.ts";
import { dotPlaces, dots } from "../../web/charts/dots.ts";
import { funnel, funnelPlaces, unnamed } from "../../web/charts/funnel.ts";
import { paperPalette } from "../../web/charts/palette.ts";
import { text } from "../../web/locales/text.ts";
import { compared, compareRow, idOf } from "../support/compare.ts";
import { definition, withheld } from "../support/rows.ts";
import { expectGolden, svgOf, warningsOf } from "../support/specs.ts";

const t = (key: string, values?: Record<string, string | number>) => text("nl", key, values);
const options = { language: "nl", t, palette: paperPalette, width: 440, height: 400 } as const;

const shares: [string, number, number][] = [
  ["Amsterdam", 27, 67],
  ["Den Haag", 23, 93],
  ["Limburg", 11, 69],
  ["Oost-Nederland", 26, 171],
  ["Rotterdam", 48, 143],
  ["Landelijke Expertise en Operaties (LX)", 3, 60],
];
const target = { target: 0.25, target_source: "voorbeelddata", judgement: "missed" } as const;

const funnels: Record<string, CompareData> = {
  "funnel-of-shares": compared(shares, {
    definition: { denominator: { nl: "instroom van wie de achtergrond bekend is", en: "intake of known background" } },
    row: target,
    others: [
      compareRow({ unit_id: "noord-holland", ...withheld() }),
      compareRow({ unit_id: "utrecht", value: 0.3, numerator: 30, denominator: 100, complete: false }),
    ],
    chosen: "den-haag",
  }),
  "funnel-of-rates": compared(
    [
      ["Amsterdam", 40, 5620],
      ["Den Haag", 95, 6387],
      ["Limburg", 28, 3002],
      ["Rotterdam", 61, 6175],
    ],
    { definition: { kind: "rate", per: 100, decimals: 1 } },
  ),
};

/** Units of all sizes, of which many lie far from the others. */
const many = compared(
  Array.from({ length: 200 }, (_, index): [string, number, number] => {
    const of = 40 + ((index * 37) % 400);
    return [
      `Basisteam ${String.fromCharCode(97 + (index % 26))}${index}`,
      Math.round(of * (0.2 + (index % 7) / 14)),
      of,
    ];
  }),
);

const days: [string, number][] = [
  ["Amsterdam", 40],
  ["Den Haag", 42],
  ["Rotterdam", 40],
  ["Limburg", 25],
];
const law = { target: 42, target_source: "wet" };
const dotted: CompareData = {
  definition: definition({ kind: "duration", decimals: 0 }),
  units: days.map(([name, value]) => ({ name, row: compareRow({ unit_id: idOf(name), value, ...law }) })),
  whole: { name: "Politie", row: compareRow({ unit_id: "politie", value: 38, ...law }) },
  chosen: null,
};

interface Part {
  name?: string;
  data?: { values: Record<string, number>[] };
  layer?: Part[];
}
const layersOf = (data: CompareData, more = {}): Part[] =>
  (funnel(data, { ...options, ...more }) as unknown as { layer: Part[] }).layer;
const valuesOf = (data: CompareData, name: string) => layersOf(data).find((part) => part.name === name)?.data?.values;

describe("funnel(data, options)", () => {
  it.each(Object.keys(funnels))("%s is as reviewed, compiles without a warning and draws", async (name) => {
    const spec = funnel(funnels[name]!, options);
    expectGolden(name, spec);
    expect(warningsOf(spec)).toEqual([]);
    expect(await svgOf(spec)).toContain("<svg");
  });

  it.each(Object.keys(funnels))("draws the limits of %s where the server puts them", (name) => {
    const { units } = funnels[name]!;
    for (const [level, side, field] of [
      ["95", "high", "upper_95"],
      ["998", "low", "lower_998"],
    ] as const) {
      const curve = valuesOf(funnels[name]!, `limit-${level}-${side}`)!;
      for (const { row } of units.filter(({ row }) => row.class !== null)) {
        const next = curve.findIndex(({ x }) => x! >= row.denominator!);
        const [a, b] = [curve[next - 1]!, curve[next]!];
        const drawn = a.y! + ((b.y! - a.y!) * (row.denominator! - a.x!)) / (b.x! - a.x!);
        expect(Math.abs(drawn - row[field]!)).toBeLessThan(row.overall! * 0.01);
      }
    }
  });

  it("marks a class by its shape, and what is not compared yet as open", () => {
    const names = layersOf(funnels["funnel-of-shares"]!).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["within", "high998", "low998", "provisional", "chosen", "centre", "target"]),
    );
    expect(valuesOf(funnels["funnel-of-shares"]!, "provisional")).toEqual([{ x: 100, y: 0.3 }]);
  });

  it("names those outside the limits and the chosen one, the others not", async () => {
    const svg = await svgOf(funnel(funnels["funnel-of-shares"]!, options));
    expect(svg).toContain(">Amsterdam<");
    expect(svg).toContain(">LX<");
    expect(svg).toContain(">Den Haag<");
    expect(svg).not.toContain(">Limburg<");
  });

  it("says at the lines what they are: the force by its name only where the units make its figure", async () => {
    const whole = funnels["funnel-of-shares"]!.whole!;
    expect(await svgOf(funnel(funnels["funnel-of-shares"]!, options))).toContain(">Politie<");
    const other = { ...funnels["funnel-of-shares"]!, whole: { ...whole, row: { ...whole.row, value: 0.4 } } };
    const svg = await svgOf(funnel(other, options));
    expect(svg).toContain(">samen<");
    expect(svg).toContain(">grens 95%<");
    expect(svg).toContain("voorbeelddata");
  });

  it("keeps 200 units apart: some are named, and it is known how many are not", () => {
    const named = layersOf(many).find(({ name }) => name === "names")!.layer!.length / 2;
    const outside = many.units.filter(({ row }) => row.class !== "within").length;
    expect(named).toBeGreaterThan(5);
    expect(unnamed(many, options)).toBe(outside - named);
    expect(unnamed(many, { ...options, width: 200 })).toBeGreaterThan(outside - named);
    expect(warningsOf(funnel(many, options))).toEqual([]);
  });

  it("has a place in the plot for each unit with a figure, in the order given", () => {
    const places = funnelPlaces(many, options);
    expect(places.map(({ unitId }) => unitId)).toEqual(many.units.map(({ row }) => row.unit_id));
    for (const { x, y } of places) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(options.width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(options.height);
    }
  });

  it("has whole numbers along the axis, however small they are", () => {
    const spec = JSON.stringify(funnel(compared([["Amsterdam", 1, 2], ["Den Haag", 0, 1]]), options)); // prettier-ignore
    expect(/"values":(\[[\d.,]+\]),"format":",\.0f"/.exec(spec)?.[1]).toBe("[0,1,2]");
  });

  it("holds no address that could be fetched, and stands when there is nothing to draw", async () => {
    expect(JSON.stringify(funnel(many, options))).not.toContain('"url"');
    const none = { ...many, units: [], whole: null };
    expect(await svgOf(funnel(none, options))).toContain("<svg");
  });
});

describe("dots(data, options)", () => {
  it("dots-of-days is as reviewed, compiles without a warning and draws", async () => {
    const spec = dots(dotted, { ...options, height: 160 });
    expectGolden("dots-of-days", spec);
    expect(warningsOf(spec)).toEqual([]);
    const svg = await svgOf(spec);
    expect(svg).toContain(">Politie<");
    expect(svg).toContain(">Limburg<");
  });

  it("keeps the words of its lines apart and within the frame, wherever they lie", () => {
    const marks = (force: number, aim: number) => {
      const row = { ...dotted.whole!.row, value: force, target: aim };
      const { layer } = dots({ ...dotted, whole: { name: "Politie", row } }, { ...options, width: 288 }) as unknown as {
        layer: { data: { values: { x: number }[] }; mark?: { text?: string[]; align: string; dx: number } }[];
      };
      return layer.filter(({ mark }) => Array.isArray(mark?.text)).map(({ mark }) => mark!);
    };
    expect(marks(38, 42).map(({ align }) => align)).toEqual(["right", "right"]);
    expect(marks(41.5, 42)[0]!.dx).toBeLessThan(-60);
    expect(marks(26, 38).map(({ align }) => align)).toEqual(["left", "left"]);
  });

  it("puts dots of one value above each other, none on another", () => {
    const places = dotPlaces(dotted, { width: 440, height: 160 });
    const [amsterdam, , rotterdam] = places;
    expect(amsterdam!.x).toBe(rotterdam!.x);
    expect(Math.abs(amsterdam!.y - rotterdam!.y)).toBeGreaterThanOrEqual(8);
    const same = { ...many, units: many.units.map(({ row, name }) => ({ name, row: { ...row, value: 0.5 } })) };
    for (const { y } of dotPlaces(same, { width: 440, height: 160 })) {
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(160);
    }
  });
});

describe("funnel(data with wide limits, options)", () => {
  const layersOf = (data: CompareData) =>
    (funnel(data, options) as unknown as { layer: { name?: string; data?: { values: { x: number; y: number }[] } }[] }).layer; // prettier-ignore
  const valuesOf = (data: CompareData, name: string) => layersOf(data).find((each) => each.name === name)?.data?.values;
  const wide = { ...many, isWide: true };

  it("draws them as they are widened, and those of chance alone beside them", () => {
    expect(warningsOf(funnel(wide, options))).toEqual([]);
    const spread = many.units[0]!.row.spread!;
    expect(spread).toBeGreaterThan(1.5);
    const overall = many.units[0]!.row.overall!;
    const [plain, far] = [valuesOf(many, "limit-95-high")!.at(-1)!, valuesOf(wide, "limit-95-high")!.at(-1)!];
    expect((far.y - overall) / (plain.y - overall)).toBeCloseTo(Math.sqrt(spread), 3);
    expect(valuesOf(wide, "chance-high")).toEqual(valuesOf(many, "limit-95-high"));
    expect(valuesOf(many, "chance-high")).toBeUndefined();
  });
});

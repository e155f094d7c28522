import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, View } from "vega";
import { compile } from "vega-lite";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import { paperPalette } from "../../web/charts/palette.ts";
import { projectionChart, projectionPoints, type ProjectionData } from "../../web/charts/projection.ts";
import { outcomeInWords } from "../../web/components/hrm/outcome.ts";
import { text } from "../../web/locales/text.ts";
import {
  aimOf,
  project,
  readPosition,
  readSize,
  scenarioOf,
  sizeSlider,
  startAt,
  writePosition,
  type Figures,
  type Start,
} from "../../web/state/projection.ts";
import { definition, seriesFrom, seriesRow, withheld } from "../support/rows.ts";
import type { SeriesRow } from "../../web/api.ts";

const day = "2016-12-31";
const year = (indicator_id: string, fields: Partial<SeriesRow>) =>
  seriesRow({ indicator_id, grain: "r12", period_start: "2016-01-01", ...fields });
const gender = (value: string, rate: number) =>
  year("outflow", { breakdown: "gender", breakdown_value: value, value: rate });
const all = [
  seriesRow({ indicator_id: "staffing-women", value: 0.3, numerator: 300, denominator: 1000 }),
  seriesRow({ indicator_id: "staffing-dual", value: 0.16, numerator: null, denominator: null }),
  year("intake-women", { value: 0.5, numerator: 50, denominator: 100, unknown: 0 }),
  year("intake-dual", { value: 0.2, numerator: 12, denominator: 60 }),
  year("intake-dual-other", { value: 0.1, numerator: 2, denominator: 20 }),
  year("outflow", { value: 4 }),
  gender("woman", 6),
  gender("man", 3),
];
const figuresOf =
  (rows: SeriesRow[]): Figures =>
  (id, grain, of) =>
    rows.filter(
      (row) => row.indicator_id === id && row.grain === grain && (of ? row.breakdown_value === of : !row.breakdown),
    );
const without = (id: string, more: SeriesRow[] = []) => [...all.filter((row) => row.indicator_id !== id), ...more];
const started = (...from: Parameters<typeof startAt>): Start => {
  const start = startAt(...from);
  if ("lacking" in start) throw new Error(`no start: ${start.lacking} is lacking`);
  return start;
};

describe("startAt(group, figures, day)", () => {
  it("begins with women in staff, intake and exits of the last twelve months", () => {
    expect(started("women", figuresOf(all), day)).toMatchObject({
      ...{ day, staff: 1000, group: 300, intake: 50, sameExits: false },
      scenario: { intakeShare: 0.5, exitRate: 0.03, exitRateOthers: 0.015 },
    });
  });

  it("takes a share in whole percents for the number, both kinds of intake together, and the exits of all", () => {
    expect(started("dual", figuresOf(all), day)).toMatchObject({
      ...{ group: 160, sameExits: true, executiveOnly: false },
      scenario: { intakeShare: 14 / 80, exitRate: 0.02, exitRateOthers: 0.02 },
    });
    const hidden = without("intake-dual-other", [year("intake-dual-other", withheld())]);
    expect(started("dual", figuresOf(hidden), day)).toMatchObject({
      executiveOnly: true,
      scenario: { intakeShare: 0.2 },
    });
  });

  it("parts the exits of all by their ratio where that is shown", () => {
    const { scenario } = started("dual", figuresOf([...all, year("outflow-dual", { value: 2 })]), day);
    expect(scenario.exitRate / scenario.exitRateOthers).toBeCloseTo(2, 12);
    expect(0.16 * scenario.exitRate + 0.84 * scenario.exitRateOthers).toBeCloseTo(0.02, 12);
  });

  it("names the figure that is lacking, with the row that says why", () => {
    expect(startAt("women", figuresOf(without("intake-women")), day)).toEqual({ lacking: "intake-women", row: null });
    const hidden = year("intake-dual", withheld("complement"));
    expect(startAt("dual", figuresOf(without("intake-dual", [hidden])), day)).toEqual({
      lacking: "intake-dual",
      row: hidden,
    });
  });
});

describe("project(start, scenario, aim)", () => {
  const start = started("women", figuresOf(all), day);

  it("goes on by half-year: S' = S - exits + intake", () => {
    const [first] = project(start, start.scenario, null).points;
    // Women 300 - 9 + 25 of 1000 - 9 - 10.5 + 50.
    expect(first).toMatchObject({ half: "2017-H1" });
    expect(first!.staff).toBeCloseTo(1030.5, 9);
    expect(first!.share).toBeCloseTo(316 / 1030.5, 12);
    expect(first!.low).toBeLessThan(first!.share);
    expect(first!.high).toBeGreaterThan(first!.share);
  });

  it("takes in as many as the reader says: worked by hand, with twice the intake and a half of it women", () => {
    const { points } = project({ ...start, intake: 100 }, start.scenario, null);
    // Women 300 - 3% + 50 = 341; others 700 - 1.5% + 50 = 739.5. Then 341 - 10.23 + 50 and 739.5 - 11.0925 + 50.
    expect([points[0]!.staff, points[0]!.share * points[0]!.staff]).toEqual([
      expect.closeTo(1080.5, 9),
      expect.closeTo(341, 9),
    ]);
    expect(points[1]!.staff).toBeCloseTo(1159.1775, 9);
    expect(points[1]!.share).toBeCloseTo(380.77 / 1159.1775, 12);
    const aim = { low: 0.35, high: 1 };
    const reached = (intake: number) => project({ ...start, intake }, start.scenario, aim).reached.middle!;
    expect(reached(100) < reached(50)).toBe(true);
    // Of 200 in a year chance makes less of a difference than of 100.
    const width = (intake: number) => {
      const { low, high } = project({ ...start, intake }, start.scenario, null).points[0]!;
      return (high - low) / intake;
    };
    expect(width(100)).toBeLessThan(width(50));
  });

  it("finds the first half-year within the aim, sooner with more intake of the group", () => {
    const aim = { low: 0.35, high: 1 };
    const found = project(start, start.scenario, aim);
    const share = (half: string) => found.points.find((point) => point.half === half)!.share;
    const index = found.points.findIndex((point) => point.half === found.reached.middle);
    expect(share(found.reached.middle!)).toBeGreaterThanOrEqual(0.35);
    expect(found.points[index - 1]!.share).toBeLessThan(0.35);
    expect(found.reached.high! < found.reached.middle!).toBe(true);
    expect(found.reached.low === null || found.reached.low > found.reached.middle!).toBe(true);
    expect(found.now).toBe(false);
  });

  it("has no margin that is no share, and stands still where nobody comes", () => {
    for (const intakeShare of [0, 1]) {
      const { points } = project(start, { ...start.scenario, intakeShare }, null);
      for (const { low, high } of points) expect(low <= high && low >= 0 && high <= 1).toBe(true);
    }
    const still = project({ ...start, intake: 0 }, { intakeShare: 0.5, exitRate: 0, exitRateOthers: 0 }, null);
    expect(still.points.every(({ share, low, high }) => share === 0.3 && low === 0.3 && high === 0.3)).toBe(true);
  });
});

describe("aimOf(target)", () => {
  it("is from the target up, or within its tolerance", () => {
    const target = { kind: "at_least", value: 0.25, tolerance: null } as Parameters<typeof aimOf>[0] & object;
    expect(aimOf(target)).toEqual({ low: 0.25, high: 1 });
    expect(aimOf({ ...target, kind: "within", value: 0.5, tolerance: 0.05 })).toEqual({ low: 0.45, high: 0.55 });
    expect(aimOf({ ...target, kind: "at_most" })).toBeNull();
    expect(aimOf(null)).toBeNull();
  });
});

describe("readPosition(name, text), writePosition(share), scenarioOf(start, positions)", () => {
  it("keeps what a slider has, and nothing else", () => {
    expect(readPosition("intake", "35.5")).toBe(0.355);
    expect(readPosition("exit", "2.1")).toBeCloseTo(0.021, 12);
    for (const text of ["-1", "101", "abc", "", "1e1"]) expect(readPosition("intake", text)).toBeNull();
    expect(readPosition("exit", "11")).toBeNull();
    expect(writePosition(0.021)).toBe("2.1");
    expect(writePosition(0)).toBe("0");
  });

  it("leaves a slider that was not moved where it starts; 0 is a position", () => {
    const start = started("women", figuresOf(all), day);
    expect(scenarioOf(start, { intake: null, exit: 0 })).toEqual({ ...start.scenario, exitRate: 0 });
  });
});

describe("sizeSlider(start), readSize(text, start)", () => {
  it("goes from nobody to twice as many and more, in steps that an arrow key can go through", () => {
    for (const intake of [0, 3, 50, 124.5, 1008, 40_000]) {
      const { most, step } = sizeSlider({ intake });
      expect([most >= intake * 2, most % step, most / step <= 260]).toEqual([true, 0, true]);
    }
    expect(sizeSlider({ intake: 50 })).toEqual({ most: 100, step: 1 });
    expect(sizeSlider({ intake: 1008 })).toEqual({ most: 2100, step: 10 });
  });

  it("keeps whole people that the slider has; nobody is a size", () => {
    expect(readSize("0", { intake: 50 })).toBe(0);
    expect(readSize("100", { intake: 50 })).toBe(100);
    for (const text of [null, "", "-1", "1.5", "101", "veel"]) expect(readSize(text, { intake: 50 })).toBeNull();
  });
});

describe("outcomeInWords(outcome, words)", () => {
  const point = (half: string, share: number) => ({ half, share, low: share - 0.02, high: share + 0.03, staff: 100 });
  const points = [point("2017-H1", 0.3), point("2026-H2", 0.41)];
  const words = {
    language: "nl",
    group: "vrouwen",
    target: "50%",
    tolerance: ["45%", "55%"],
    unit: "Rotterdam",
  } as const;
  const said = (reached: { middle: string | null; low: string | null; high: string | null }, now = false) =>
    outcomeInWords({ points, reached, now }, words);

  it("says when, and between when and when", () => {
    expect(said({ middle: "2021-H1", low: "2022-H2", high: "2020-H1" })).toBe(
      "Bij deze uitgangspunten wordt het streefcijfer van 50% (alles van 45% tot 55% telt) gehaald in de eerste helft van 2021. Wisselt de instroom, dan tussen de eerste helft van 2020 en de tweede helft van 2022.",
    );
    expect(said({ middle: "2021-H1", low: null, high: "2020-H1" })).toContain("niet binnen tien jaar");
    expect(said({ middle: "2021-H1", low: "2021-H1", high: "2021-H1" })).toMatch(/helft van 2021\.$/);
  });

  it("says where it ends where the target is not reached, is reached now, or does not exist", () => {
    const none = { middle: null, low: null, high: null };
    expect(said(none)).toContain("niet binnen tien jaar gehaald. Eind 2026 is het aandeel vrouwen dan ongeveer 41%");
    expect(said(none, true)).toMatch(/^Het aandeel past nu al/);
    expect(outcomeInWords({ points, reached: none, now: false }, { ...words, target: null })).toMatch(
      /tussen 39% en 44%\)\. Voor Rotterdam loopt er geen streefcijfer/,
    );
  });
});

const data = (fields: Partial<ProjectionData> = {}): ProjectionData => {
  const start = started("women", figuresOf(all), day);
  return {
    definition: definition({ indicator_id: "staffing-women" }),
    rows: seriesFrom(
      "half",
      "2014-07-01",
      [0.27, 0.275, 0.28, 0.29, 0.3].map((value) => ({ value })),
    ),
    start: { day, share: 0.3 },
    points: project(start, start.scenario, null).points,
    target: { value: 0.5, tolerance: 0.05, name: "streefcijfer", from: "2015-11-30" },
    reached: null,
    ...fields,
  };
};
const options = {
  language: "nl",
  t: (key: string, values?: Record<string, string | number>) => text("nl", key, values),
  palette: paperPalette,
  width: 400,
  height: 300,
} as const;
const cases = {
  "projection-towards-balance": data(),
  "projection-reached": data({
    target: { value: 0.35, tolerance: null, name: "streefcijfer", from: "2015-01-01" },
    reached: "2021-H1",
  }),
  "projection-without-target-or-past": data({ target: null, rows: [] }),
};

describe("projectionChart(data, options)", () => {
  it.each(Object.entries(cases))("%s is the golden spec", (name, each) => {
    const golden = path.join(projectFolder, "test", "golden", `${name}.vl.json`);
    const spec = JSON.parse(JSON.stringify(projectionChart(each, options))) as object;
    if (!existsSync(golden)) writeFileSync(golden, `${JSON.stringify(spec, null, 2)}\n`);
    expect(spec).toEqual(JSON.parse(readFileSync(golden, "utf8")));
  });

  it.each(Object.entries(cases))("%s draws without a warning", async (_name, each) => {
    const warnings: string[] = [];
    const logger = {
      level: () => logger,
      error: (...words: unknown[]) => (warnings.push(words.join(" ")), logger),
      warn: (...words: unknown[]) => (warnings.push(words.join(" ")), logger),
      info: () => logger,
      debug: () => logger,
    };
    const { spec } = compile(projectionChart(each, options), { logger: logger as never });
    const svg = await new View(parse(spec), { renderer: "none" }).toSVG();
    expect(warnings).toEqual([]);
    expect(svg).toContain("± ");
    expect(svg.includes("streefcijfer")).toBe(each.target !== null);
  });
});

describe("projectionPoints(data, options)", () => {
  it("goes from the first half-year that was to the last that would come, each where it is drawn", async () => {
    const points = projectionPoints(data(), options);
    expect(points).toHaveLength(25);
    expect(points[0]!.lines).toEqual(["Tweede helft van 2014", "27,0%"]);
    expect(points[5]!.lines[0]).toBe("Eerste helft van 2017");
    expect(points[5]!.lines[1]).toMatch(/^Bij deze uitgangspunten 30,7%$/);
    expect(points[5]!.lines[2]).toMatch(/^Tussen \d+,\d% en \d+,\d%$/);
    const { spec } = compile(projectionChart(data(), options));
    const svg = await new View(parse(spec), { renderer: "none" }).toSVG();
    const drawn = [...svg.matchAll(/translate\((-?[\d.]+),(-?[\d.]+)\)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    for (const { x, y } of points.slice(0, 5))
      expect(drawn.some((at) => Math.abs(at[0]! - x) < 0.6 && Math.abs(at[1]! - y!) < 0.6)).toBe(true);
    expect(points.every(({ x }, index) => index === 0 || x > points[index - 1]!.x)).toBe(true);
  });
});

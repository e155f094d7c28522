import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overallOf, shareLimits, spreadOf, widened } from "../../../pipelines/statistics/funnel.ts";
import { pLimits } from "../../../pipelines/statistics/control-chart.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askJson, askProblem } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture();
});
afterAll(() => fixture.stop());

type Row = Record<string, number | string | boolean | null>;

describe("GET /api/v1/compare", () => {
  it("puts the units beside each other in the order of the organisation, each with its limits and class", async () => {
    const rows = await askJson<Row[]>(fixture, "/compare?indicator=staffing-women&level=unit&grain=year&period=2016");
    expect(rows.map((row) => row.unit_id)).toEqual(["amsterdam", "den-haag", "rotterdam"]);
    const overall = overallOf(rows.map((row) => ({ count: Number(row.numerator), of: Number(row.denominator) })))!;
    for (const row of rows) {
      const near = shareLimits(overall, Number(row.denominator));
      const far = shareLimits(overall, Number(row.denominator), 998);
      expect(row.overall).toBeCloseTo(overall, 12);
      expect([row.lower_95, row.upper_95, row.lower_998, row.upper_998]).toEqual([near.lower, near.upper, far.lower, far.upper]); // prettier-ignore
      const value = Number(row.value);
      const wanted = value < near.lower ? /^low/ : value > near.upper ? /^high/ : /^within$/;
      expect(row.class).toMatch(wanted);
    }
  });

  it("keeps a withheld row as withheld, and lets only shown figures into the limits", async () => {
    const rows = await askJson<Row[]>(
      fixture,
      "/compare?indicator=intake-dual&level=unit&grain=quarter&period=2016-Q3",
    );
    for (const row of rows.filter(({ withheld }) => withheld))
      expect(row).toMatchObject({ value: null, overall: null, lower_95: null, class: null });
    const small = await serveFixture({ scale: 0 });
    const withheld = await askJson<Row[]>(small, "/compare?indicator=intake-dual&level=unit&grain=year&period=2016");
    expect(withheld.length).toBeGreaterThan(1);
    for (const row of withheld) expect(row).toMatchObject({ withheld: true, overall: null, class: null });
    await small.stop();
  });

  it("has no limits for numbers that chance does not put between any", async () => {
    const rows = await askJson<Row[]>(fixture, "/compare?indicator=complaints&period=2016");
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) expect(row).toMatchObject({ overall: null, class: null });
    expect(rows.every((row) => Number(row.value) > 0)).toBe(true);
  });

  it("has limits for units that differ in more than chance, from ten units on", async () => {
    const few = await askJson<Row[]>(fixture, "/compare?indicator=staffing-women&level=unit&grain=year&period=2016");
    for (const row of few) expect(row).toMatchObject({ spread: null, wide_lower_95: null, wide_class: null });
    const many = await serveFixture({ rows: 12 });
    const rows = await askJson<Row[]>(many, "/compare?indicator=staffing-women&level=team&grain=year&period=2016");
    const points = rows.map((row) => ({ count: Number(row.numerator), of: Number(row.denominator) }));
    const [first] = rows;
    const overall = Number(first!.overall);
    const spread = spreadOf("share", overall, points)!;
    expect(points.length).toBeGreaterThan(10);
    expect(first!.spread).toBeCloseTo(spread, 12);
    for (const row of rows) {
      const near = widened("share", overall, shareLimits(overall, Number(row.denominator)), spread);
      expect([row.wide_lower_95, row.wide_upper_95]).toEqual([near.lower, near.upper]);
      expect(Number(row.wide_lower_998)).toBeLessThanOrEqual(Number(row.lower_998));
    }
    await many.stop();
  });

  it("is empty where the level had no unit yet", async () => {
    expect(await askJson(fixture, "/compare?indicator=staffing-women&level=district&grain=year&period=1950")).toEqual(
      [],
    );
  });

  it("answers in CSV too, and says what is wrong with a question", async () => {
    const { text } = await ask(fixture, "/api/v1/compare?indicator=staffing-women&period=2016&format=csv");
    expect(text.split("\n")[0]).toMatch(/overall,lower_95,upper_95,lower_998,upper_998,class/);
    expect(await askProblem(fixture, "/api/v1/compare?indicator=nothing")).toMatchObject({ status: 404 });
    expect(await askProblem(fixture, "/api/v1/compare?indicator=top61&level=planet")).toMatchObject({ status: 400 });
    expect(await askProblem(fixture, "/api/v1/compare?indicator=top61&period=2016-H1")).toMatchObject({ status: 400 });
  });
});

describe("GET /api/v1/limits", () => {
  it("has the limits of each point, which those of p charts have by their denominators", async () => {
    const ask = "indicator=staffing-women&unit=den-haag&grain=month";
    const limits = await askJson<Row[]>(fixture, `/limits?${ask}`);
    const series = await askJson<Row[]>(fixture, `/series?${ask}&from=${String(limits[0]!.period_start)}`);
    expect(limits.length).toBeGreaterThan(12);
    const [first] = limits;
    const of = Number(series[0]!.denominator);
    const [wanted] = pLimits([Number(first!.centre) * of], [of]);
    expect(first).toMatchObject({ chart: "p", trial: false, unit_id: "den-haag" });
    expect(first!.lower).toBeCloseTo(wanted!.lower, 9);
    expect(first!.upper).toBeCloseTo(wanted!.upper, 9);
    expect(await askProblem(fixture, "/api/v1/limits?indicator=all&unit=all&grain=half")).toMatchObject({
      status: 400,
    });
  });
});

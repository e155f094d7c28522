import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriesRow } from "../../../server/series-row.ts";
import type { SeriesRow } from "../../../web/api.ts";
import { finestShown, grainsFrom } from "../../../web/state/figure.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { makeSnapshot } from "../../support/snapshot.ts";
import { askJson, askProblem } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture();
  await makeSnapshot(fixture.home, { name: "20160715T220500Z-0000bb", scale: 2, current: false });
});
afterAll(() => fixture.stop());

const fields =
  "indicator_id unit_id grain period_start period_end breakdown breakdown_value value numerator denominator unknown lower upper target target_source pace judgement variation assurance trend complete withheld withheld_reason restated freshness definition_version".split(
    " ",
  );

describe("GET /api/v1/series", () => {
  it("answers rows with the fields in their order", async () => {
    const rows = await askJson(fixture, "/series?indicator=intake-dual&unit=den-haag&grain=year");
    expect(rows).toHaveLength(5);
    expect(Object.keys(rows[0]!).slice(0, fields.length)).toEqual(fields);
    for (const row of rows) seriesRow.parse(row);
    expect(rows[0]).toMatchObject({ unit_id: "den-haag", period_start: "2013-01-01", period_end: "2013-12-31" });
    expect(rows[0]).toMatchObject({ value: 26 / 144, numerator: 26, denominator: 144, breakdown: null });
  });

  it("keeps the words of targets inside", async () => {
    const [row] = await askJson(fixture, "/series?indicator=intake-dual&unit=den-haag");
    expect(row).not.toHaveProperty("target_id");
  });

  it("shows of a withheld row no figure but its target", async () => {
    const rows = await askJson(fixture, "/series?indicator=intake-dual&unit=den-haag&grain=month");
    expect(rows.length).toBeGreaterThan(40);
    for (const row of rows) {
      expect(row).toMatchObject({ withheld: true, withheld_reason: "floor", judgement: "withheld", value: null });
      expect(row).toMatchObject({ numerator: null, denominator: null, lower: null, upper: null, unknown: null });
    }
  });

  it("shows a band with its denominator and side", async () => {
    const rows = await askJson(fixture, "/series?indicator=intake-dual&unit=all&grain=quarter");
    const band = rows.find((row) => row.band);
    expect(band).toMatchObject({ withheld: true, withheld_reason: "band", value: null, band_side: "low" });
    expect(band!.denominator).toBeGreaterThanOrEqual(25);
  });

  it("takes several grains, with the rows that each has by itself", async () => {
    const of = (grain: string) =>
      askJson(fixture, `/series?indicator=intake-dual,complaints&unit=den-haag&grain=${grain}&fields=sentence_en`);
    const [several, ...single] = await Promise.all(["half,%20year,year", "half", "year"].map(of));
    const key = (row: object) => JSON.stringify(row);
    expect(several!.length).toBeGreaterThan(0);
    expect(several!.map(key).sort()).toEqual(single.flat().map(key).sort());
    expect(Object.keys(several![0]!).slice(-1)).toEqual(["sentence_en"]);
  });

  it("takes lists of indicators and units, in any order and more than once", async () => {
    const rows = await askJson(
      fixture,
      "/series?indicator=complaints,intake-dual,complaints&unit=rotterdam,den-haag&grain=half",
    );
    expect([...new Set(rows.map((row) => `${row.indicator_id} ${row.unit_id}`))]).toEqual([
      "complaints den-haag",
      "complaints rotterdam",
      "intake-dual den-haag",
      "intake-dual rotterdam",
    ]);
  });

  it("takes all indicators and all units; without a unit, all; without a grain, half-years", async () => {
    const all = await askJson(fixture, "/series?indicator=all&unit=all&grain=half");
    expect(new Set(all.map((row) => row.unit_id)).size).toBe(6);
    expect(await askJson(fixture, "/series?indicator=all")).toEqual(all);
  });

  it("selects periods that lie wholly within from and to", async () => {
    const of = async (range: string) =>
      (await askJson(fixture, `/series?indicator=complaints&unit=den-haag&grain=half&${range}`)).map(
        (row) => row.period_start,
      );
    expect(await of("from=2015-01-01&to=2016-06-30")).toEqual(["2015-01-01", "2015-07-01", "2016-01-01"]);
    expect(await of("from=2015-01-02&to=2016-06-29")).toEqual(["2015-07-01"]);
    expect(await of("from=2030-01-01")).toEqual([]);
  });

  it("knows every grain", async () => {
    for (const grain of ["month", "quarter", "half", "year", "r12", "target"]) {
      const rows = await askJson(fixture, `/series?indicator=staffing-women&unit=politie&grain=${grain}`);
      expect(rows.length, grain).toBeGreaterThan(0);
      expect(new Set(rows.map((row) => row.grain))).toEqual(new Set([grain]));
    }
  });

  it("answers the values of a breakdown instead of totals", async () => {
    const rows = await askJson(fixture, "/series?indicator=complaints&unit=den-haag&grain=year&by=aspect");
    expect(new Set(rows.map((row) => row.breakdown))).toEqual(new Set(["aspect"]));
    expect(new Set(rows.map((row) => row.breakdown_value))).toEqual(new Set(["conduct", "discrimination"]));
    const totals = await askJson<{ period_start: string; numerator: number; reference: boolean }[]>(
      fixture,
      "/series?indicator=complaints&unit=den-haag&grain=year",
    );
    for (const total of totals.filter((row) => !row.reference)) {
      const parts = rows.filter((row) => row.period_start === total.period_start);
      expect(parts.reduce((sum, row) => sum + Number(row.numerator), 0)).toBe(total.numerator);
    }
  });

  it("says a figure in words where asked", async () => {
    const [row] = await askJson(
      fixture,
      "/series?indicator=intake-dual&unit=politie&grain=year&from=2016-01-01&to=2016-12-31&fields=sentence",
    );
    expect(row!.sentence_nl).toMatch(/In 2016.*Het streefcijfer is 25%/);
    expect(row!.sentence_en).toMatch(/In 2016.*target/);
    expect(row).not.toHaveProperty("target_id");
    expect(Object.keys(row!).slice(0, fields.length)).toEqual(fields);
  });

  it("answers the fields that are asked for, in their own order", async () => {
    const of = async (names: string) => {
      const [row] = await askJson(fixture, `/series?indicator=intake-dual&unit=politie&grain=year&fields=${names}`);
      return Object.keys(row!);
    };
    expect(await of("value,period_start,band")).toEqual(["period_start", "value", "band"]);
    expect(await of("sentence_en,value")).toEqual(["value", "sentence_en"]);
    expect(await of("sentence,unit_id")).toEqual(["unit_id", "sentence_nl", "sentence_en"]);
    expect(await of("sentence_nl")).toEqual([...(await of("sentence")).filter((name) => name !== "sentence_en")]);
  });

  it.each(["month", "quarter", "half", "year", "target"] as const)(
    "finds for a unit the grain from %s upwards at which each indicator is best shown, and others at the same",
    async (grain) => {
      const ladder = await Promise.all(
        grainsFrom(grain).map(async (each) => ({
          grain: each,
          rows: await askJson<SeriesRow[]>(fixture, `/series?indicator=all&unit=den-haag&grain=${each}`),
        })),
      );
      const expected = [...new Set(ladder.flatMap(({ rows }) => rows.map((row) => row.indicator_id)))]
        .toSorted()
        .flatMap((id) => {
          const of = ({ indicator_id }: SeriesRow) => indicator_id === id;
          const best = finestShown(ladder.map(({ grain, rows }) => ({ grain, rows: rows.filter(of) })));
          return best?.rows ?? [];
        });
      expect(expected.length).toBeGreaterThan(2);
      const rows = await askJson<SeriesRow[]>(
        fixture,
        `/series?indicator=all&unit=den-haag&grain=${grain}&best_for=den-haag`,
      );
      expect(rows).toEqual(expected);
      const grainOf = new Map(expected.map((row) => [row.indicator_id, row.grain]));
      const others = await askJson<SeriesRow[]>(
        fixture,
        `/series?indicator=all&unit=politie&grain=${grain}&best_for=den-haag`,
      );
      expect(others.length).toBeGreaterThan(2);
      for (const row of others) expect(row.grain).toBe(grainOf.get(row.indicator_id));
    },
  );

  it("answers as published on a day", async () => {
    const of = async (more: string) =>
      (await askJson(fixture, `/series?indicator=complaints&unit=politie&grain=year&to=2013-12-31${more}`)).at(-1)!
        .numerator as number;
    const now = await of("");
    expect(await of("&as_of=2016-08-01")).toBeGreaterThan(now);
    expect(await of("&as_of=2017-02-02")).toBeGreaterThan(now);
    expect(await of("&as_of=2017-02-03")).toBe(now);
    expect(await of("&as_of=2031-01-01")).toBe(now);
  });

  it("counts days of publication in the time zone of the force", async () => {
    // 22:05 UTC on 15 July is 00:05 on 16 July in Amsterdam.
    const before = "/api/v1/series?indicator=complaints&unit=politie&as_of=2016-07-15";
    expect(await askProblem(fixture, before)).toMatchObject({ status: 404 });
    await askJson(fixture, "/series?indicator=complaints&unit=politie&as_of=2016-07-16");
  });

  it.each([
    ["an unknown unit", "indicator=complaints&unit=utrecht", 404, 'no unit "utrecht"'],
    ["a path for a unit", "indicator=complaints&unit=../../etc/passwd", 404, 'no unit "../../etc/passwd"'],
    ["SQL for a unit", "indicator=complaints&unit=%27%20or%201%3D1", 404, 'no unit "\' or 1=1"'],
    ["SQL for an indicator", "indicator=%27;drop%20table%20series--&unit=all", 404, "no indicator"],
    ["one unknown among known", "indicator=complaints,x&unit=all", 404, 'no indicator "x"'],
    ["no indicator", "unit=den-haag", 400, "indicator: is missing"],
    ["an empty list", "indicator=&unit=den-haag", 400, "indicator: is no list"],
    ["an empty place in a list", "indicator=complaints&unit=den-haag,,x", 400, "unit: is no list"],
    ["an unknown grain", "indicator=complaints&grain=week", 400, "month, quarter, half, year, r12, target"],
    ["a day that is none", "indicator=complaints&from=2015-02-30", 400, "from: is no date"],
    ["a year for a day", "indicator=complaints&as_of=2016", 400, "as_of: is no date"],
    ["an end before its start", "indicator=complaints&from=2016-01-01&to=2015-01-01", 400, "to: lies before"],
    ["a breakdown that is none", "indicator=complaints&by=shoe_size", 400, "there are: aspect"],
    ["a breakdown of another indicator", "indicator=top61&by=aspect", 400, "have none"],
    ["an unknown field", "indicator=complaints&fields=value,all", 400, 'fields: has no field "all"; there are: sent'],
    [
      "a grain that is none",
      "indicator=complaints&grain=half,week",
      400,
      '"week" is no grain; choose of month, quarter',
    ],
    ["grains beside a unit to choose for", "indicator=all&grain=half,year&best_for=den-haag", 400, "may be one only"],
    ["an unknown unit to choose for", "indicator=complaints&best_for=utrecht", 404, 'no unit "utrecht"'],
    ["an unknown parameter", "indicator=complaints&units=den-haag", 400, 'no parameter "units"; there are: indicator'],
    ["a parameter twice", "indicator=complaints&indicator=top61", 400, "twice"],
    ["a very long query", `indicator=complaints&unit=${"x".repeat(10_000)}`, 400, "longer than"],
    ["a very long name", `indicator=complaints&${"x".repeat(10_000)}=1`, 400, "no parameter"],
    ["a control character", "indicator=complaints&unit=a%00b", 400, "control characters"],
    ["an object for text", "indicator[a]=complaints", 400, "no parameter"],
    ["a day before the first", "indicator=complaints&as_of=2010-01-01", 404, "2010-01-01"],
  ])("refuses %s", async (_, query, status, words) => {
    const problem = await askProblem(fixture, `/api/v1/series?${query}`);
    expect(problem.status).toBe(status);
    expect(problem.detail).toContain(words);
    expect(problem.detail.length).toBeLessThan(400);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { askJson, askProblem } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture();
});
afterAll(() => fixture.stop());

type Row = Record<string, unknown> & { spark: (number | null)[] };

const of = (rows: Row[], indicator: string, unit: string) =>
  rows.find((row) => row.indicator_id === indicator && row.unit_id === unit);

describe("GET /api/v1/overview", () => {
  it("opens at the last half-year that is over, with the force and every unit, in the order of the indicators", async () => {
    const rows = await askJson<Row[]>(fixture, "/overview");
    expect([...new Set(rows.map((row) => row.indicator_id))]).toEqual([
      "intake-dual",
      "staffing-women",
      "top61",
      "complaints",
    ]);
    expect(rows.filter((row) => row.indicator_id === "complaints").map((row) => row.unit_id)).toEqual([
      "politie",
      "amsterdam",
      "den-haag",
      "rotterdam",
    ]);
    expect(of(rows, "complaints", "den-haag")).toMatchObject({
      grain: "half",
      period_start: "2016-07-01",
      period_end: "2016-12-31",
    });
  });

  it("shows a target's running figure as it stood at the end of the period, the same for all", async () => {
    const period = "2016-H1";
    const rows = (await askJson<Row[]>(fixture, `/overview?grain=half&period=${period}&level=unit`)).filter(
      (row) => row.grain === "target",
    );
    for (const row of rows) {
      const figures = await askJson<Row[]>(
        fixture,
        `/series?indicator=${String(row.indicator_id)}&unit=${String(row.unit_id)}&grain=target`,
      );
      const ends = figures.map((figure) => String(figure.period_end)).filter((end) => end <= "2016-06-30");
      expect(row.period_end).toBe(ends.sort().at(-1));
    }
  });

  it("shows a coarser grain where the units cannot show the period, and says so", async () => {
    const rows = await askJson<Row[]>(fixture, "/overview?grain=half&period=2016-H2&level=unit");
    expect(of(rows, "top61", "politie")).toMatchObject({ grain: "year", period_start: "2016-01-01", value: 0.5 });
    const monthly = await askJson<Row[]>(fixture, "/overview?grain=month&period=2016-08&level=unit");
    // Units have no months of a protected figure; the force has.
    expect(of(monthly, "intake-dual", "politie")).toMatchObject({ grain: "month", period_start: "2016-08-01" });
    expect(of(monthly, "intake-dual", "rotterdam")).toMatchObject({ grain: "quarter", period_start: "2016-07-01" });
  });

  it("takes the last coarser period that can be shown, where the one around the asked is not", async () => {
    const rows = await askJson<Row[]>(fixture, "/overview?grain=half&period=2017-H1&level=unit");
    const row = of(rows, "intake-dual", "den-haag")!;
    expect(row).toMatchObject({ grain: "year", period_start: "2016-01-01", withheld: false });
  });

  it("shows a figure as withheld where no grain can be shown", async () => {
    const small = await serveFixture({ scale: 0 });
    const row = of(await askJson<Row[]>(small, "/overview?period=2016-H2"), "intake-dual", "den-haag");
    expect(row).toMatchObject({ grain: "half", period_start: "2016-07-01", withheld: true, judgement: "withheld" });
    await small.stop();
  });

  it("gives each figure the values before it and itself, oldest first, twelve at most", async () => {
    const rows = await askJson<Row[]>(fixture, "/overview?grain=month&period=2016-08");
    const { spark, value } = of(rows, "complaints", "den-haag")!;
    expect(spark).toHaveLength(12);
    expect(spark.at(-1)).toBe(value);
    const series = await askJson(
      fixture,
      "/series?indicator=complaints&unit=den-haag&grain=month&from=2015-09-01&to=2016-08-31",
    );
    expect(spark).toEqual(series.map((row) => row.value));
  });

  it("has the fields of a series row, and the sentence where asked", async () => {
    const [row] = await askJson<Row[]>(fixture, "/overview?fields=sentence");
    const [figure] = await askJson(
      fixture,
      "/series?indicator=intake-dual&unit=politie&from=2016-07-01&fields=sentence",
    );
    expect(row).toMatchObject(figure!);
  });

  it("shows districts and teams beside the force", async () => {
    const rows = await askJson<Row[]>(fixture, "/overview?level=district");
    expect(new Set(rows.map((row) => row.unit_id))).toEqual(new Set(["politie", "den-haag-centrum"]));
  });

  it.each([
    ["period=2016-H3", 'period: "2016-H3" is no half; write one as 2016-H2'],
    ["grain=quarter&period=2016-H2", "write one as 2016-Q3"],
    ["grain=r12", "month, quarter, half, year"],
    ["level=province", "there are: district, force, team, unit"],
    ["level=%27", "level: is no level"],
  ])("refuses %s", async (query, words) => {
    const problem = await askProblem(fixture, `/api/v1/overview?${query}`);
    expect(problem.status).toBe(400);
    expect(problem.detail).toContain(words);
  });
});

import { readFileSync } from "node:fs";
import path from "node:path";
import { listValue } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../../pipelines/database.ts";
import { projectFolder } from "../../../pipelines/settings.ts";
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

  it("has only the fields that are named, of the same figures in the same order", async () => {
    const all = await askJson<Row[]>(fixture, "/overview");
    const named = await askJson<Row[]>(fixture, "/overview?fields=unit_id,value,sentence_nl");
    expect(new Set(named.map((row) => Object.keys(row).join()))).toEqual(new Set(["unit_id,value,sentence_nl"]));
    expect(named.map(({ unit_id, value }) => [unit_id, value])).toEqual(all.map((row) => [row.unit_id, row.value]));
    const plain = await askJson<Row[]>(fixture, "/overview?fields=value,indicator_id");
    expect(plain).toEqual(all.map(({ indicator_id, value }) => ({ indicator_id, value })));
    expect((await askProblem(fixture, "/api/v1/overview?fields=spark")).status).toBe(400);
  });

  it("shows districts and teams beside the force", async () => {
    const rows = await askJson<Row[]>(fixture, "/overview?level=district");
    expect(new Set(rows.map((row) => row.unit_id))).toEqual(new Set(["politie", "den-haag-centrum"]));
  });

  it("takes several levels, each with a grain of its own, and only the units and indicators that are asked for", async () => {
    const rows = await askJson<Row[]>(fixture, "/overview?level=unit,district&unit=den-haag,den-haag-centrum");
    expect(new Set(rows.map((row) => row.unit_id))).toEqual(new Set(["den-haag", "den-haag-centrum"]));
    const district = await askJson<Row[]>(fixture, "/overview?level=district");
    const unit = await askJson<Row[]>(fixture, "/overview?level=unit");
    for (const row of rows) expect([...district, ...unit]).toContainEqual(row);
    const one = await askJson<Row[]>(fixture, "/overview?indicator=complaints");
    expect(one).toEqual(unit.filter((row) => row.indicator_id === "complaints"));
    expect((await askProblem(fixture, "/api/v1/overview?level=unit,province")).status).toBe(400);
    expect((await askProblem(fixture, "/api/v1/overview?unit=nowhere")).status).toBe(404);
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

describe("overview.sql", () => {
  it("takes a target's running figure as it stood at the end of the asked period, the same day for all units", async () => {
    const db = await Database.open(":memory:");
    await db.run(`
      create table units as from (values ('force', 'force', null::date, null::date), ('a', 'unit', null, null), ('b', 'unit', null, null))
        as t(unit_id, level, valid_from, valid_to);
      create table indicators as select 'leaders' as indicator_id, 0 as position;
      -- Unit b is withheld in the end: its earlier figure does not stand in for it.
      create table series as
      select 'leaders' as indicator_id, unit_id, 'target' as grain, date '2015-01-01' as period_start, period_end::date as period_end,
        null::varchar as breakdown, if(withheld, null, "value") as "value", withheld, false as band
      from (values ('a', '2015-12-31', 0.1, false), ('a', '2016-06-30', 0.2, false), ('a', '2016-12-31', 0.3, false),
        ('b', '2015-12-31', 0.5, false), ('b', '2016-06-30', 0.6, true), ('b', '2016-12-31', 0.7, false)) as t(unit_id, period_end, "value", withheld);`);
    const sql = readFileSync(path.join(projectFolder, "server", "routes", "overview.sql"), "utf8");
    const rows = await db.all(
      `select unit_id, period_end, "value", spark from (${sql.replace("{columns}", 'unit_id, period_end, "value", spark').replace(/order by[^)]*$/, "")}) order by unit_id`,
      {
        levels: listValue(["unit"]),
        units: null,
        indicators: null,
        grain: "half",
        coarser: listValue(["year", "target"]),
        period_start: "2016-01-01",
        period_end: "2016-06-30",
      },
    );
    db.close();
    expect(rows).toEqual([
      { unit_id: "a", period_end: "2016-06-30", value: 0.2, spark: [0.1, 0.2] },
      { unit_id: "b", period_end: "2016-06-30", value: null, spark: [0.5, null] },
    ]);
  });
});

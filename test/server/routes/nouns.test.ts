import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes } from "../../../server/routes/index.ts";
import { everybody, serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { makeOperations } from "../../support/snapshot.ts";
import { ask, askJson, askProblem } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture();
});
afterAll(() => fixture.stop());

describe("GET /api/v1/meta", () => {
  it("says what is served, and who asks", async () => {
    expect(await askJson(fixture, "/meta")).toEqual({
      snapshot: "20170203T060000Z-0000aa",
      published_at: "2017-02-03T06:00:00Z",
      data_through: "2017-01-31",
      demo: true,
      user: everybody,
      access: {
        rights: expect.arrayContaining(["figures", "sign_reviews"]),
        pages: expect.arrayContaining(["", "review", "data"]),
        label_nl: expect.stringMatching(/^U kijkt als: Leiding Politie, /),
        label_en: expect.stringMatching(/^You look as: Leadership of Politie, /),
        personas: true,
      },
    });
  });

  it("is JSON only", async () => {
    expect(await askProblem(fixture, "/api/v1/meta?format=csv")).toMatchObject({ status: 406 });
    expect(await askProblem(fixture, "/api/v1/meta?x=1")).toMatchObject({ status: 400 });
  });
});

describe("GET /api/v1/units", () => {
  it("has one row for each unit and period, in order", async () => {
    const rows = await askJson(fixture, "/units");
    expect(rows).toHaveLength(7);
    expect(rows.map((row) => row.unit_id)).toEqual([...rows.map((row) => row.unit_id as string)].sort());
    expect(rows[1]).toEqual({
      unit_id: "den-haag",
      name: "Den Haag",
      level: "unit",
      parent_id: "politie",
      valid_from: "2013-01-01",
      valid_to: null,
      predecessor_ids: ["korps-haaglanden"],
    });
  });

  it("shows the organisation of a day", async () => {
    const on = async (day: string) => (await askJson(fixture, `/units?on=${day}`)).map((row) => row.unit_id);
    expect(await on("2012-12-31")).toEqual(["korps-haaglanden", "politie"]);
    expect(await on("2013-01-01")).not.toContain("korps-haaglanden");
    expect(await askProblem(fixture, "/api/v1/units?on=yesterday")).toMatchObject({ status: 400 });
  });
});

describe("GET /api/v1/indicators", () => {
  it("has every definition with its targets and versions", async () => {
    const rows = await askJson(fixture, "/indicators");
    expect(rows.map((row) => row.indicator_id)).toEqual(["intake-dual", "staffing-women", "top61", "complaints"]);
    expect(rows[0]).toMatchObject({
      kind: "share",
      polarity: "up",
      version: 2,
      versions: [{ version: 2, valid_from: "2014-07-01" }],
      breakdowns: [{ name: "gender" }],
    });
    expect(rows[0]!.targets).toMatchObject([
      { target_id: 1, value: 0.25, from: "2015-01-01", to: "2017-12-31", demo: false },
      { target_id: 4, source: "voorbeelddata", demo: true },
    ]);
    expect(rows[0]!.sql).toContain("select");
  });
});

describe("GET /api/v1/indicators/:id", () => {
  it("has one definition, the same as in the list", async () => {
    const [, second] = await askJson(fixture, "/indicators");
    expect(await askJson(fixture, "/indicators/staffing-women")).toEqual(second);
  });

  it.each(["nothing", "..%2f..%2fetc%2fpasswd", "%00", "a".repeat(300)])("does not know %s", async (id) => {
    expect([400, 404]).toContain((await askProblem(fixture, `/api/v1/indicators/${id}`)).status);
  });

  it("refuses an address that is no text", async () => {
    expect(await askProblem(fixture, "/api/v1/indicators/%E0%A4%A")).toMatchObject({ status: 400 });
  });
});

describe("GET /api/v1/restatements", () => {
  it("has old and new, the last first, since a day", async () => {
    const rows = await askJson(fixture, "/restatements");
    expect(rows.map((row) => row.unit_id)).toEqual(["politie", "den-haag"]);
    expect(rows[1]).toMatchObject({
      old_value: 17,
      new_value: 18,
      load_id: 12,
      load_ids: [11, 12],
      restated_at: "2016-09-02T06:00:00.000Z",
    });
    expect(await askJson(fixture, "/restatements?since=2017-01-01")).toEqual(rows.slice(0, 1));
    expect(await askJson(fixture, "/restatements?unit=den-haag")).toEqual(rows.slice(1));
    for (const grain of ["month", "half"])
      expect(await askJson(fixture, `/restatements?grain=${grain}`)).toEqual(rows.filter((row) => row.grain === grain));
  });
});

describe("GET /api/v1/events", () => {
  const names = async (query: string) => (await askJson(fixture, `/events${query}`)).map((row) => row.event_id);

  it("has those of a unit and of everyone, about a figure and about all, in order of time", async () => {
    const [first, second] = await askJson(fixture, "/events");
    expect(first).toMatchObject({ event_id: "klachten", date: "2014-03-01", indicators: ["complaints"] });
    expect(second).toEqual({
      ...{ event_id: "visie", date: "2015-09-15", unit_id: null, kind: "programme" },
      ...{ title_nl: "Landelijk visiedocument", title_en: "National vision document" },
      ...{ note_nl: null, note_en: null, source: "NP-VISIE", indicators: [] },
    });
    expect(await names("?unit=den-haag")).toEqual(["klachten", "visie", "begin", "den-haag-start", "einde"]);
    expect(await names("?indicator=top61,intake-dual&unit=rotterdam")).toEqual([
      "visie",
      "begin",
      "rotterdam-start",
      "einde",
    ]);
    expect(await askProblem(fixture, "/api/v1/events?unit=nowhere")).toMatchObject({ status: 404 });
    expect(await askProblem(fixture, "/api/v1/events?indicator=nothing")).toMatchObject({ status: 404 });
  });

  it("has none where the snapshot is of before there were events", async () => {
    const older = await serveFixture({ without: ["events"] });
    expect(await askJson(older, "/events?unit=den-haag&indicator=complaints")).toEqual([]);
    await older.stop();
  });
});

describe("GET /api/v1/breaks", () => {
  it("has those of a unit with those of all", async () => {
    const rows = await askJson(fixture, "/breaks");
    expect(rows).toHaveLength(2);
    expect(await askJson(fixture, "/breaks?unit=den-haag")).toEqual(rows);
    expect(await askJson(fixture, "/breaks?unit=rotterdam")).toEqual(rows.slice(0, 1));
    expect(await askJson(fixture, "/breaks?indicator=intake-dual&unit=rotterdam")).toEqual([]);
  });
});

describe("GET /api/v1/references", () => {
  it("has figures of elsewhere with their source", async () => {
    const [row] = await askJson(fixture, "/references?indicator=complaints");
    expect(row).toMatchObject({ value: 612, source_title: "Jaarverslag 2014", period_end: "2014-12-31" });
  });
});

describe("GET /api/v1/reconciliation", () => {
  it("puts each published figure beside that of the monitor, with the difference", async () => {
    const rows = await askJson(fixture, "/reconciliation");
    const series = await askJson(
      fixture,
      "/series?indicator=complaints&unit=politie&grain=year&from=2014-01-01&to=2014-12-31",
    );
    expect(rows).toHaveLength(5);
    expect(rows[0]).toMatchObject({ indicator_id: "complaints", published: 612, source_title: "Jaarverslag 2014" });
    expect(rows[0]!.loaded).toBe(series[0]?.value ?? null);
    if (rows[0]!.loaded !== null) expect(rows[0]!.difference).toBeCloseTo(Number(rows[0]!.loaded) - 612, 9);
    expect(await askJson(fixture, "/reconciliation?unit=rotterdam")).toEqual([]);
  });

  it("has contradictory sources one after the other, and figures of any period", async () => {
    const rows = await askJson(fixture, "/reconciliation?indicator=complaints&unit=politie");
    expect(rows.map((row) => [row.source_title, row.grain])).toEqual([
      ["Jaarverslag 2014", "year"],
      ["Kamerbrief", "year"],
      ["Halfjaarbericht", "half"],
      ["Zomerbericht", null],
    ]);
    const [half] = await askJson(
      fixture,
      "/series?indicator=complaints&unit=politie&grain=half&from=2015-01-01&to=2015-06-30",
    );
    expect(half!.value).toEqual(expect.any(Number));
    expect(rows[2]).toMatchObject({ loaded: half!.value, difference: Number(half!.value) - 300 });
    expect(rows[3]).toMatchObject({ loaded: null, difference: null });
    // The charts of years show those of years only.
    expect(await askJson(fixture, "/references?indicator=complaints")).toHaveLength(2);
  });

  it("counts the published figures that have no place", async () => {
    const none = { breakdown: 0, unit: 0, period: 0 };
    expect(await askJson(fixture, "/reconciliation/unmatched")).toEqual(none);
  });
});

describe("GET /api/v1/feeds, /runs, /loads, /refusals, /quarantine", () => {
  it("tell of the pipelines' work", async () => {
    expect(await askJson(fixture, "/feeds")).toMatchObject([{ feed: "complaints", freshness: "overdue" }]);
    expect((await askJson(fixture, "/runs")).map((row) => row.run_id)).toEqual([1, 0]);
    expect(await askJson(fixture, "/runs?limit=1")).toHaveLength(1);
    expect(await askProblem(fixture, "/api/v1/runs?limit=-1")).toMatchObject({ status: 400 });
    const rows = await askJson(fixture, "/quarantine?feed=complaints");
    expect(rows).toMatchObject([
      { line: 7, reason: "unknown_unit", record: { unit_id: "=cmd|calc" } },
      { line: 9, reason: "not_a_date" },
    ]);
    expect(await askJson(fixture, "/quarantine")).toHaveLength(3);
    expect(await askJson(fixture, "/quarantine?load=12")).toEqual(rows);
    expect(await askJson(fixture, "/quarantine?load=12&reason=not_a_date")).toEqual(rows.slice(1));
    expect(await askJson(fixture, "/quarantine?load=13&reason=not_a_date")).toEqual([]);
    expect(await askProblem(fixture, "/api/v1/quarantine?load=x")).toMatchObject({
      status: 400,
      detail: "load: is not a number",
    });
    expect(await askJson(fixture, "/quarantine?feed=x")).toEqual([]);
  });

  it("tell which files were loaded and which refused, the last first", async () => {
    const loads = await askJson(fixture, "/loads");
    expect(loads.map((row) => row.load_id)).toEqual([13, 12]);
    expect(loads[1]).toMatchObject({
      ...{ read: 1204, accepted: 1202, quarantined: 2, reasons: { unknown_unit: 1, wrong_type: 1 } },
      ...{ from_month: "2016-01-31", format: "csv.gz", encoding: "windows-1252", delimiter: ";", sheet: null },
    });
    for (const { read, accepted, quarantined, skipped, merged } of loads as Record<string, number>[])
      expect(accepted! + quarantined! + skipped! + merged!).toBe(read);
    expect(await askJson(fixture, "/loads?feed=complaints")).toEqual(loads.slice(1));
    expect(await askJson(fixture, "/loads?limit=1")).toEqual(loads.slice(0, 1));
    const refusals = await askJson(fixture, "/refusals");
    expect(refusals.map((row) => row.file)).toEqual(["klachten.csv", "-instroom.csv"]);
    expect(refusals[0]).toMatchObject({ reason: "the header lacks received_on", at: "2017-02-04T06:00:00.000Z" });
    expect(await askJson(fixture, "/refusals?feed=movements")).toEqual(refusals.slice(1));
    expect(await askProblem(fixture, "/api/v1/refusals?limit=0")).toMatchObject({ status: 400 });
  });

  it("follow the file when it is replaced, and are empty without it", async () => {
    const { headers } = await ask(fixture, "/api/v1/runs");
    await makeOperations(fixture.home, 5);
    const fresh = await ask(fixture, "/api/v1/runs", { headers: { "if-none-match": headers.etag! } });
    expect(fresh.status).toBe(200);
    expect(JSON.parse(fresh.text)).toHaveLength(5);
    rmSync(path.join(fixture.home, "operations.duckdb"));
    expect(await askJson(fixture, "/runs")).toEqual([]);
    expect((await ask(fixture, "/api/v1/feeds?format=csv")).text).toMatch(/^feed,title_nl,.*\r\n$/);
    await makeOperations(fixture.home);
  });

  it("answer while the file is replaced again and again", async () => {
    let stop = false;
    const readers = Array.from({ length: 4 }, async () => {
      const seen: number[] = [];
      while (!stop) seen.push((await ask(fixture, "/api/v1/runs?limit=1")).status);
      return seen;
    });
    for (let i = 0; i < 8; i++) await makeOperations(fixture.home, 2 + i);
    stop = true;
    expect(new Set((await Promise.all(readers)).flat())).toEqual(new Set([200]));
  });
});

describe("GET /api/v1/openapi.json", () => {
  it("describes every route by the schemas that check it", async () => {
    const document = await askJson<{
      openapi: string;
      paths: Record<string, Record<string, { parameters: { name: string; in: string; required: boolean }[] }>>;
    }>(fixture, "/openapi.json");
    expect(document.openapi).toBe("3.1.0");
    const paths = new Set(routes.map((route) => route.path.replace(/:(\w+)/g, "{$1}")));
    expect(Object.keys(document.paths)).toEqual([...paths]);
    const series = document.paths["/series"]!.get!.parameters;
    expect(series.map((parameter) => parameter.name)).toEqual(
      "indicator unit grain from to by as_of best_for fields format locale about".split(" "),
    );
    expect(series.filter((parameter) => parameter.required).map((parameter) => parameter.name)).toEqual(["indicator"]);
    expect(document.paths["/indicators/{id}"]!.get!.parameters[0]).toMatchObject({ in: "path", required: true });
    expect(Object.keys(document.paths["/session"]!)).toEqual(["get", "post", "delete"]);
    expect(Object.keys(document.paths["/runs"]!)).toEqual(["get", "post"]);
    expect(document.paths["/feeds/{feed}/files"]!.post).toMatchObject({
      parameters: [{ name: "feed", in: "path", required: true }],
      requestBody: {
        required: true,
        content: { "multipart/form-data": { schema: { required: ["file"], properties: { file: { type: "array" } } } } },
      },
    });
    const template = document.paths["/feeds/{feed}/template"]!.get!.parameters;
    expect(template).toContainEqual(expect.objectContaining({ schema: { type: "string", enum: ["csv", "xlsx"] } }));
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { askJson } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture();
});
afterAll(() => fixture.stop());

type Row = Record<string, number | string | boolean | null>;

describe("GET /api/v1/disclosure", () => {
  it("counts of protected indicators what is shown and what is withheld, by its reason", async () => {
    const rows = await askJson<Row[]>(fixture, "/disclosure?indicator=intake-dual,staffing-women");
    expect(new Set(rows.map(({ indicator_id }) => indicator_id))).toEqual(new Set(["intake-dual"]));
    for (const row of rows) {
      const { figures, shown, bands, too_few, for_others, below_floor, unproven, other } = row as Record<
        string,
        number
      >;
      expect(shown! + bands! + too_few! + for_others! + below_floor! + unproven! + other!).toBe(figures);
      expect(row.share_withheld).toBeCloseTo(1 - shown! / figures!, 12);
    }
    // What is shown of a unit by year is what the series shows of it.
    const series = await askJson<Row[]>(fixture, "/series?indicator=intake-dual&unit=all&grain=year");
    const units = await askJson<Row[]>(fixture, "/units");
    const ofUnits = new Set(units.filter(({ level }) => level === "unit").map(({ unit_id }) => unit_id));
    const shown = series.filter(
      (row) => ofUnits.has(row.unit_id!) && row.complete && !row.withheld && row.judgement !== "no_data",
    );
    const row = rows.find(({ level, grain, broken_down }) => level === "unit" && grain === "year" && !broken_down)!;
    expect(row.shown).toBe(shown.length);
    expect(row.shown).toBeGreaterThan(0);
  });
});

describe("GET /api/v1/disclosure/finest", () => {
  it("tells the finest grain at which a unit shows an indicator", async () => {
    const rows = await askJson<Row[]>(fixture, "/disclosure/finest?indicator=intake-dual,complaints&unit=all");
    const grains = ["month", "quarter", "half", "year"];
    for (const row of rows) {
      const shows = async (grain: string) =>
        (
          await askJson<Row[]>(fixture, `/series?indicator=${row.indicator_id}&unit=${row.unit_id}&grain=${grain}`)
        ).some((each) => each.complete && (each.value !== null || each.band));
      const first = [];
      for (const grain of grains) if (await shows(grain)) first.push(grain);
      if (first.length > 0) expect(row.grain, `${row.indicator_id} ${row.unit_id}`).toBe(first[0]);
    }
    expect(rows.filter(({ grain }) => grain !== null).length).toBeGreaterThan(0);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProgrammeResult } from "../../../server/routes/results.ts";
import { programmeResults } from "../../support/results.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askJson, askProblem } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture({ besides: programmeResults });
});
afterAll(() => fixture.stop());

const results = (query = "") => askJson<ProgrammeResult[]>(fixture, `/results${query}`);

/** One line of each: how it stands, what is needed, by when. */
async function standing(query: string): Promise<string[]> {
  return (await results(query)).map(
    ({ unit_id, year, state, needed, due }) => `${unit_id} ${year}: ${state}, needed ${needed}, by ${due}`,
  );
}

describe("GET /api/v1/results", () => {
  it("says of a number each year what is still needed, and whether there is time left", async () => {
    expect(await standing("?indicator=visitors")).toEqual([
      "den-haag 2017: running, needed 350, by 2017-12-31",
      "den-haag 2016: reached, needed 0, by 2016-12-31",
      "den-haag 2015: reached, needed 0, by 2015-12-31",
      "den-haag 2014: missed, needed 40, by 2014-12-31",
    ]);
  });

  it("counts what a coverage covers, in steps, and says the next one", async () => {
    const [now, before] = await results("?indicator=ambassadors");
    expect(now).toMatchObject({ year: 2017, target: 8, needed: 3, state: "running", next_target: null });
    expect(before).toMatchObject({ year: 2016, target: 4, needed: 0, state: "reached", next_target: 8 });
    expect(before).toMatchObject({ next_from: "2017-01-01", next_to: "2017-12-31" });
  });

  it("shows on the way what is aimed at for one day", async () => {
    expect(await standing("?indicator=networks")).toEqual([
      "den-haag 2017: no_data, needed null, by 2018-12-31",
      "den-haag 2016: running, needed 3, by 2018-12-31",
    ]);
  });

  it("counts of a share, and of a change, how many were wanting", async () => {
    expect(await standing("?indicator=interviews&year=2016")).toEqual([
      "politie 2016: missed, needed 100, by 2016-12-31",
      "den-haag 2016: missed, needed 163, by 2016-12-31",
    ]);
    // A quarter more than 330 is 412.5, so 413: 67 more than 346.
    expect(await standing("?indicator=registrations")).toEqual(["den-haag 2016: missed, needed 67, by 2016-12-31"]);
  });

  it("tells a judgement of what is withheld where there is one, and never a number", async () => {
    const rows = await results("?indicator=candidates");
    expect(rows.map(({ year, state }) => [year, state])).toEqual([
      [2017, "no_data"],
      [2016, "withheld"],
      [2015, "reached"],
    ]);
    for (const { value, numerator, needed } of rows) expect([value, numerator, needed]).toEqual([null, null, null]);
  });

  it("names also what a unit aimed at and of which nothing is known", async () => {
    expect(await results("?indicator=plans&unit=rotterdam")).toMatchObject([
      { year: 2017, state: "no_data", value: null, needed: null, due: "2017-12-31", target_kind: "within" },
      { year: 2016, state: "no_data", due: "2016-12-31" },
    ]);
  });

  it("has the end judgement of a target that is over, and no target figures of composition", async () => {
    const rows = await results();
    expect(rows.some(({ indicator_id }) => ["intake-dual", "staffing-women"].includes(indicator_id))).toBe(false);
    expect(rows.every(({ goal }) => (goal as string) !== "streefcijfer")).toBe(true);
    const keys = rows.map(({ unit_id, indicator_id, year }) => `${unit_id} ${indicator_id} ${year}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("agrees with the figures of the same periods", async () => {
    for (const row of await results("?year=2016&unit=den-haag")) {
      if (!row.period_end) continue;
      const series = await askJson<ProgrammeResult[]>(
        fixture,
        `/series?indicator=${row.indicator_id}&unit=den-haag&grain=${row.grain}`,
      );
      const its = series.find(({ period_end }) => period_end === row.period_end)!;
      expect([row.value, row.numerator, row.denominator]).toEqual([its.value, its.numerator, its.denominator]);
    }
  });

  it("chooses by unit, indicator and year, and is a file too", async () => {
    expect((await results("?unit=rotterdam")).every(({ unit_id }) => unit_id === "rotterdam")).toBe(true);
    const { text } = await ask(fixture, "/api/v1/results?unit=den-haag&indicator=visitors&year=2014&format=csv");
    expect(text).toMatch(
      /^indicator_id,unit_id,year,target_unit_id,.*\r?\nvisitors,den-haag,2014,den-haag,resultaat,proposed,DH-2016/,
    );
    expect(await askProblem(fixture, "/api/v1/results?year=16")).toMatchObject({ status: 400 });
    expect(await askProblem(fixture, "/api/v1/results?unit=nowhere")).toMatchObject({ status: 404 });
    expect(await askProblem(fixture, "/api/v1/results?indicator=none")).toMatchObject({ status: 404 });
  });

  it("is empty for a snapshot of before ends were kept", async () => {
    const old = await serveFixture({ without: ["outcomes"] });
    try {
      expect(await askJson(old, "/results")).toEqual([]);
    } finally {
      await old.stop();
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../pipelines/database.ts";
import { computeVariation } from "../../pipelines/series/variation.ts";
import { compute, cover, definitions, emptyWarehouse, insertMany, insertUnits } from "../support/figures.ts";

let db: Database;
beforeEach(async () => {
  db = await emptyWarehouse();
  await insertUnits(
    db,
    `
    unit_id  level parent_id valid_from
    politie  force -         2015-01-01
    den-haag unit  politie   2015-01-01`,
  );
});
afterEach(() => db.close());

const monthOf = (i: number) => `${2015 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}`;

/** So many complaints in each month from January 2015 on. */
async function complaints(counts: number[]): Promise<void> {
  const rows = counts.map((count, i) => ({
    ...{ unit_id: "den-haag", received_on: `${monthOf(i)}-15`, aspects: ["other"], outcome: "pending" },
    count,
  }));
  await insertMany(db, "complaints", rows);
  await cover(db, "complaints", "politie", "2015-01", monthOf(counts.length - 1));
  await say("complaints");
}

/** What is computed and said of one indicator; breaks as `unit day`. */
async function say(id: string, breaks: [string | null, string][] = []): Promise<void> {
  await compute(db, { ids: [id], today: "2018-01-01" });
  await db.run("create or replace temp table all_breaks (indicator_id varchar, unit_id varchar, on_date date)");
  for (const [unit, day] of breaks)
    await db.run("insert into all_breaks values ($id, $unit, $day::date)", { id, unit, day });
  await computeVariation(
    db,
    (await definitions()).filter((each) => each.id === id),
  );
}

const months = (what: string, unit = "den-haag") =>
  db
    .all<{ said: string | null }>(
      `select ${what} as said from series where unit_id = '${unit}' and grain = 'month' and breakdown is null order by period_start`,
    )
    .then((rows) => rows.map(({ said }) => said));

const limits = () => db.all(`select * from limits where unit_id = 'den-haag' and grain = 'month' order by "from"`);

const series = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1];

describe("computeVariation(db, definitions)", () => {
  it("marks the point outside the limits, which are as published for these counts", async () => {
    await complaints(series);
    expect(await months("variation")).toEqual(series.map((count) => (count === 10 ? "neutral_high" : "common")));
    const [only] = await limits();
    expect(only).toMatchObject({ chart: "xmr", from: "2015-01-01", to: "2016-06-30", points: 18 });
    // Mean 35/18; sixteen steps, of 1 but for one of 8 and one of 9, which are set aside: 2.66 from the mean.
    expect(only!.centre).toBeCloseTo(35 / 18, 9);
    expect(only!.upper).toBeCloseTo(35 / 18 + 2.66, 9);
    expect(only!.lower).toBeCloseTo(35 / 18 - 2.66, 9);
    expect(await months("assurance")).toEqual(series.map(() => null));
  });

  it("begins anew after a break, says nothing of too few points and no trend over a break", async () => {
    await complaints([...Array<number>(7).fill(1), ...Array<number>(7).fill(400), 3, 3, 3, 3]);
    expect((await limits()).map((part) => part.points)).toEqual([18]);
    await say("complaints", [["den-haag", "2015-08-01"], [null, "2016-03-01"], ["politie", "2015-03-01"]]); // prettier-ignore
    expect((await limits()).map(({ points, centre }) => [points, centre])).toEqual([[7, 1], [7, 400]]); // prettier-ignore
    expect(await months("variation")).toEqual([...Array<string>(14).fill("common"), null, null, null, null]);
    const trends = await months("trend");
    expect(trends.map((trend) => trend !== null)).toEqual(
      [false, false, false, false, true, true, true, false, false, false, false, true, true, true, false, false, false, false], // prettier-ignore
    );
  });

  it("has the trend of the last five points", async () => {
    await complaints([20, 20, 20, 20, 20, 40, 60, 80, 100, 120]);
    const trends = await months("trend");
    expect(trends.slice(0, 5)).toEqual([null, null, null, null, "none"]);
    expect(trends.at(-1)).toBe("increasing");
  });

  it("takes nothing for chance where everything is counted: no trend, and limits from the points themselves", async () => {
    const done = [80, 82, 84, 86, 88, 90, 92, 94, 95, 96, 97, 98];
    const due = (quarter: number) => `${monthOf(3 * quarter)}-10`;
    await insertMany(
      db,
      "actions",
      done.flatMap((count, quarter) =>
        Array.from({ length: 100 }, (_, nr) => ({
          ...{ action_id: nr + 1000 * quarter, title: "x", unit_id: "den-haag", due_on: due(quarter) },
          status: nr < count ? "done" : "running",
        })),
      ),
    );
    await cover(db, "actions", "politie", "2015-01", "2017-12");
    await say("actions-on-time");
    const rows = await db.all<{ value: number; trend: string | null }>(
      "select value, trend from series where unit_id = 'den-haag' and grain = 'quarter' order by period_start",
    );
    expect(rows).toEqual(done.map((count) => ({ value: count / 100, trend: null })));
    const drawn = await db.all("select chart, points from limits where unit_id = 'den-haag' and grain = 'quarter'");
    expect(drawn).toEqual([{ chart: "xmr", points: 12 }]);
  });

  it("reads only shown points of a protected series, and says nothing of withheld ones", async () => {
    const date = (i: number) => `${monthOf(i)}-10`;
    const row = { unit_id: "den-haag", kind: "intake", category: "executive", gender: "man" };
    const dual = [10, 11, 2, 10, 11, 10, 11, 2, 10, 11, 10, 11, 10, 11, 10];
    await insertMany(
      db,
      "movements",
      dual.flatMap((count, i) => [
        { ...row, date: date(i), background: "dual", count },
        { ...row, date: date(i), background: "single", count: 30 - count },
      ]),
    );
    await cover(db, "movements", "politie", "2015-01", "2016-03");
    await say("intake-dual");
    const said = await months("variation", "politie");
    expect(said.map((each) => each === null)).toEqual(dual.map((count) => count < 5));
    const [force] = await db.all(`from limits where unit_id = 'politie' and grain = 'month'`);
    const shown = dual.filter((count) => count >= 5);
    expect(force).toMatchObject({ chart: "p", points: 13, lower: null, upper: null, dispersion: 1 });
    expect(force!.centre).toBeCloseTo(shown.reduce((sum, count) => sum + count, 0) / (30 * shown.length), 12);
    // Units show no months at all.
    expect(await limits()).toEqual([]);
  });
});

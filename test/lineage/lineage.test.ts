import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../pipelines/database.ts";
import { lineageOf, type AskedFigure } from "../../pipelines/lineage/lineage.ts";
import { contracts, cover, definitions, emptyWarehouse, insertRows, insertUnits, table } from "../support/figures.ts";

let db: Database;
beforeAll(async () => {
  db = await emptyWarehouse();
  await insertUnits(
    db,
    `unit_id          level    parent_id        valid_from valid_to   predecessor_ids
     politie          force    -                2005-01-01 -          -
     haaglanden       unit     politie          2005-01-01 2012-12-31 -
     den-haag         unit     politie          2013-01-01 -          haaglanden
     rotterdam        unit     politie          2013-01-01 -          -
     den-haag-centrum district den-haag         2013-01-01 -          -
     hoefkade         team     den-haag-centrum 2013-01-01 2016-06-30 -
     hoefkade         team     rotterdam        2016-07-01 -          -
     overbosch        team     den-haag-centrum 2013-01-01 -          -`,
  );
  for (const feed of ["complaints", "staffing", "movements", "outputs", "survey", "background"])
    await cover(db, feed, null, "2012-01", "2017-12");
  await rows(
    "complaints",
    `load_id received_on unit_id    aspects   outcome   count
     10      2012-05-01  haaglanden treatment founded   1
     11      2016-01-10  hoefkade   treatment founded   1
     11      2016-03-10  overbosch  treatment unfounded 1
     12      2016-03-11  overbosch  treatment settled   1
     13      2016-08-01  hoefkade   treatment founded   1
     14      2016-04-01  rotterdam  treatment founded   1
     15      2017-01-01  overbosch  treatment founded   1`,
  );
  await rows(
    "staffing",
    `load_id period     unit_id   category  role     gender headcount
     20      2016-11-30 overbosch executive employee woman  5
     21      2016-12-31 overbosch executive employee woman  6
     21      2016-12-31 overbosch executive employee man    9
     22      2016-12-31 rotterdam executive employee man    9`,
  );
  await rows(
    "movements",
    `load_id date       unit_id   kind       gender count
     30      2016-02-01 den-haag  internship woman  5
     31      2016-05-01 overbosch internship man    9
     32      2016-05-01 overbosch exit       man    9
     33      2016-09-01 den-haag  internship man    6`,
  );
  await rows(
    "outputs",
    `load_id unit_id   date       until      output           quantity
     40      den-haag  2015-01-01 -          employee_network 1
     41      den-haag  2015-01-01 2016-09-15 employee_network 1
     42      den-haag  2016-07-01 -          ambassador       1
     43      den-haag-centrum 2015-03-01 -   ambassador       2
     44      overbosch 2015-03-01 -          ambassador       2`,
  );
  await rows(
    "survey",
    `load_id wave       unit_id          population question  invited respondents positive share share_step
     50      2016-03-01 den-haag-centrum all        inclusion 200     100         30       -     -
     51      2016-10-01 den-haag-centrum all        inclusion 200     120         90       -     -
     52      2016-10-01 den-haag-centrum all        feels_safe 200    120         90       -     -
     53      2016-10-01 rotterdam        all        inclusion -       -           -        0.62  0.01
     54      2016-10-01 hoefkade         all        inclusion 200     120         90       -     -`,
  );
});
afterAll(() => db.close());

/** Rows of a feed, each with its load. */
async function rows(feed: string, text: string): Promise<void> {
  for (const { load_id, ...row } of table(text)) {
    await insertRows(db, contracts.get(feed)!, [row]);
    await db.run(`update ${feed} set load_id = ${load_id} where load_id is null`);
  }
}

const year: Omit<AskedFigure, "indicator_id"> = {
  ...{ unit_id: "den-haag", grain: "year", period_start: "2016-01-01", period_end: "2016-12-31" },
};

/** By feed the loads, each with its rows and months. */
async function of(indicator_id: string, asked: Partial<AskedFigure> = {}) {
  const work = await db.connect();
  try {
    const project = { definitions: await definitions(), targets: [], contracts };
    return await lineageOf(work, project, { indicator_id, ...year, ...asked }, new Date("2018-02-01T00:00:00Z"));
  } finally {
    work.disconnect();
  }
}
const loads = async (indicator_id: string, asked: Partial<AskedFigure> = {}) =>
  Object.fromEntries(
    (await of(indicator_id, asked)).feeds.map(({ feed, loads }) => [feed, loads.map(({ load_id }) => load_id)]),
  );

describe("lineageOf(db, project, figure, now)", () => {
  it("names the loads whose rows the query reads, of the units as they lay then and the months of the period", async () => {
    expect(await loads("complaints")).toEqual({ complaints: [11, 12] });
    expect(await loads("complaints", { unit_id: "rotterdam" })).toEqual({ complaints: [13, 14] });
    expect(await loads("complaints", { unit_id: "politie" })).toEqual({ complaints: [11, 12, 13, 14] });
    expect(await loads("complaints", { unit_id: "overbosch", grain: "quarter", period_end: "2016-03-31" })).toEqual({
      complaints: [11, 12],
    });
    const month = { grain: "month", period_start: "2016-08-01", period_end: "2016-08-31" };
    expect(await loads("complaints", { unit_id: "hoefkade", ...month })).toEqual({ complaints: [13] });
    expect(await loads("complaints", month)).toEqual({ complaints: [] });
  });

  it("leaves out rows that the query leaves out", async () => {
    expect(await loads("complaints-founded")).toEqual({ complaints: [11] });
  });

  it("goes back to the unit that was taken over", async () => {
    const before = { period_start: "2012-01-01", period_end: "2012-12-31" };
    expect(await loads("complaints", before)).toEqual({ complaints: [10] });
  });

  it("tells the months and the number of rows, where these tell of nobody", async () => {
    const [movements] = (await of("internships", { period_start: "2016-12-01" })).feeds;
    expect(
      movements!.loads.map(({ load_id, from_month, to_month, rows }) => [load_id, from_month, to_month, rows]),
    ).toEqual([
      [30, "2016-02-01", "2016-02-01", 1],
      [31, "2016-05-01", "2016-05-01", 1],
      [33, "2016-09-01", "2016-09-01", 1],
    ]);
    for (const hidden of ["complaints", "inclusion"])
      expect((await of(hidden)).feeds[0]!.loads.map(({ rows }) => rows)).toEqual(
        hidden === "complaints" ? [null, null] : [null],
      );
  });

  it("of a running count goes back to where it begins", async () => {
    const half = { grain: "half", period_start: "2016-07-01", period_end: "2016-12-31" };
    expect(await loads("internships", half)).toEqual({ movements: [30, 31, 33] });
  });

  it("of a state is of the last month, and of what is there then", async () => {
    expect(await loads("staffing-women")).toEqual({ staffing: [21] });
    expect(await loads("networks")).toEqual({ outputs: [40] });
    const august = { grain: "month", period_start: "2016-08-01", period_end: "2016-08-31" };
    expect(await loads("networks", august)).toEqual({ outputs: [40, 41] });
  });

  it("of a coverage names what units have that should", async () => {
    expect(await loads("ambassadors")).toEqual({ outputs: [43] });
  });

  it("of a score is of the last wave, and of what stands for the unit whole", async () => {
    expect(await loads("inclusion")).toEqual({ survey: [51] });
    expect(await loads("inclusion", { unit_id: "rotterdam" })).toEqual({ survey: [53] });
  });

  it("of a rate names both feeds", async () => {
    expect(await loads("complaints-rate")).toEqual({ complaints: [11, 12], staffing: [20, 21] });
  });

  it("says which version of the definition, and through which load", async () => {
    expect(await of("complaints")).toMatchObject({ definition_version: 1, valid_from: "2005-01-01", through_load: 0 });
  });

  it.each([
    ["nothing", {}],
    ["complaints", { unit_id: "nergens" }],
    ["complaints", { period_end: "2036-12-31" }],
  ])("refuses %s with %j", async (id, asked) => {
    await expect(of(id, asked)).rejects.toThrow(/^no figure of /);
  });
});

describe("every indicator", () => {
  it("is traced, whatever its query is like", async () => {
    for (const { id } of await definitions())
      await of(id).catch((error: Error) => expect(error.message).toMatch(/nothing is known of that unit and period/));
  });
});

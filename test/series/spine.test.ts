import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../pipelines/database.ts";
import {
  compute,
  contracts,
  cover,
  emptyWarehouse,
  figures,
  insertMany,
  insertRows,
  insertUnits,
  table,
  target,
} from "../support/figures.ts";

let db: Database;
beforeEach(async () => {
  db = await emptyWarehouse();
});
afterEach(() => db.close());

/** Complaints, `unit month count` a line, received in the middle of the month. */
async function complaints(text: string): Promise<void> {
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  await insertMany(
    db,
    "complaints",
    rows.map(([unit_id, month, count]) => ({
      unit_id,
      received_on: `${month}-15`,
      aspects: ["other"],
      outcome: "pending",
      count: Number(count),
    })),
  );
}

/** The totals of `complaints` as `unit grain end value`, with `?` where incomplete and `~` for a reference point. */
async function totals(unit: string, grain: string): Promise<string[]> {
  const rows = await figures(db, `breakdown is null and unit_id = '${unit}' and grain = '${grain}'`);
  return rows.map(
    (row) =>
      `${row.period_end.slice(0, 7)} ${row.value ?? row.withheld_reason}${row.complete ? "" : "?"}${row.reference ? "~" : ""}`,
  );
}

const run = (today: string) => compute(db, { ids: ["complaints"], today });

const merger = `
  unit_id         level parent_id valid_from valid_to   predecessor_ids
  politie         force -         2005-01-01 -          -
  haaglanden      unit  politie   2005-01-01 2012-12-31 -
  hollands-midden unit  politie   2005-01-01 2012-12-31 -
  den-haag        unit  politie   2013-01-01 -          haaglanden|hollands-midden
  rotterdam       unit  politie   2005-01-01 -          -`;

describe("computeSeries: a merger", () => {
  beforeEach(async () => {
    await insertUnits(db, merger);
    await complaints(`
      haaglanden      2012-03 3
      hollands-midden 2012-04 4
      rotterdam       2012-05 5
      den-haag        2013-03 6`);
  });

  it("gives the successor the sum of its predecessors for their months, and counts each cell once above", async () => {
    await cover(db, "complaints", "politie", "2012-01", "2013-12");
    await run("2014-02-01");
    expect(await totals("den-haag", "year")).toEqual(["2012-12 7", "2013-12 6"]);
    expect(await totals("haaglanden", "year")).toEqual(["2012-12 3"]);
    expect(await totals("hollands-midden", "year")).toEqual(["2012-12 4"]);
    expect(await totals("politie", "year")).toEqual(["2012-12 12", "2013-12 6"]);
    expect((await totals("den-haag", "r12")).filter((each) => each.startsWith("2013-0"))).toHaveLength(9);
  });

  it("draws the predecessors' time as a reference point where one of them lacks data", async () => {
    for (const unit of ["haaglanden", "rotterdam"]) await cover(db, "complaints", unit, "2012-01", "2012-12");
    await cover(db, "complaints", "politie", "2013-01", "2013-12");
    await run("2014-02-01");
    expect((await totals("den-haag", "year"))[0]).toMatch(/^2012-12 .*\?~$/);
    expect((await totals("den-haag", "year"))[1]).toBe("2013-12 6");
    expect(await totals("haaglanden", "year")).toEqual(["2012-12 3"]);
    expect(await totals("hollands-midden", "year")).toEqual([]);
    expect((await totals("politie", "year"))[0]).toMatch(/\?$/);
  });

  it("does not call a year of its own a reference point because months of it are to come", async () => {
    await insertUnits(
      db,
      `
      unit_id level parent_id valid_from valid_to   predecessor_ids
      oud     unit  politie   2005-01-01 2013-03-31 -
      nieuw   unit  politie   2013-04-01 -          oud`,
    );
    await cover(db, "complaints", "politie", "2013-01", "2013-06");
    await run("2013-07-10");
    expect(await totals("nieuw", "half")).toEqual(["2013-06 0"]);
    expect(await totals("nieuw", "year")).toEqual(["2013-12 0?"]);
  });

  it("follows a chain of successions, also where a row of the successor says it again", async () => {
    await db.run("delete from units");
    await insertUnits(
      db,
      `
      unit_id level parent_id valid_from valid_to   predecessor_ids
      politie force -         2005-01-01 -          -
      een     unit  politie   2005-01-01 2010-12-31 -
      twee    unit  politie   2005-01-01 2011-12-31 -
      drie    unit  politie   2011-01-01 2011-12-31 een
      vier    unit  politie   2012-01-01 2012-12-31 drie|twee
      vier    unit  politie   2013-01-01 -          drie|twee`,
    );
    await complaints(`
      een  2010-05 1
      twee 2010-06 10
      drie 2011-05 100
      twee 2011-06 1000
      vier 2012-05 5`);
    await cover(db, "complaints", "politie", "2010-01", "2013-12");
    await run("2014-02-01");
    expect(await totals("vier", "year")).toEqual(["2010-12 11", "2011-12 1100", "2012-12 5", "2013-12 0"]);
    expect(await totals("drie", "year")).toEqual(["2010-12 1", "2011-12 100"]);
  });

  it("takes over cells of the units that lay below the predecessors", async () => {
    await insertUnits(
      db,
      `
      unit_id level    parent_id  valid_from valid_to   predecessor_ids
      laak    district haaglanden 2005-01-01 2012-12-31 -
      laak    district den-haag   2013-01-01 -          -`,
    );
    await complaints("laak 2012-07 20\n laak 2013-07 30");
    await cover(db, "complaints", "politie", "2012-01", "2013-12");
    await run("2014-02-01");
    expect(await totals("den-haag", "year")).toEqual(["2012-12 27", "2013-12 36"]);
    expect(await totals("haaglanden", "year")).toEqual(["2012-12 23"]);
    expect(await totals("laak", "year")).toEqual(["2012-12 20", "2013-12 30"]);
  });
});

describe("computeSeries: a split", () => {
  it("leaves history with the predecessor", async () => {
    await insertUnits(
      db,
      `
      unit_id    level parent_id valid_from valid_to   predecessor_ids
      politie    force -         2005-01-01 -          -
      landelijk  unit  politie   2005-01-01 2023-12-31 -
      operaties  unit  politie   2024-01-01 -          landelijk
      opsporing  unit  politie   2024-01-01 -          landelijk`,
    );
    await complaints("landelijk 2023-05 5\n operaties 2024-05 2");
    await cover(db, "complaints", "politie", "2023-01", "2024-12");
    await run("2025-02-01");
    expect(await totals("operaties", "year")).toEqual(["2024-12 2"]);
    expect(await totals("opsporing", "year")).toEqual(["2024-12 0"]);
    expect(await totals("landelijk", "year")).toEqual(["2023-12 5"]);
    expect(await totals("politie", "year")).toEqual(["2023-12 5", "2024-12 2"]);
  });

  it("leaves history with a predecessor that goes on beside the unit that left it", async () => {
    await insertUnits(
      db,
      `
      unit_id level parent_id valid_from valid_to predecessor_ids
      politie force -         2005-01-01 -        -
      stam    unit  politie   2005-01-01 -        -
      tak     unit  politie   2013-01-01 -        stam`,
    );
    await complaints("stam 2012-05 5");
    await cover(db, "complaints", "politie", "2012-01", "2013-12");
    await run("2014-02-01");
    expect(await totals("tak", "year")).toEqual(["2013-12 0"]);
  });
});

describe("computeSeries: units that change", () => {
  it("counts a district for the unit it lay in at the time", async () => {
    await insertUnits(
      db,
      `
      unit_id  level    parent_id valid_from valid_to
      politie  force    -         2005-01-01 -
      noord    unit     politie   2005-01-01 -
      zuid     unit     politie   2005-01-01 -
      midden   district noord     2005-01-01 2013-06-30
      midden   district zuid      2013-07-01 -`,
    );
    await complaints("midden 2013-06 1\n midden 2013-07 20");
    await cover(db, "complaints", "politie", "2013-01", "2013-12");
    await run("2014-02-01");
    expect(await totals("noord", "half")).toEqual(["2013-06 1", "2013-12 0"]);
    expect(await totals("zuid", "half")).toEqual(["2013-06 0", "2013-12 20"]);
    expect(await totals("midden", "year")).toEqual(["2013-12 21"]);
  });

  it("ends a unit with its last month, also where that is broken off", async () => {
    await insertUnits(
      db,
      `
      unit_id level parent_id valid_from valid_to
      politie force -         2005-01-01 -
      kort    unit  politie   2012-11-20 2013-05-14`,
    );
    await complaints("kort 2012-11 2\n kort 2013-05 3");
    await db.run("update complaints set received_on = date '2012-11-25' where received_on = date '2012-11-15'");
    await db.run("update complaints set received_on = date '2013-05-10' where received_on = date '2013-05-15'");
    await cover(db, "complaints", "politie", "2012-01", "2013-12");
    await run("2014-02-01");
    expect(await totals("kort", "month")).toEqual([
      ...["2012-11 2", "2012-12 0", "2013-01 0", "2013-02 0", "2013-03 0", "2013-04 0", "2013-05 3"],
    ]);
    expect(await totals("kort", "half")).toEqual(["2012-12 2", "2013-06 3"]);
    expect(await totals("politie", "year")).toEqual(["2012-12 2", "2013-12 3"]);
  });

  it("does not show a unit's last stock as that of a later day", async () => {
    await insertUnits(
      db,
      `
      unit_id level parent_id valid_from valid_to
      politie force -         2005-01-01 -
      kort    unit  politie   2005-01-01 2013-05-31`,
    );
    await insertRows(
      db,
      contracts.get("staffing")!,
      table(`
        period     unit_id category  role     gender headcount
        2013-05-31 kort    executive employee woman  30
        2013-05-31 kort    executive employee man    70`),
    );
    await cover(db, "staffing", "politie", "2013-01", "2013-06");
    await compute(db, { ids: ["staffing-women"], today: "2013-08-01" });
    expect(await totals("kort", "month")).toEqual(["2013-05 0.3"]);
    expect(await totals("kort", "half")).toEqual(["2013-06 0.3?"]);
  });
});

describe("computeSeries: coverage", () => {
  const three = `
    unit_id level    parent_id valid_from
    politie force    -         2005-01-01
    noord   unit     politie   2005-01-01
    zuid    unit     politie   2005-01-01
    laak    district noord     2005-01-01
    loo     district noord     2005-01-01`;

  beforeEach(() => insertUnits(db, three));

  it("goes down to all below: no rows are then 0", async () => {
    await cover(db, "complaints", "noord", "2013-01", "2013-12");
    await run("2014-02-01");
    for (const unit of ["noord", "laak", "loo"]) expect(await totals(unit, "year")).toEqual(["2013-12 0"]);
  });

  it("goes up where all below have it, and shows a part as incomplete", async () => {
    await cover(db, "complaints", "laak", "2013-01", "2013-12");
    await cover(db, "complaints", "loo", "2013-01", "2013-06");
    await complaints("laak 2013-02 2\n loo 2013-03 3");
    await run("2014-02-01");
    expect(await totals("noord", "half")).toEqual(["2013-06 5", "2013-12 0?"]);
    expect(await totals("loo", "year")).toEqual(["2013-12 3?"]);
    expect(await totals("politie", "half")).toEqual(["2013-06 5?", "2013-12 0?"]);
  });

  it("has no figure where nothing is covered", async () => {
    await cover(db, "complaints", "noord", "2013-01", "2013-12");
    await run("2014-02-01");
    expect(await totals("zuid", "year")).toEqual([]);
    expect(await totals("noord", "month")).toHaveLength(12);
  });

  it("joins what loads cover one after another, and leaves a hole where none does", async () => {
    await cover(db, "complaints", "politie", "2013-01", "2013-03");
    await cover(db, "complaints", "politie", "2013-02", "2013-06");
    await cover(db, "complaints", "politie", "2013-07", "2013-09");
    await cover(db, "complaints", "politie", "2013-11", "2014-12");
    await run("2015-02-01");
    expect(await totals("noord", "quarter")).toEqual([
      ...["2013-03 0", "2013-06 0", "2013-09 0", "2013-12 0?"],
      ...["2014-03 0", "2014-06 0", "2014-09 0", "2014-12 0"],
    ]);
    expect(await totals("noord", "year")).toEqual(["2013-12 0?", "2014-12 0"]);
  });

  it("calls a period incomplete that lacks its first months", async () => {
    await cover(db, "complaints", "politie", "2013-04", "2014-12");
    await run("2015-02-01");
    expect(await totals("noord", "year")).toEqual(["2013-12 0?", "2014-12 0"]);
    expect(await totals("noord", "half")).toEqual(["2013-06 0?", "2013-12 0", "2014-06 0", "2014-12 0"]);
    expect((await totals("noord", "r12"))[0]).toBe("2014-03 0");
  });

  it("calls a target's window incomplete that began before the data", async () => {
    await insertMany(db, "movements", [
      {
        date: "2014-05-01",
        unit_id: "noord",
        kind: "intake",
        category: "executive",
        gender: "man",
        background: "dual",
        count: 20,
      },
      {
        date: "2014-05-01",
        unit_id: "noord",
        kind: "intake",
        category: "executive",
        gender: "man",
        background: "single",
        count: 40,
      },
    ]);
    await cover(db, "movements", "politie", "2014-01", "2014-12");
    const aim = { indicator_id: "intake-dual", unit_id: "politie", from: "2013-01-01", to: "2015-12-31", value: 0.25 };
    await compute(db, { ids: ["intake-dual"], today: "2015-02-01", targets: [target(aim)] });
    expect(await totals("noord", "year")).toEqual(["2014-12 0.3333333333333333"]);
    expect(await totals("noord", "target")).toEqual(["2014-06 incomplete?", "2014-12 incomplete?"]);
  });

  it("calls a period in progress incomplete, also when its months have come in early", async () => {
    await cover(db, "complaints", "politie", "2013-01", "2013-12");
    await complaints("laak 2013-02 2");
    await run("2013-12-20");
    expect(await totals("noord", "year")).toEqual(["2013-12 2?"]);
    expect(await totals("noord", "half")).toEqual(["2013-06 2", "2013-12 0?"]);
  });

  it("takes a wave of the survey as the figure of its year", async () => {
    await insertMany(db, "survey", [
      {
        wave: "2013-10-01",
        unit_id: "laak",
        population: "executive",
        question: "discrimination_experienced",
        invited: 90,
        respondents: 60,
        positive: 12,
      },
    ]);
    await cover(db, "survey", "politie", "2013-10", "2013-10");
    await compute(db, { ids: ["discrimination-experienced"], today: "2014-02-01" });
    expect(await totals("noord", "year")).toEqual(["2013-12 0.2"]);
    expect(await totals("noord", "half")).toEqual(["2013-12 0.2"]);
  });

  it("needs all feeds of an indicator", async () => {
    await complaints("laak 2013-02 2");
    await insertMany(db, "staffing", [
      { period: "2013-02-28", unit_id: "laak", category: "executive", role: "employee", gender: "man", headcount: 50 },
    ]);
    await cover(db, "complaints", "politie", "2013-01", "2013-12");
    await cover(db, "staffing", "politie", "2013-02", "2013-02");
    await compute(db, { ids: ["complaints-rate"], today: "2014-02-01" });
    expect(await totals("laak", "month")).toEqual(["2013-02 4"]);
    expect(await totals("laak", "half")).toEqual(["2013-06 4?"]);
  });
});

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { auditSnapshot } from "../../pipelines/audit.ts";
import type { Database } from "../../pipelines/database.ts";
import { auditSeries, type Audit } from "../../pipelines/disclosure/audit.ts";
import { findPlaces } from "../../pipelines/disclosure/places.ts";
import { currentSnapshot } from "../../pipelines/publish.ts";
import { compute, cover, emptyWarehouse, insertMany, insertUnits } from "../support/figures.ts";
import { makeHistory, type History } from "../support/history.ts";
import { randomOf, type Random } from "../../pipelines/statistics/random.ts";
import { long } from "../support/long.ts";

vi.setConfig({ testTimeout: 120_000 });

let db: Database;
beforeEach(async () => {
  db = await emptyWarehouse();
});
afterEach(() => db.close());

/** People with a background at a unit. */
const people = (columns: Record<string, unknown>, dual: number, single: number, count = "count") =>
  Object.entries({ dual, single }).map(([background, number]) => ({ ...columns, background, [count]: number }));
const intake = (unit_id: string, date: string, dual: number, single: number) =>
  people({ unit_id, date, kind: "intake", category: "executive", gender: "man" }, dual, single);

async function audited(ids: string[], complements: boolean): Promise<Audit> {
  await compute(db, { ids, today: "2017-02-01", complements });
  if (!complements) await findPlaces(db);
  await db.run("create or replace temp view audited_series as from series");
  return auditSeries(db);
}

describe("auditSeries(db)", () => {
  const rows = [
    ...intake("hoefkade", "2016-03-01", 10, 20),
    ...intake("zuiderpark", "2016-03-01", 15, 25),
    ...intake("laak", "2016-03-01", 4, 5),
  ];
  beforeEach(async () => {
    await insertUnits(
      db,
      `unit_id    level    parent_id  valid_from
       politie    force    -          2010-01-01
       den-haag   unit     politie    2010-01-01
       centrum    district den-haag   2010-01-01
       hoefkade   team     centrum    2010-01-01
       zuiderpark team     centrum    2010-01-01
       laak       team     centrum    2010-01-01`,
    );
    await cover(db, "movements", "politie", "2016-01", "2016-12");
    await insertMany(db, "movements", rows);
  });

  it("names the row that a gate without complements gives away", async () => {
    const { leaks } = await audited(["intake-dual"], false);
    expect(leaks).toContainEqual({
      ...{ indicator_id: "intake-dual", unit_id: "laak", grain: "year" },
      ...{ period_start: "2016-01-01", period_end: "2016-12-31", breakdown: null, breakdown_value: null },
    });
  });

  it("finds nothing behind the whole gate", async () => {
    const { protected: all, suppressed, leaks } = await audited(["intake-dual"], true);
    expect(leaks).toEqual([]);
    expect(suppressed).toBeGreaterThan(0);
    expect(suppressed).toBeLessThan(all);
  });

  it("finds a single figure that is shown too much", async () => {
    await compute(db, { ids: ["intake-dual"], today: "2017-02-01", complements: true });
    await db.run("create or replace temp table published as from series");
    // The teams as they are, of which the gate shows but one.
    await db.run(
      `update published set withheld = false, withheld_reason = null, numerator = truth.numerator, denominator = truth.people
       from (
         select unit_id, sum(numerator) as numerator, sum(people) as people from cells_above where tag = '' group by unit_id
       ) as truth
       where truth.unit_id = published.unit_id and grain = 'year' and breakdown is null and withheld_reason = 'complement'`,
    );
    await db.run("create or replace temp view audited_series as from published");
    const { leaks } = await auditSeries(db);
    expect(leaks.map(({ unit_id }) => unit_id)).toContain("laak");
  });

  it.each([
    ["counts what was told before of these people", 0, true],
    ["counts for nothing what was told of more people, of whom some are gone", 3, false],
  ])("%s", async (_, gone, isTold) => {
    await compute(db, { ids: ["intake-dual"], today: "2017-02-01", complements: true });
    await db.run("create or replace temp table published as from series");
    await db.run(
      `insert into published by name
       select series.* replace (false as withheld, null as withheld_reason, truth.numerator as numerator, truth.people + $gone as denominator)
       from series join (
         select unit_id, sum(numerator) as numerator, sum(people) as people from cells_above where tag = '' group by unit_id
       ) as truth using (unit_id)
       where grain = 'year' and breakdown is null and withheld_reason = 'complement'`,
      { gone },
    );
    await db.run("create or replace temp view audited_series as from published");
    const { leaks } = await auditSeries(db);
    expect(leaks.some(({ unit_id }) => unit_id === "laak")).toBe(isTold);
  });
});

const hierarchies = long ? 500 : 1;

describe(`auditSeries(db) of ${hierarchies} random hierarchies`, () => {
  it("finds nothing that the gate lets out, and much where it is left out", async () => {
    const random = randomOf(20161231);
    let without = 0;
    for (let trial = 0; trial < hierarchies; trial++) {
      db.close();
      db = await emptyWarehouse();
      const { lines, teams } = randomOrganisation(random);
      await insertUnits(db, lines.join("\n"));
      await cover(db, "movements", "politie", "2015-01", "2016-12");
      await cover(db, "staffing", "politie", "2015-01", "2016-12");
      await insertMany(db, "movements", randomIntake(random, teams));
      await insertMany(db, "staffing", randomStaff(random, teams));
      const ids = ["intake-dual", "staffing-dual"];
      const { leaks, suppressed } = await audited(ids, true);
      expect(leaks, `trial ${trial}`).toEqual([]);
      expect(suppressed).toBeGreaterThan(0);
      without += (await audited(ids, false)).leaks.length;
    }
    expect(without).toBeGreaterThan(hierarchies);
  }, 7_200_000);
});

const courses = long ? 100 : 1;

describe(`kvv audit over the snapshots of ${courses} random courses of late corrections`, () => {
  it("finds nothing", async () => {
    const random = randomOf(20170703);
    for (let trial = 0; trial < courses; trial++) {
      const { lines, teams } = randomOrganisation(random);
      const csv = lines.map((line) => line.split(" ").map((value) => (value === "-" ? "" : value)));
      const units = csv.map(([unit, level, parent, from], i) => [unit, i === 0 ? "name" : unit, level, parent, from]);
      const history = await makeHistory(["intake-dual", "staffing-dual"], units.join("\n") + "\n");
      try {
        let movements: Row[] = randomIntake(random, teams);
        let staffing: Row[] = randomStaff(random, teams);
        for (let step = 0; step < 3; step++) {
          await history.load("movements", textOf(movements), covers("movements"));
          await history.load("staffing", textOf(staffing), covers("staffing"));
          await history.publish();
          movements = corrected(random, movements, "count");
          staffing = corrected(random, staffing, "headcount");
          if (step === 1) history.clock = new Date("2018-01-03T08:00:00Z");
        }
        const found = await auditSnapshot(
          await history.home.warehouse(),
          { ...history.home.context, now: () => history.clock },
          history.project,
        );
        expect(found.leaks, `trial ${trial}`).toEqual([]);
        // What older snapshots told besides is no row of this one.
        expect(found.protected).toBe((await history.series("true")).length);
      } finally {
        await history.remove();
      }
    }
  }, 7_200_000);
});

type Row = Record<string, unknown>;

const covers = (feed: string) => `feed: ${feed}\ncovers: { from: 2015-01-01, to: 2016-12-31, unit: politie }\n`;

const textOf = (rows: Row[]) =>
  [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((line) => line.join(",")).join("\n") + "\n";

/** Here and there one or a few more or fewer. */
const corrected = (random: Random, rows: Row[], count: string): Row[] =>
  rows.map((row) =>
    random.chance(0.02) ? { ...row, [count]: Math.max(0, Number(row[count]) + random.whole(-6, 6)) } : row,
  );

/** A force of some units, districts and teams: lines of the feed, and the names of its teams. */
function randomOrganisation(random: Random): { lines: string[]; teams: string[] } {
  const lines = ["unit_id level parent_id valid_from", "politie force - 2010-01-01"];
  const teams: string[] = [];
  for (let u = 0, us = random.whole(1, 3); u < us; u++) {
    lines.push(`u${u} unit politie 2010-01-01`);
    for (let d = 0, ds = random.whole(1, 3); d < ds; d++) {
      lines.push(`u${u}d${d} district u${u} 2010-01-01`);
      for (let t = 0, ts = random.whole(1, 3); t < ts; t++) {
        teams.push(`u${u}d${d}t${t}`);
        lines.push(`u${u}d${d}t${t} team u${u}d${d} 2010-01-01`);
      }
    }
  }
  return { lines, teams };
}

const monthsOf = ["2015", "2016"].flatMap((year) =>
  Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, "0")}`),
);

function randomIntake(random: Random, teams: string[]) {
  return teams.flatMap((team) =>
    monthsOf
      .filter(() => random.chance(0.4))
      .flatMap((month) => intake(team, `${month}-01`, random.whole(0, 4), random.whole(0, 12))),
  );
}

function randomStaff(random: Random, teams: string[]) {
  return teams.flatMap((unit_id) => {
    let [dual, single] = [random.whole(0, 9), random.whole(10, 40)];
    return monthsOf.flatMap((month) => {
      const period = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0))
        .toISOString()
        .slice(0, 10);
      dual = Math.max(0, dual + random.whole(-1, 1));
      single = Math.max(0, single + random.whole(-2, 2));
      return people(
        { unit_id, period, category: "executive", role: "employee", gender: "man" },
        dual,
        single,
        "headcount",
      );
    });
  });
}

describe("publish: the audit", () => {
  let history: History;
  beforeEach(async () => {
    history = await makeHistory(["intake-dual"]);
    const rows = [
      ...["n1,10,20", "n2,4,5", "s1,15,25", "new,9,30"].flatMap((line) => {
        const [unit, dual, single] = line.split(",");
        return [
          `2016-03-01,${unit},intake,executive,man,dual,${dual}`,
          `2016-03-01,${unit},intake,executive,man,single,${single}`,
        ];
      }),
    ];
    const covers = "feed: movements\ncovers: { from: 2016-01-01, to: 2016-12-31, unit: force }\n";
    await history.load(
      "movements",
      ["date,unit_id,kind,category,gender,background,count", ...rows, ""].join("\n"),
      covers,
    );
  });
  afterEach(() => history.remove());

  it("stops what a spoiled proof would let out: no reader sees it", async () => {
    await history.publish();
    const { folder } = history.home;
    const proofs = path.join(folder, "proofs");
    const files = readdirSync(proofs, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
    expect(files.some((name) => name.startsWith("all")) && files.some((name) => !name.startsWith("all"))).toBe(true);
    for (const file of files) writeFileSync(path.join(proofs, file), "[]\n");
    // As if it were the first publication: what one before withheld would stay so.
    rmSync(path.join(folder, "published"), { recursive: true });
    await expect(history.publish()).rejects.toThrow(/withheld rows can be worked out.*intake-dual of (n1|n2|north)/);
    expect(currentSnapshot(folder)).toBeNull();
    rmSync(proofs, { recursive: true });
    expect(await history.publish()).toBe(currentSnapshot(folder));
  });

  it("what was withheld for others is not worked out anew while nothing changes", async () => {
    await history.publish();
    const proofs = path.join(history.home.folder, "proofs");
    const made = () => readdirSync(proofs).filter((name) => name.endsWith(".json"));
    for (const file of made()) rmSync(path.join(proofs, file));
    const before = await history.series("true");
    history.clock = new Date("2017-08-03T08:00:00Z");
    await history.publish();
    expect(made()).toEqual([]);
    expect((await history.series("withheld")).length).toBe(before.filter(({ withheld }) => withheld).length);
  });

  describe("what was proved of an indicator as a whole", () => {
    const all = () => path.join(history.home.folder, "proofs", "all");
    const again = async () => {
      history.clock = new Date("2017-08-03T08:00:00Z");
      await history.publish();
      return history.series("true");
    };

    it("is all that is asked for while nothing changes", async () => {
      await history.publish();
      const before = await history.series("true");
      const proofs = path.join(history.home.folder, "proofs");
      for (const name of readdirSync(proofs)) if (name !== "all") rmSync(path.join(proofs, name), { recursive: true });
      const kept = readdirSync(all());
      const after = await again();
      expect(readdirSync(proofs)).toEqual(["all"]);
      expect(readdirSync(all())).toEqual(kept);
      expect(after.map(({ withheld }) => withheld)).toEqual(before.map(({ withheld }) => withheld));
    });

    it("does not take back what was told since", async () => {
      await history.publish();
      const before = await history.series("true");
      const everything = JSON.stringify(Array.from({ length: 1000 }, (_, i) => i));
      for (const name of readdirSync(all())) writeFileSync(path.join(all(), name), everything);
      const after = await again();
      expect(after.map(({ withheld }) => withheld)).toEqual(before.map(({ withheld }) => withheld));
    });
  });

  it("kvv audit says of a sound snapshot how much is withheld, and that nothing can be worked out", async () => {
    const snapshot = await history.publish();
    const found = await auditSnapshot(await history.home.warehouse(), history.home.context, history.project);
    expect(found).toMatchObject({ snapshot, leaks: [] });
    expect(found.suppressed).toBeGreaterThan(0);
    expect(found.protected).toBeGreaterThan(found.suppressed);
  });

  it("kvv audit asks for a publication where there is none, or one is behind", async () => {
    const audit = async () => auditSnapshot(await history.home.warehouse(), history.home.context, history.project);
    await expect(audit()).rejects.toThrow("publish first");
    await history.publish();
    await history.load("movements", "date,unit_id,kind,gender,count\n2016-04-01,n1,exit,man,3\n");
    await expect(audit()).rejects.toThrow("the warehouse holds loads that the snapshot has not");
  });
});

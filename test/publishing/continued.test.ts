import { rmSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { publish, type PublishResult } from "../../pipelines/publish.ts";
import { randomOf, type Random } from "../../pipelines/statistics/random.ts";
import type { Target } from "../../pipelines/targets.ts";
import { cover, definitions, insertMany, insertUnits, target } from "../support/figures.ts";
import { makeHome, type Home } from "../support/home.ts";
import { long } from "../support/long.ts";
import { projectOf } from "../support/project.ts";

// Two homes have the same feeds and publish at the same times: the one goes on from its snapshot before, the other has forgotten what that
// was made of and computes all. Readers must see the same.

const ids = [
  ...["complaints", "complaints-days", "complaints-rate", "intake-dual", "intake-women", "leaders-dual", "outflow"],
  ...["staffing-dual", "staffing-women", "staffing-fte", "divers-vakmanschap", "discrimination-incidents"],
];

/** Of each way in which one figure leans on another, and of each feed but one; what the random courses of the short run have. */
const few = ["complaints", "intake-dual", "leaders-dual", "staffing-dual", "outflow", "discrimination-incidents"];

const targets: Target[] = [
  // Over years: a window ties its years together.
  target({ indicator_id: "leaders-dual", unit_id: "politie", from: "2014-01-01", to: "2014-12-31", value: 0.2 }),
  target({ indicator_id: "leaders-dual", unit_id: "politie", from: "2015-01-01", to: "2017-12-31", value: 0.2 }),
  target({ indicator_id: "intake-dual", unit_id: "u0", from: "2014-07-01", to: "2016-06-30", value: 0.2 }),
  target({ indicator_id: "intake-dual", unit_id: "politie", from: "2016-01-01", to: "2016-12-31", value: 0.25 }),
  target({
    ...{ indicator_id: "staffing-women", unit_id: "politie", from: "2018-12-31", to: "2018-12-31", value: 0.5 },
    ...{ baseline_from: "2014-01-01", baseline_to: "2014-12-31" },
  }),
  target({
    ...{ indicator_id: "complaints", unit_id: "u0", from: "2015-01-01", to: "2015-12-31", value: 30 },
    ...{ kind: "at_most" as const },
  }),
].map((each, i) => ({ ...each, target_id: i + 1 }));

const organisation = `
  unit_id level    parent_id valid_from valid_to   predecessor_ids
  politie force    -         2010-01-01 -          -
  u0      unit     politie   2010-01-01 -          -
  u1      unit     politie   2010-01-01 -          -
  d0      district u0        2010-01-01 -          -
  d1      district u0        2010-01-01 -          -
  t0      team     d0        2010-01-01 -          -
  t1      team     d0        2010-01-01 2015-05-31 -
  t2      team     d0        2015-06-01 -          t1
  t3      team     d1        2010-01-01 -          -
  t4      team     u1        2010-01-01 -          -`;

const teams = ["t0", "t2", "t3", "t4"];
const teamAt = (team: string, month: string) => (team === "t2" && month < "2015-06" ? "t1" : team);

type Rows = Record<string, Record<string, unknown>[]>;

const monthsFrom = (year: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${year + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}`);

const lastDay = (month: string) =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);

/** What the feeds have of some months; `moves`: how often somebody of a team comes, goes or is appointed. */
function rowsOf(random: Random, months: string[], moves = 0.4): Rows {
  const rows: Rows = { movements: [], staffing: [], complaints: [], incidents: [], outputs: [] };
  for (const month of months)
    for (const team of teams) {
      const unit_id = teamAt(team, month);
      for (const [kind, position] of [
        ["intake", null],
        ["exit", null],
        ["appointment", "team_chief"],
      ])
        for (const background of ["dual", "single", "unknown"])
          if (random.chance(background === "unknown" ? moves / 4 : moves))
            rows.movements!.push({
              ...{ date: `${month}-03`, unit_id, kind, position, background, category: "executive" },
              ...{ gender: random.pick(["man", "woman"]), count: random.whole(1, background === "single" ? 12 : 5) },
            });
      for (const background of ["dual", "single"])
        for (const gender of ["man", "woman"])
          rows.staffing!.push({
            ...{ period: lastDay(month), unit_id, category: "executive", role: "employee", gender, background },
            headcount: (background === "dual" ? 6 : 25) + random.whole(0, 2),
            fte: 20 + random.whole(0, 99) / 100,
          });
      for (let n = random.whole(0, 3); n > 0; n--)
        rows.complaints!.push({
          ...{ unit_id, received_on: `${month}-0${n}`, aspects: [random.pick(["treatment", "force", "other"])] },
          ...{ outcome: "unfounded", closed_on: `${month}-2${n}`, count: random.whole(1, 4) },
        });
      if (random.chance(0.5))
        rows.incidents!.push({
          ...{ unit_id, registered_on: `${month}-07`, kind: "report", grounds: ["origin"], count: random.whole(1, 6) },
        });
    }
  return rows;
}

/** Here and there one or a few more or fewer, in rows of some months. */
async function correct(random: Random, dbs: Database[], feed: string, column: string, months: string): Promise<void> {
  const [of, more] = [random.whole(0, 6), random.pick([-1, 1, 6])];
  const dated = { movements: "date", staffing: "period", complaints: "received_on", incidents: "registered_on" }[feed]!;
  for (const db of dbs)
    await db.run(
      `update ${feed} set ${column} = greatest(0, ${column} + ${more}) where hash(unit_id, month(${dated})) % 7 = ${of} and strftime(${dated}, '%Y-%m') like '${months}'`,
    );
}

const feeds = ["movements", "staffing", "complaints", "incidents"];
let homes: Home[] = [];
afterEach(() => {
  for (const home of homes) home.remove();
  homes = [];
});

/** Two homes with three years of some indicators; these are computed together, apart, or as chance has it. */
async function begin(random: Random, asked = ids, totalsAtOnce = random.pick([2500, 800_000])) {
  homes = [makeHome(), makeHome()];
  const dbs = [await homes[0]!.warehouse(), await homes[1]!.warehouse()];
  const chosen = (await definitions()).filter(({ id }) => asked.includes(id));
  const project = { ...projectOf(chosen), targets };
  let clock = new Date("2018-07-03T08:00:00Z");
  let loads = 0;
  const add = async (rows: Rows, from: string, to: string) => {
    for (const db of dbs) {
      for (const [feed, each] of Object.entries(rows)) if (each.length > 0) await insertMany(db, feed, each);
      for (const feed of feeds) await cover(db, feed, "politie", from, to);
    }
  };
  const publishBoth = async (): Promise<[PublishResult, PublishResult]> => {
    const results: PublishResult[] = [];
    loads += 1;
    for (const [i, db] of dbs.entries()) {
      for (const feed of feeds)
        await db.run(
          `insert into loads by name select coalesce((select max(load_id) from loads), 0) + 1 as load_id, '${feed}' as feed, 'file' as file, '' as file_hash, '' as mapping_hash, false as "full",
             timestamp '2017-01-05' as started_at, timestamp '2017-01-05' as finished_at, 1 as "read", 1 as accepted, 0 as merged, 0 as skipped,
             0 as quarantined, '{}' as reasons, 'utf-8' as encoding, false as accepted_change`,
        );
      if (i === 1 && loads > 1) await db.run("delete from released.years");
      results.push(await publish(db, { ...homes[i]!.context, now: () => clock }, project, totalsAtOnce));
    }
    clock = new Date(clock.getTime() + 86_400_000);
    return [results[0]!, results[1]!];
  };
  await Promise.all(dbs.map((db) => insertUnits(db, organisation)));
  const moves = random.pick([0.04, 0.4]);
  await add(rowsOf(random, monthsFrom(2014, 36), moves), "2014-01", "2016-12");
  // States then stand beside those of years before.
  const gap = random.pick([2015, 2016, null]);
  if (gap)
    for (const db of dbs) {
      await db.run(`delete from staffing where period >= '${gap}-01-01'; delete from coverage where feed = 'staffing'`);
      await cover(db, "staffing", "politie", "2014-01", `${gap - 1}-12`);
    }
  return { dbs, add, publishBoth, moves };
}

async function read(home: Home, snapshot: string, sql: string): Promise<Record<string, unknown>[]> {
  const file = path.join(home.folder, "published", snapshot, "series.duckdb");
  const reader = await Database.open(file, { access_mode: "READ_ONLY" });
  try {
    return await reader.all(sql);
  } finally {
    reader.close();
  }
}

async function expectSame([one, whole]: [PublishResult, PublishResult], what: string): Promise<void> {
  for (const table of ["series", "outcomes", "limits", "signals", "looked_at", "restatements"]) {
    const of = (i: number, { snapshot }: PublishResult) =>
      read(
        homes[i]!,
        snapshot,
        `select columns(lambda name: name not in ('published_at', 'changed_at', 'restated_at')) from ${table} order by all`,
      );
    const [own, other] = [await of(0, one), await of(1, whole)];
    expect(own.length, `${table} ${what}`).toBe(other.length);
    const rounded = (rows: Record<string, unknown>[]) =>
      rows.map((row) =>
        JSON.stringify(row, (_, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(10)) : value)),
      );
    const [mine, theirs] = [rounded(own), rounded(other)];
    expect(mine.filter((each, i) => each !== theirs[i]).slice(0, 3), `${table} ${what}`).toEqual([]);
  }
}

const courses = long ? 12 : 1;
const atOnce = 800_000;

describe("publish: what goes on from the snapshot before", { timeout: long ? 3_600_000 : 120_000 }, () => {
  it(`is what a whole computation shows, over ${courses} random courses of new months and corrections`, async () => {
    const random = randomOf(20180703);
    let continued = 0;
    for (let course = 0; course < courses; course++) {
      const { dbs, add, publishBoth, moves } = await begin(random, long ? ids : few);
      const newMonths = (...months: string[]) => rowsOf(random, months, moves);
      const [first] = await publishBoth();
      expect(first.continued).toEqual({});
      const steps: [string, () => Promise<unknown>][] = [
        ["a new month", () => add(newMonths("2017-01"), "2017-01", "2017-01")],
        ["nothing", () => Promise.resolve()],
        ["another month, without staffing", () => add({ ...newMonths("2017-02"), staffing: [] }, "2017-02", "2017-02")],
        ["a correction of last year", () => correct(random, dbs, "movements", "count", "2016-%")],
        [
          "a correction of staffing",
          () => correct(random, dbs, "staffing", "headcount", random.pick(["2015-12", "2014-%"])),
        ],
        ["an old correction", () => correct(random, dbs, random.pick(["complaints", "incidents"]), "count", "2014-%")],
        [
          "months and corrections",
          async () => {
            await add(newMonths("2017-03", "2017-04", "2017-05", "2017-06"), "2017-03", "2017-06");
            await correct(random, dbs, "movements", "count", "2017-%");
          },
        ],
        [
          "a year that is not covered any more",
          async () => {
            for (const db of dbs) {
              await db.run("delete from coverage where feed = 'complaints'");
              await cover(db, "complaints", "politie", "2014-01", "2014-12");
              await cover(db, "complaints", "politie", "2016-01", "2017-06");
            }
          },
        ],
      ];
      for (const [what, step] of steps) {
        await step();
        const both = await publishBoth();
        await expectSame(both, `${what}, course ${course}`);
        expect(both[1].continued, what).toEqual({});
        continued += Object.keys(both[0].continued).length;
      }
      for (const home of homes) home.remove();
      homes = [];
    }
    // Most of what can go on does.
    expect(continued).toBeGreaterThan(15 * courses);
  });

  it("begins with the first year that changed, also of what a target ties to years before", async () => {
    const random = randomOf(7);
    const asked = ["complaints", "intake-dual", "staffing-dual", "outflow", "leaders-dual"];
    const { add, publishBoth } = await begin(random, asked, atOnce);
    await publishBoth();
    await add(rowsOf(random, ["2017-01"]), "2017-01", "2017-01");
    const both = await publishBoth();
    const { continued } = both[0];
    expect(continued).toMatchObject({ complaints: 2017, "intake-dual": 2017, "staffing-dual": 2017, outflow: 2017 });
    expect(continued).toMatchObject({ "leaders-dual": 2017 });
    await expectSame(both, "a month of what a target ties to years before");
  });

  it("withholds a state of a year of which only those who came and went are others", async () => {
    const { dbs, publishBoth } = await begin(randomOf(9), ["staffing-dual", "outflow"], atOnce);
    const staff = monthsFrom(2014, 36).flatMap((month) =>
      ["dual", "single"].map((background) => ({
        ...{
          period: lastDay(month),
          unit_id: "t4",
          category: "executive",
          role: "employee",
          gender: "man",
          background,
        },
        headcount: background === "single" ? 200 : month < "2015-08" ? 60 : 61,
      })),
    );
    const moved = (kind: string, count: number) => ({
      ...{
        date: "2015-08-10",
        unit_id: "t4",
        kind,
        category: "executive",
        gender: "man",
        background: "unknown",
        count,
      },
    });
    for (const db of dbs) {
      await db.run("delete from staffing; delete from movements");
      await cover(db, "staffing", "politie", "2014-01", "2016-12");
      await insertMany(db, "staffing", staff);
      await insertMany(db, "movements", [moved("intake", 20), moved("exit", 19)]);
    }
    const before = await publishBoth();
    for (const db of dbs) await db.run("update movements set count = count - 18");
    const both = await publishBoth();
    await expectSame(both, "movers");
    const withheld = async ({ snapshot }: PublishResult) => {
      const sql =
        "from series where indicator_id = 'staffing-dual' and unit_id = 'politie' and breakdown is null and grain = 'month' and withheld";
      return (await read(homes[0]!, snapshot, sql)).length;
    };
    expect(await withheld(both[0])).toBeGreaterThan(await withheld(before[0]));
    expect(both[0].continued["staffing-dual"] ?? 2015).toBe(2015);
  });

  it("is nothing where the snapshot before is gone", async () => {
    const random = randomOf(8);
    const { add, publishBoth } = await begin(random, ["complaints", "intake-dual"], atOnce);
    await publishBoth();
    rmSync(path.join(homes[0]!.folder, "published", "current"));
    await add(rowsOf(random, ["2017-01"]), "2017-01", "2017-01");
    const [{ continued }] = await publishBoth();
    expect(continued).toEqual({});
  });
});

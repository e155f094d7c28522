import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditSnapshot } from "../../pipelines/audit.ts";
import { Database, literal } from "../../pipelines/database.ts";
import { readProject, type Project } from "../../pipelines/project.ts";
import { currentSnapshot, publish } from "../../pipelines/publish.ts";
import type { Home } from "../support/home.ts";
import { absent, dataFolder, loadAllOfChicago, loadLaterExits, realHome, type Loads } from "./support.ts";
import { long } from "../support/long.ts";

// Every export of Chicago in one home, through mappings only; then the file of those who left, which disagrees with the roster.

if (absent) it.skip(absent, () => undefined);

let home: Home;
let loads: Loads;
let later: Loads;
let project: Project;
const shown = async <T = Record<string, unknown>>(sql: string): Promise<T[]> => {
  const file = path.join(home.folder, "published", currentSnapshot(home.folder)!, "series.duckdb");
  const reader = await Database.open(file, { access_mode: "READ_ONLY" });
  try {
    return await reader.all<T>(sql);
  } finally {
    reader.close();
  }
};
const years = "grain = 'year' and breakdown is null and unit_id = 'CPD'";

describe.skipIf(absent)("Chicago from all its exports at once", () => {
  beforeAll(async () => {
    home = realHome();
    loads = await loadAllOfChicago(home);
    const db = await home.warehouse();
    project = await readProject(home.context.settings);
    // All of them in the long run.
    if (!long)
      project.definitions = project.definitions.filter(({ id }) =>
        ["outflow", "intake-dual", "staffing-women", "staffing-dual"].includes(id),
      );
    await publish(db, home.context, project);
    later = await loadLaterExits(home);
    await publish(db, home.context, project);
  }, 240_000);
  afterAll(() => home?.remove());

  it("every row is accepted, merged, skipped or quarantined, and no file is refused", () => {
    for (const { refused, read, accepted, merged, skipped, quarantined } of Object.values({ ...loads, ...later })) {
      expect(refused).toBeNull();
      expect(accepted + merged + skipped + quarantined).toBe(read);
    }
    // With the units of all files no report is of a unit that nobody knows.
    expect(loads.use_of_force).toMatchObject({ read: 67_019, accepted: 67_019, quarantined: 0 });
  });

  it("of the roster's cells two in five hold 1 to 4 people; the attacker works out nothing of what is withheld", async () => {
    const db = await home.warehouse();
    const roster = await db.one<{ cells: number; small: number }>(
      `select count(*)::integer as cells, count(*) filter (people < 5)::integer as small
       from (select sum(headcount) as people from staffing where period = '2023-07-31' group by unit_id, gender, background)`,
    );
    expect(roster).toEqual({ cells: 510, small: 200 });
    const audit = await auditSnapshot(db, home.context, project);
    expect(audit.leaks).toEqual([]);
    expect(audit.suppressed).toBeGreaterThan(50_000);
    // Of 127 units the share of each that is large enough is still shown.
    const [units] = await shown<{ there: number; told: number }>(
      `select count(*)::integer as there, count(*) filter (not withheld)::integer as told from series
       where indicator_id = 'staffing-dual' and period_end = '2022-12-31' and grain = 'year' and breakdown is null`,
    );
    expect(units).toEqual({ there: 127, told: 35 });
  }, 240_000);

  it("appointments by year are those of the roster", async () => {
    const found = await shown<{ year: number; n: number }>(
      `select year(period_end) as year, (denominator + coalesce("unknown", 0))::integer as n from series
       where indicator_id = 'intake-dual' and complete and period_end >= '2016-01-01' and ${years} order by 1`,
    );
    expect(Object.fromEntries(found.map(({ year, n }) => [year, n]))).toEqual({
      ...{ 2016: 612, 2017: 1_100, 2018: 1_252, 2019: 448, 2020: 170, 2021: 335, 2022: 957 },
    });
  });

  it("year-end staff and the share of women are those of the profiles; the roster's day has 11,915 people, 25.29% women", async () => {
    const found = await shown<{ year: number; people: number; women: number }>(
      `select year(period_end) as year, (denominator + coalesce("unknown", 0))::integer as people, round(100 * "value", 1) as women
       from series where indicator_id = 'staffing-women' and year(period_end) in (2010, 2014, 2016) and ${years} order by 1`,
    );
    expect(found).toEqual([
      { year: 2010, people: 13_169, women: 24 },
      { year: 2014, people: 12_583, women: 22.7 },
      { year: 2016, people: 12_632, women: 22.4 },
    ]);
    const [roster] = await shown<{ people: number; women: number }>(
      `select (denominator + "unknown")::integer as people, numerator / (denominator + "unknown") as women from series
       where indicator_id = 'staffing-women' and grain = 'month' and period_end = '2023-07-31' and unit_id = 'CPD' and breakdown is null`,
    );
    expect(roster!.people).toBe(11_915);
    expect(roster!.women).toBeCloseTo(0.2529, 4);
  });

  it("postings by unit at a year's end are those of the unit history", async () => {
    const file = path.join(dataFolder, "chicago", "chicago_unit_history_2020-10.csv.gz");
    const db = await Database.open(":memory:");
    try {
      const wanted = await db.all<{ unit_id: string; n: number }>(
        `select coalesce(unit, 'CPD') as unit_id, count(*) as n from read_csv(${literal(file)}, all_varchar = true)
         where unit_start_date <= '2009-12-31' and coalesce(unit_end_date, '9999') >= '2009-12-31' group by 1 order by 1`,
      );
      const found = await (
        await home.warehouse()
      ).all(
        "select unit_id, sum(headcount)::integer as n from staffing where period = '2009-12-31' group by 1 order by 1",
      );
      expect(found).toEqual(wanted);
      expect(found.length).toBeGreaterThan(150);
    } finally {
      db.close();
    }
  });

  it("complaints of three files are each there once, as the last file has them", async () => {
    const file = (name: string) => literal(path.join(dataFolder, "chicago", `chicago_${name}.csv.gz`));
    const db = await Database.open(":memory:");
    try {
      const wanted = await db.one(
        `with clear as (
           select cr_id, complaint_date, closed_date from read_csv(${file("cr_clear_2000-2022")}, all_varchar = true)
           qualify row_number() over (partition by cr_id order by row_id::bigint) = 1
         ),
         first as (
           select cr_id, complaint_date, closed_date from read_csv(${file("complaints_2000-2016")}, all_varchar = true)
           qualify row_number() over (partition by cr_id order by row_id::bigint) = 1
         ),
         sound as (
           select cr_id, complaint_date, 1 as rank from clear where closed_date is null or closed_date >= complaint_date
           union all
           select cr_id, complaint_date, 2 from first where closed_date is null or closed_date >= complaint_date
         )
         select count(*) as complaints, count(*) filter (year(day::date) = 2010) as in_2010
         from (select cr_id, arg_min(complaint_date, rank) as day from sound group by cr_id)`,
      );
      const found = await (
        await home.warehouse()
      ).one("select count(*) as complaints, count(*) filter (year(received_on) = 2010) as in_2010 from complaints");
      expect(found).toEqual(wanted);
    } finally {
      db.close();
    }
  });

  it("the later file of exits changes those of 2021 from 928 to 960, and the list names its load", async () => {
    const { load_id } = later.exits!;
    const found = await shown<Record<string, unknown>>(
      `select year(period_end) as year, old_numerator, new_numerator, load_id, load_ids from restatements
       where indicator_id = 'outflow' and ${years} order by 1`,
    );
    expect(found.map((each) => [each.year, each.old_numerator, each.new_numerator])).toEqual([
      [2015, 483, 410],
      [2016, 575, 535],
      [2017, 622, 603],
      [2018, 457, 455],
      [2019, 597, 591],
      [2020, 658, 668],
      [2021, 928, 960],
      [2022, 1_005, 1_043],
    ]);
    for (const each of found) expect([each.load_id, each.load_ids]).toEqual([load_id, [load_id]]);
    const [now] = await shown(
      `select numerator, restated from series where indicator_id = 'outflow' and period_end = '2021-12-31' and ${years}`,
    );
    expect(now).toEqual({ numerator: 960, restated: true });
  });

  it("nothing else is restated: exits of one sender leave the intake of the other as it is", async () => {
    const restated = (await shown("select distinct indicator_id from restatements")) as { indicator_id: string }[];
    expect(restated.map(({ indicator_id }) => indicator_id)).toContain("outflow");
    // With the whole catalogue also those of women among the exits, and of people whose background is known.
    expect(restated.every(({ indicator_id }) => /^outflow(-|$)/.test(indicator_id))).toBe(true);
  });
});

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import { Database } from "../../pipelines/database.ts";
import { copyFeeds, workbenchFolder } from "../../pipelines/workbench/feeds-copy.ts";
import type { PreviewRow } from "../../pipelines/workbench/draft.ts";
import { Bench as PreviewBench } from "../../pipelines/workbench/preview.ts";
import { previewRounded } from "../../pipelines/workbench/preview-rounded.ts";
import { computeSeries } from "../../pipelines/series/series.ts";
import { readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { contracts, cover, definitions, insertMany, insertUnits } from "../support/figures.ts";
import { makeHome, type Home } from "../support/home.ts";
import { long } from "../support/long.ts";

const organisation = `
  unit_id level parent_id valid_from valid_to   predecessor_ids
  force   force -         2005-01-01 -          -
  north   unit  force     2005-01-01 -          -
  south   unit  force     2005-01-01 -          -
  n1      team  north     2005-01-01 2015-06-30 -
  n1      team  south     2015-07-01 -          -
  n2      team  north     2005-01-01 -          -
  s1      team  south     2005-01-01 -          -`;

let home: Home;
let db: Database;
beforeEach(async () => {
  home = makeHome();
  db = await home.warehouse();
  await insertUnits(db, organisation);
  for (const feed of ["staffing", "movements", "survey", "integrity", "absence"])
    await cover(db, feed, "force", "2015-01", "2016-12");
});
afterEach(() => home.remove());

interface Cell extends Record<string, unknown> {
  period: string;
  unit_id: string;
  background: string | null;
  headcount: number;
}
const units = ["n1", "n2", "s1", "north"];
const cellArbitrary: fc.Arbitrary<Cell> = fc.record({
  period: fc.constantFrom("2015-03-31", "2015-12-31", "2016-12-31"),
  unit_id: fc.constantFrom(...units),
  category: fc.constantFrom("executive", "support"),
  role: fc.constantFrom("employee", "team_chief"),
  scale: fc.constantFrom(7, 9, 12),
  gender: fc.constantFrom("woman", "man"),
  background: fc.constantFrom("dual", "single", "unknown"),
  headcount: fc.integer({ min: 1, max: 12 }),
});

async function fill(feed: string, rows: Record<string, unknown>[]): Promise<void> {
  await db.run(`truncate ${feed}`);
  if (rows.length > 0) await insertMany(db, feed, rows);
}

/** The copy of the feeds as drafts see it: exact, or rounded. */
async function copy(rounded = true): Promise<Database> {
  rmSync(workbenchFolder(home.folder), { recursive: true, force: true });
  const file = await copyFeeds(db, contracts, home.folder);
  const copied = await Database.open(":memory:", { threads: "1" });
  await copied.run("set TimeZone = 'UTC'");
  await copied.run(`attach '${file}' as feeds (read_only)`);
  await copied.run("use feeds");
  if (rounded) await copied.run("set search_path = 'feeds.rounded,feeds.main'");
  return copied;
}

async function definitionOf(id: string, sql?: string): Promise<Definition> {
  const found = (await definitions()).find((each) => each.id === id)!;
  return sql ? { ...found, sql } : found;
}

async function previewOf(definition: Definition): Promise<PreviewRow[]> {
  const copied = await copy();
  try {
    const { rows } = await previewRounded(new PreviewBench(copied), {
      ...{ definition, targets: [], before: null, units: units, today: "2017-02-01" },
    });
    return JSON.parse(rows) as PreviewRow[];
  } finally {
    copied.close();
  }
}

const shares = (where = "true") =>
  `select unit_id, period as month, sum(headcount) filter (background = 'dual') as numerator,
     sum(headcount) filter (background in ('dual', 'single')) as denominator, sum(headcount) filter (background = 'unknown') as unknown
   from staffing where ${where} group by unit_id, period`;

describe("copyFeeds(db, contracts, home)", () => {
  it("has nothing of a background but multiples of five, by unit, whatever the rows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cellArbitrary, { maxLength: 60 }), async (cells) => {
        await fill("staffing", cells);
        const copied = await copy();
        try {
          const rounded = await copied.all<Cell>("from staffing");
          for (const { unit_id, headcount } of rounded) {
            expect(["north", "south", "force"]).toContain(unit_id);
            expect(headcount % 5).toBe(0);
            expect(headcount).toBeGreaterThan(0);
          }
          const open = await copied.all<{ name: string }>(
            "select column_name as name from (describe feeds.main.staffing)",
          );
          expect(open.map(({ name }) => name)).not.toContain("background");
          // The whole of a unit and month is a multiple beside it; of a few people nothing is told.
          const sums = await copied.all<{ unit_id: string; period: string; sum: number }>(
            "select unit_id, period, sum(headcount)::integer as sum from staffing group by all",
          );
          const bearer = ({ unit_id, period }: Cell) =>
            unit_id === "s1" || (unit_id === "n1" && period > "2015-06-30") ? "south" : "north";
          for (const unit of ["north", "south"])
            for (const period of new Set(cells.map((cell) => cell.period))) {
              const of = cells.filter((cell) => bearer(cell) === unit && cell.period === period);
              const count = (some: Cell[]) => some.reduce((sum, { headcount }) => sum + headcount, 0);
              const found = sums.find((row) => row.unit_id === unit && row.period === period)?.sum ?? 0;
              if (count(of) < 10) expect(found).toBe(0);
              else expect(Math.abs(found - count(of))).toBeLessThan(5);
              // Whatever else a row tells is shared by ten: by the exact feed nobody knows more of fewer.
              for (const row of rounded.filter((each) => each.unit_id === unit && each.period === period)) {
                const told = (["category", "role", "scale", "gender"] as const).filter((name) => row[name] !== null);
                const sharing = of.filter((cell) => told.every((name) => cell[name] === row[name]));
                expect(count(sharing)).toBeGreaterThanOrEqual(10);
              }
            }
        } finally {
          copied.close();
        }
      }),
      { numRuns: long ? 100 : 10 },
    );
  });

  it("has the feeds that are protected as a whole in rounded numbers only, days in those of five people, and shares as they came", async () => {
    await fill("absence", [{ period: "2016-01-31", unit_id: "n2", available_days: 1234.5, sick_days: 77 }]);
    await fill("integrity", [{ period: "2016-01-31", unit_id: "n2", channel: "adviser", theme: "other", contacts: 7 }]);
    await fill("survey", [
      {
        wave: "2016-06-01",
        unit_id: "n2",
        population: "staff",
        question: "safe",
        invited: 33,
        respondents: 21,
        positive: 13,
      },
      { wave: "2016-06-01", unit_id: "force", population: "staff", question: "safe", share: 0.61, share_step: 0.01 },
    ]);
    const copied = await copy();
    try {
      // Which of the two multiples beside it is drawn, for each home by its own key.
      const beside = (exact: number, step: number) => (found: unknown) =>
        (found as number) % step === 0 && Math.abs((found as number) - exact) < step;
      const [absent] = await copied.all("select available_days, sick_days from absence");
      expect(absent!.available_days).toSatisfy(beside(1234.5, 100));
      expect(absent!.sick_days).toSatisfy(beside(77, 100));
      const [contact] = await copied.all("select unit_id, contacts from integrity");
      expect(contact).toEqual({ unit_id: "north", contacts: expect.toSatisfy(beside(7, 5)) as number });
      expect(
        await copied.all("select unit_id, invited, respondents, positive, share from survey order by unit_id"),
      ).toEqual([
        { unit_id: "force", invited: null, respondents: null, positive: null, share: 0.61 },
        {
          ...{ unit_id: "north", share: null, invited: expect.toSatisfy(beside(33, 5)) as number },
          ...{ respondents: expect.toSatisfy(beside(21, 5)) as number },
          positive: expect.toSatisfy(beside(13, 5)) as number,
        },
      ]);
      const exact = await copied.all<{ name: string }>(
        "select table_name as name from duckdb_tables() where database_name = 'feeds' and schema_name = 'main'",
      );
      for (const feed of ["absence", "integrity", "survey", "background"])
        expect(exact.map(({ name }) => name)).not.toContain(feed);
    } finally {
      copied.close();
    }
  });

  it("has of people whose background is not told one row, whatever their backgrounds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cellArbitrary, { minLength: 1, maxLength: 60 }), async (cells) => {
        await fill("staffing", cells);
        const copied = await copy(false);
        try {
          const [rows] = await copied.all<{ n: number; alike: number; people: number }>(
            `select (select count(*) from staffing) as n, sum(headcount)::integer as people,
               (select count(*) from (select distinct * exclude (headcount, fte, withheld) from staffing)) as alike
             from staffing`,
          );
          expect(rows!.n).toBe(rows!.alike);
          expect(rows!.people).toBe(cells.reduce((sum, { headcount }) => sum + headcount, 0));
        } finally {
          copied.close();
        }
      }),
      { numRuns: long ? 50 : 5 },
    );
  });

  it("is for the user of the monitor alone, and leaves nothing half behind", async () => {
    (await copy()).close();
    const folder = workbenchFolder(home.folder);
    const names = readdirSync(folder);
    expect(names).toHaveLength(1);
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(statSync(path.join(folder, names[0]!)).mode & 0o077).toBe(0);
  });
});

describe("previewRounded(db, asked)", () => {
  it("shows force and units by year alone, in multiples of five, with the value that these make, and no interval", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cellArbitrary, { minLength: 20, maxLength: 80 }), async (cells) => {
        await fill("staffing", cells);
        const rows = await previewOf(await definitionOf("high-scales-dual", shares()));
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) {
          expect(["force", "unit"]).toContain(row.level);
          expect([row.grain, row.breakdown, row.lower, row.upper, row.pace]).toEqual(["year", null, null, null, null]);
          for (const count of [row.numerator, row.denominator, row.unknown]) expect((count ?? 0) % 5).toBe(0);
          if (row.value !== null) expect(row.value).toBe(row.numerator! / row.denominator!);
          // The gate's least numbers hold for what is shown.
          if (!row.withheld && row.denominator) {
            expect(row.denominator).toBeGreaterThanOrEqual(10);
            expect(Math.min(row.numerator!, row.denominator - row.numerator!)).toBeGreaterThanOrEqual(5);
          }
        }
      }),
      { numRuns: long ? 100 : 5 },
    );
  });

  it("shows of two drafts that differ in one filter, and so by one person, no more than a step of five", async () => {
    const others = fc.array(cellArbitrary, { minLength: 20, maxLength: 60 });
    const one = cellArbitrary.map((cell) => ({ ...cell, scale: 15, headcount: 1 }));
    // However a draft counts: more than once, with something added, by rows, or by a part of a person.
    const ways = fc.constantFrom(
      "sum(headcount)",
      "5 * sum(headcount)",
      "sum(headcount) + 3",
      "count(*)",
      "100 * count(*)",
      "sum(headcount) / 7.0",
    );
    await fc.assert(
      fc.asyncProperty(others, one, ways, async (cells, person, way) => {
        await fill("staffing", [...cells, person]);
        const query = (where: string) =>
          `select unit_id, period as month, ${way} as numerator, 4 * ${way} + 50 as denominator, 0 as unknown
           from staffing where background = 'dual' and ${where} group by unit_id, period`;
        const [withAll, without] = [
          await previewOf(await definitionOf("high-scales-dual", query("true"))),
          await previewOf(await definitionOf("high-scales-dual", query("scale <> 15"))),
        ];
        const key = ({ unit_id, period_end }: PreviewRow) => `${unit_id} ${period_end}`;
        const before = new Map(without.map((row) => [key(row), row]));
        for (const row of withAll)
          for (const count of ["numerator", "denominator"] as const) {
            const other = before.get(key(row))?.[count];
            if (row[count] !== null && other != null) expect((row[count] - other) % 5).toBe(0);
          }
        // What both are made of does not change with what they filter: there is nothing finer to ask for.
        const copied = await copy();
        try {
          const finest = await copied.all<{ n: number }>("select headcount as n from staffing where scale = 15");
          for (const { n } of finest) expect(n % 5).toBe(0);
        } finally {
          copied.close();
        }
      }),
      { numRuns: long ? 150 : 4 },
    );
  });

  it("is near the exact figures of the year", async () => {
    // Units of some hundreds, as they are.
    const cells = fc
      .sample(cellArbitrary, { numRuns: 400, seed: 5 })
      .map((cell) => ({ ...cell, headcount: 8 * cell.headcount }));
    await fill("staffing", cells);
    const definition = await definitionOf("high-scales-dual", shares("scale >= 9"));
    const rows = await previewOf(definition);
    const work = await db.connect();
    await computeSeries(work, {
      definitions: [definition],
      targets: [],
      today: "2017-02-01",
      freshness: new Map(),
      primary: true,
    });
    const exact = await work.all<{ unit_id: string; period_end: string; numerator: number; denominator: number }>(
      "select unit_id, period_end, numerator, denominator from gated where grain = 'year' and breakdown is null and level in ('force', 'unit')",
    );
    expect(rows.length).toBe(exact.length);
    for (const { unit_id, period_end, numerator, denominator } of exact) {
      const row = rows.find((each) => each.unit_id === unit_id && each.period_end === period_end)!;
      // A scale that few of a unit have is left out.
      expect(Math.abs(row.numerator! - numerator)).toBeLessThanOrEqual(20 + denominator / 20);
      expect(Math.abs(row.denominator! - denominator)).toBeLessThanOrEqual(20 + denominator / 20);
    }
    work.disconnect();
  });
});

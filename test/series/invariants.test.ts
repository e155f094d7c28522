import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Database } from "../../pipelines/database.ts";
import { compute, cover, emptyWarehouse, insertMany } from "../support/figures.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";
import { makeLoading } from "../loading/support.ts";
import { firstDay, randomForce, type RandomForce } from "./random-force.ts";
import { long } from "../support/long.ts";

const runs = long ? 30 : 1;
const ids = ["intake-dual", "leaders-women", "complaints", "complaints-founded", "outflow-women"];
const today = "2014-07-10";

/** A force whose feeds cover all of its time. */
const whole = (seed: number): RandomForce => {
  const force = randomForce(seed);
  const [first, last] = [
    Math.min(...force.coverage.map((each) => each.first)),
    Math.max(...force.coverage.map((each) => each.last)),
  ];
  return { ...force, coverage: ["movements", "complaints"].map((feed) => ({ feed, unit_id: "politie", first, last })) };
};

/** Computes the figures of a force and asks them; the tables of the way are there too. */
async function over<T>(force: RandomForce, ask: (db: Database) => Promise<T>): Promise<T> {
  const db = await emptyWarehouse();
  try {
    await insertMany(db, "units", force.units as unknown as Record<string, unknown>[]);
    await insertMany(db, "movements", force.movements);
    await insertMany(db, "complaints", force.complaints);
    for (const { feed, unit_id, first, last } of force.coverage)
      await cover(db, feed, unit_id, firstDay(first).slice(0, 7), firstDay(last).slice(0, 7));
    await compute(db, { ids, today });
    return await ask(db);
  } finally {
    db.close();
  }
}

const each = (check: (seed: number) => Promise<void>) =>
  fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), check), { numRuns: runs });
const numbers = ["numerator", "denominator", "unknown"];
const sums = numbers.map((name) => `sum("${name}") as "${name}"`).join(", ");
const differ = numbers.map((name) => `coalesce(a."${name}", 0) <> coalesce(b."${name}", 0)`).join(" or ");
const all = `select indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value, numerator, denominator, "unknown", complete
  from gated order by all`;

/** All figures in one: how many, and a hash of them in whatever order. */
const print = (figures: string) =>
  `select count(*) as n, sum(hash(each)::hugeint)::varchar as of_all from (${figures}) as each`;

describe("figures of any force", { timeout: 1_200_000 }, () => {
  it("of a longer period are the sums of those of its parts", () =>
    each((seed) =>
      over(whole(seed), async (db) => {
        for (const [grain, part] of [
          ["year", "month"],
          ["year", "half"],
          ["half", "quarter"],
          ["quarter", "month"],
        ])
          expect(
            await db.all(
              `with b as (
                 select f.indicator_id, f.unit_id, f.breakdown, f.breakdown_value, f.period_start, ${sums.replaceAll('sum("', 'sum(p."')}
                 from gated as f join gated as p on p.indicator_id = f.indicator_id and p.unit_id = f.unit_id
                   and p.breakdown is not distinct from f.breakdown and p.breakdown_value is not distinct from f.breakdown_value
                   and p.period_start between f.period_start and f.period_end
                 where f.grain = '${grain}' and p.grain = '${part}' group by all
               )
               select a.*, b.* from gated as a join b on b.indicator_id = a.indicator_id and b.unit_id = a.unit_id
                 and b.breakdown is not distinct from a.breakdown and b.breakdown_value is not distinct from a.breakdown_value
                 and b.period_start = a.period_start
               where a.grain = '${grain}' and (${differ}) limit 3`,
            ),
            `${grain} of ${part}s`,
          ).toEqual([]);
      }),
    ));

  it("of a unit are what it has itself and the sums of those below it", () =>
    each((seed) =>
      over(whole(seed), async (db) => {
        // A unit in a month, with its own cells and the figures of the units right below it.
        const wrong = await db.all(
          `with parts as (
             select versions.parent_id as unit_id, f.indicator_id, f.period_start, f.numerator, f.denominator, f."unknown"
             from gated as f
             join months on months.first_day = f.period_start
             join versions on versions.unit_id = f.unit_id and versions.epoch = months.epoch
             where f.grain = 'month' and f.breakdown is null and versions.parent_id is not null
             union all
             select cells.unit_id::varchar, computed.indicator_id, first_day(cells.month), cells.numerator, cells.denominator, cells."unknown"
             from cells join computed using (computed_id) where slot = 0
           ),
           b as (select unit_id, indicator_id, period_start, ${sums} from parts group by all)
           select a.indicator_id, a.unit_id, a.period_start, a.numerator, b.numerator
           from gated as a
           join months on months.first_day = a.period_start
           -- Those that exist: a successor's figures before its start are those of its predecessors.
           join versions on versions.unit_id = a.unit_id and versions.epoch = months.epoch
           left join b on b.unit_id = a.unit_id and b.indicator_id = a.indicator_id and b.period_start = a.period_start
           where a.grain = 'month' and a.breakdown is null and (${differ}) limit 3`,
        );
        expect(wrong).toEqual([]);
      }),
    ));

  it("of all values of a breakdown add up to the total, where each thing has one value", () =>
    each((seed) =>
      over(whole(seed), async (db) => {
        const wrong = await db.all(
          `with b as (
             select indicator_id, unit_id, grain, period_start, period_end, ${sums}
             from gated where indicator_id = 'intake-dual' and breakdown = 'gender' group by all
           )
           select a.*, b.* from gated as a join b using (indicator_id, unit_id, grain, period_start, period_end)
           where a.breakdown is null and (${differ}) limit 3`,
        );
        expect(wrong).toEqual([]);
      }),
    ));

  it("lie within their intervals, and shares within 0 and 1", () =>
    each((seed) =>
      over(whole(seed), async (db) => {
        const wrong = await db.all(
          `select indicator_id, "value", "lower", "upper" from gated
           where "value" < "lower" or "value" > "upper" or "lower" < 0 or (kind = 'share' and "upper" > 1)
             or ("value" is null) <> ("lower" is null) limit 3`,
        );
        expect(wrong).toEqual([]);
      }),
    ));

  it("are the same whatever the order of the rows, and however they are parted", () =>
    each(async (seed) => {
      const force = whole(seed);
      const random = randomOf(seed);
      const shuffled = (rows: Record<string, unknown>[]) =>
        rows
          .flatMap((row) => {
            const count = row.count as number;
            const first = random.whole(0, count);
            return [first, count - first].filter((part) => part > 0).map((part) => ({ ...row, count: part }));
          })
          .map((row) => [random.whole(0, 1_000_000), row] as const)
          .sort(([a], [b]) => a - b)
          .map(([, row]) => row);
      const other = { ...force, movements: shuffled(force.movements), complaints: shuffled(force.complaints) };
      const before = await over(force, (db) => db.one<{ n: number }>(print(all)));
      expect(before!.n).toBeGreaterThan(1000);
      expect(await over(other, (db) => db.one(print(all)))).toEqual(before);
    }));

  it("above both are the same when a unit moves to another parent", () =>
    each(async (seed) => {
      const force = whole(seed);
      const moved = force.units.map((unit) => (unit.unit_id === "charlie-d1" ? { ...unit, parent_id: "alfa" } : unit));
      // The other parent ends with 2012, and so does the move.
      const units = moved.flatMap((unit) =>
        unit.unit_id === "charlie-d1"
          ? [
              { ...unit, valid_to: "2012-12-31" },
              { ...unit, parent_id: "charlie", valid_from: "2013-01-01" },
            ]
          : [unit],
      );
      const ofForce = all.replace("from gated", "from gated where unit_id = 'politie'");
      const before = await over(force, (db) => db.one<{ n: number }>(print(ofForce)));
      expect(before!.n).toBeGreaterThan(100);
      expect(await over({ ...force, units }, (db) => db.one(print(ofForce)))).toEqual(before);
    }));
});

describe("files of any parting", { timeout: 600_000 }, () => {
  it("give the same figures", async () => {
    const loading = await makeLoading();
    const figuresOf = async (files: string[][]) => {
      await loading.db.run("delete from complaints; delete from coverage; delete from loads where feed <> 'units'");
      for (const rows of files)
        await loading.load("complaints", ["complaint_id,received_on,unit_id,aspects,outcome", ...rows].join("\n"));
      await compute(loading.db, { ids: ["complaints", "complaints-founded"], today: "2017-07-10" });
      return loading.db.all(all);
    };
    try {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
          const random = randomOf(seed);
          const row = (i: number) =>
            `C-${i},2016-0${1 + (i % 6)}-0${random.whole(1, 9)},n1,${random.pick(["treatment", "force|attitude"])},${random.pick(["founded", "unfounded", "pending"])}`;
          const rows = Array.from({ length: 40 }, (_, i) => row(i));
          // Each part reaches over all months, so that the parts together cover what the whole covers.
          const parts: string[][] = [rows.slice(0, 6), rows.slice(0, 6)];
          for (const each of rows.slice(6)) parts[random.whole(0, 1)]!.push(each);
          expect(await figuresOf(parts)).toEqual(await figuresOf([rows]));
        }),
        { numRuns: runs },
      );
    } finally {
      await loading.home.remove();
    }
  });
});

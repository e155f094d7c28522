import { describe, expect, it } from "vitest";
import { medianInterval } from "../../pipelines/statistics/duration.ts";
import { ratioOfRates, ratioOfShares } from "../../pipelines/statistics/ratio.ts";
import { cover, emptyWarehouse, figures, insertMany } from "../support/figures.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";
import { computeSynthetic, synthetic } from "../support/synthetic.ts";
import { naiveCoverage, naiveDuration, naiveNumbers, naiveRatio, type NaiveNumbers } from "./naive-kinds.ts";
import { firstDay, randomForce, type RandomForce } from "./random-force.ts";
import { long } from "../support/long.ts";

const seeds = Array.from({ length: long ? 100 : 1 }, (_, i) => i + 1);

const founded = (which: string) => `coalesce(sum(count) filter (${which} and outcome = 'founded'), 0)`;
const all = (which: string) => `coalesce(sum(count) filter (${which}), 0)`;
const ratioQuery = `select unit_id, received_on as month, ${founded("about")} as numerator, ${all("about")} as denominator,
    ${founded("not about")} as numerator2, ${all("not about")} as denominator2
  from (select *, list_contains(aspects, 'treatment') as about from complaints) group by all`;

const made = {
  days: () =>
    synthetic(
      "days",
      ["kind: duration"],
      `select unit_id, received_on as month, closed_on - received_on as days, closed_on - received_on <= 40 as within, sum(count) as numerator
       from complaints group by all`,
    ),
  shares: () => synthetic("shares", ["kind: ratio"], ratioQuery),
  rates: () => synthetic("rates", ["kind: ratio", "exposure: mean"], ratioQuery),
  teams: () =>
    synthetic(
      "teams",
      ["kind: coverage", "of: [team]", "least: 2"],
      "select unit_id, date as month, until, quantity as numerator from outputs where output = 'trained_colleague'",
    ),
};

/** A random force with days on which its complaints were closed, and what teams have for some time. */
function forceOf(seed: number) {
  const random = randomOf(seed + 1000);
  const force = randomForce(seed);
  const later = (date: string, days: number) =>
    new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  const complaints = force.complaints.map((row) => ({
    ...row,
    closed_on: random.chance(0.2) ? null : later(String(row.received_on), random.whole(0, 120)),
  }));
  const outputs = force.units.flatMap(({ unit_id, level, valid_from }) =>
    Array.from({ length: level === "team" ? random.whole(0, 3) : random.whole(0, 1) }, () => {
      const date = later(valid_from, random.whole(0, 900));
      return {
        ...{ unit_id, date, output: "trained_colleague", quantity: random.whole(1, 2) },
        until: random.chance(0.5) ? null : later(date, random.whole(0, 400)),
      };
    }),
  );
  const coverage = [
    ...force.coverage,
    ...force.coverage.filter(({ feed }) => feed === "complaints").map((each) => ({ ...each, feed: "outputs" })),
  ];
  return { force: { ...force, coverage } satisfies RandomForce, complaints, outputs };
}

/** The interval by the functions that the oracles hold. */
function intervalOf(id: string, { value, days, pairs }: NaiveNumbers) {
  if (value === null || id === "teams") return null;
  if (days) return medianInterval(days.map((each) => ({ days: each, cases: 1 })));
  const [n = 0, d = 0, n2 = 0, d2 = 0] = pairs!;
  const ratio = id === "rates" ? ratioOfRates : ratioOfShares;
  return ratio({ count: n, of: d }, { count: n2, of: d2 }).interval;
}

describe("durations, ratios and coverages, worked out a second way", () => {
  it.each(seeds)("agree with loops over the rows of a random force, seed %i", async (seed) => {
    const { force, complaints, outputs } = forceOf(seed);
    const wanted = {
      days: naiveNumbers(force, "complaints", false, naiveDuration(complaints)),
      shares: naiveNumbers(force, "complaints", false, naiveRatio(complaints, false)),
      rates: naiveNumbers(force, "complaints", false, naiveRatio(complaints, true)),
      teams: naiveNumbers(force, "outputs", true, naiveCoverage(force, outputs)),
    };
    const db = await emptyWarehouse();
    try {
      await insertMany(db, "units", force.units as unknown as Record<string, unknown>[]);
      await insertMany(db, "complaints", complaints);
      await insertMany(db, "outputs", outputs);
      for (const { feed, unit_id, first, last } of force.coverage)
        await cover(db, feed, unit_id, firstDay(first).slice(0, 7), firstDay(last).slice(0, 7));
      const definitions = await Promise.all(Object.values(made).map((make) => make()));
      await computeSynthetic(db, definitions, { today: force.today });
      for (const [id, naive] of Object.entries(wanted)) {
        const rows = await figures(db, `indicator_id = '${id}' and grain <> 'target'`);
        const wrong = [];
        for (const row of rows) {
          const key = `${row.unit_id} ${row.grain} ${row.period_start} ${row.period_end}`;
          const other = naive.get(key);
          naive.delete(key);
          const interval = other ? intervalOf(id, other) : null;
          const pairs: [number | null, number | null | undefined][] = [
            [row.value, other?.value],
            [row.numerator, other?.numerator],
            [row.denominator, other?.denominator],
            [row.unknown, other?.unknown],
            [row.lower, interval?.lower ?? null],
            [row.upper, interval?.upper ?? null],
          ];
          const same = pairs.every(([a, b]) => (a === null || b === null ? a === b : Math.abs(a - b!) <= 1e-9));
          if (!other || !same || other.complete !== row.complete) wrong.push({ id, key, row, other, interval });
        }
        expect(wrong.slice(0, 3)).toEqual([]);
        expect([...naive.keys()].slice(0, 3)).toEqual([]);
        expect(rows.length).toBeGreaterThan(500);
        expect(rows.some((row) => row.value !== null && (id === "teams" || row.lower !== null))).toBe(true);
      }
    } finally {
      db.close();
    }
  });
});

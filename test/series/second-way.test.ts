import { describe, expect, it } from "vitest";
import { compute, cover, emptyWarehouse, figures, insertMany, target, type SeriesRow } from "../support/figures.ts";
import { naiveFigures, type Cell, type NaiveIndicator } from "./naive.ts";
import { firstDay, monthOf, randomForce, type RandomForce } from "./random-force.ts";
import { long } from "../support/long.ts";

const seeds = Array.from({ length: long ? 200 : 1 }, (_, i) => i + 1);
const aim = { indicator_id: "intake-dual", unit_id: "politie", from: "2012-01-01", to: "2013-12-31", value: 0.3 };
const grains = ["month", "quarter", "half", "year", "r12", "target"];

describe("figures, worked out a second way", () => {
  it.each(seeds)("agree with loops over the rows of a random force, seed %i", async (seed) => {
    const force = randomForce(seed);
    const wanted = indicatorsOf(force);
    const db = await emptyWarehouse();
    try {
      await insertMany(db, "units", force.units as unknown as Record<string, unknown>[]);
      await insertMany(db, "movements", force.movements);
      await insertMany(db, "complaints", force.complaints);
      for (const { feed, unit_id, first, last } of force.coverage)
        await cover(db, feed, unit_id, firstDay(first).slice(0, 7), firstDay(last).slice(0, 7));
      await compute(db, { ids: wanted.map(({ id }) => id), targets: [target(aim)], today: force.today });
      for (const indicator of wanted)
        expect(differences(await figures(db, `indicator_id = '${indicator.id}'`), force, indicator)).toEqual([]);
    } finally {
      db.close();
    }
  });

  it("meets every reason to withhold in its sample", () => {
    const all = seeds.slice(0, 1).flatMap((seed) => {
      const force = randomForce(seed);
      return indicatorsOf(force).flatMap((indicator) => [...naiveFigures(force, indicator).values()]);
    });
    const reasons = new Set(all.map((each) => each.withheld_reason));
    expect(reasons).toEqual(new Set([null, "band", "floor", "incomplete", "sensitive", "threshold"]));
  });
});

function indicatorsOf(force: RandomForce): NaiveIndicator[] {
  const intake = force.movements.filter((row) => row.kind === "intake" && row.category === "executive");
  const top = force.movements.filter((row) => row.kind === "appointment" && row.position === "top61");
  const judged = force.complaints.filter((row) =>
    ["founded", "partly_founded", "unfounded"].includes(`${row.outcome}`),
  );
  const list = (value: unknown) => (value === null || value === undefined ? [] : [String(value)]);
  return [
    {
      id: "intake-dual",
      feed: "movements",
      rule: "protected",
      levels: null,
      grains,
      target: aim,
      cells: intake.map((row) => {
        const count = row.count as number;
        const isKnown = row.background === "dual" || row.background === "single";
        return {
          ...placeOf(row, "date"),
          numerator: row.background === "dual" ? count : 0,
          denominator: isKnown ? count : 0,
          unknown: isKnown ? 0 : count,
          by: { intake_level: list(row.intake_level), gender: list(row.gender) },
        };
      }),
    },
    {
      id: "top61",
      feed: "movements",
      rule: "protected",
      levels: ["force"],
      grains: ["year", "target"],
      target: null,
      cells: top.map((row) => {
        const count = row.count as number;
        const counts = row.background === "dual" || row.gender === "woman" || row.lateral === "yes";
        const isKnown = counts || (row.background === "single" && row.gender !== "unknown");
        return {
          ...placeOf(row, "date"),
          numerator: counts ? count : 0,
          denominator: isKnown ? count : 0,
          unknown: isKnown ? 0 : count,
          by: {},
        };
      }),
    },
    {
      id: "complaints-founded",
      feed: "complaints",
      rule: "sensitive",
      levels: null,
      grains,
      target: null,
      cells: judged.map((row) => ({
        ...placeOf(row, "received_on"),
        numerator: row.outcome === "unfounded" ? 0 : (row.count as number),
        denominator: row.count as number,
        unknown: 0,
        by: { aspect: row.aspects as string[] },
      })),
    },
  ];
}

const placeOf = (row: Record<string, unknown>, date: string): Pick<Cell, "unit_id" | "month"> => ({
  unit_id: row.unit_id as string,
  month: monthOf(row[date] as string),
});

/** What the rows of `series` say otherwise than the loops; the first few, in words. */
function differences(rows: SeriesRow[], force: RandomForce, indicator: NaiveIndicator): string[] {
  const naive = naiveFigures(force, indicator);
  const found: string[] = [];
  for (const row of rows) {
    const slot = row.breakdown ? `${row.breakdown}=${row.breakdown_value}` : "";
    const key = `${row.unit_id} ${row.grain} ${row.period_start} ${row.period_end} ${slot}`;
    const other = naive.get(key);
    naive.delete(key);
    if (!other) {
      found.push(`${indicator.id} ${key}: there should be no such row`);
      continue;
    }
    const { numerator, denominator, unknown, complete, withheld_reason, judgement } = other;
    const isShown = withheld_reason === null;
    const wanted = {
      complete,
      withheld_reason,
      withheld: !isShown,
      value: isShown && denominator > 0 ? numerator / denominator : null,
      numerator: isShown ? numerator : null,
      denominator: isShown || withheld_reason === "band" ? denominator : null,
      unknown: isShown && !(indicator.rule === "protected" && unknown > 0 && unknown < 5) ? unknown : null,
      ...(withheld_reason === "band" ? {} : { judgement: isShown ? judgement : "withheld" }),
    };
    for (const [name, value] of Object.entries(wanted))
      if (row[name as keyof SeriesRow] !== value)
        found.push(`${indicator.id} ${key}: ${name} is ${row[name as keyof SeriesRow]}, not ${value}`);
  }
  for (const [key, figure] of naive) found.push(`${indicator.id} ${key}: missing ${JSON.stringify(figure)}`);
  return found.slice(0, 8);
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../pipelines/database.ts";
import { compute, cover, emptyWarehouse, figures, insertMany, insertUnits } from "../support/figures.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";

// What a colleague learns who knows who came and went, and subtracts one published state from another.

let db: Database;
beforeEach(async () => {
  db = await emptyWarehouse();
});
afterEach(() => db.close());

const years = ["2012", "2013", "2014", "2015", "2016"];

/** A team: its people of a dual and of a single background at the first year's end, and who came and went in each year after. */
interface Team {
  unit_id: string;
  dual: number;
  single: number;
  moves: { joined: [dual: number, single: number]; left: [dual: number, single: number] }[];
}

/** The staff of these teams by year, beside a large one, through the whole gate; without lists of movements on request. */
async function publish(teams: Team[], { listed = true } = {}): Promise<void> {
  const large: Team = {
    ...{ unit_id: "large", dual: 300, single: 700 },
    moves: years.slice(1).map(() => ({ joined: [30, 70], left: [25, 60] })),
  };
  const all = [...teams, large];
  await insertUnits(
    db,
    [
      "unit_id level parent_id valid_from",
      "politie force - 2010-01-01",
      "den-haag unit politie 2010-01-01",
      ...all.map(({ unit_id }) => `${unit_id} team den-haag 2010-01-01`),
    ].join("\n"),
  );
  for (const feed of ["staffing", "movements"]) await cover(db, feed, "politie", "2012-01", "2016-12");
  const staff: Record<string, unknown>[] = [];
  const movements: Record<string, unknown>[] = [];
  for (const { unit_id, moves, ...first } of all) {
    let { dual, single } = first;
    for (const [i, year] of years.entries()) {
      const { joined, left } = i > 0 ? moves[i - 1]! : { joined: [0, 0], left: [0, 0] };
      dual += joined[0]! - left[0]!;
      single += joined[1]! - left[1]!;
      for (const [background, headcount] of Object.entries({ dual, single }))
        staff.push({
          ...{ unit_id, period: `${year}-12-31`, category: "executive", role: "employee", gender: "man" },
          ...{ background, headcount },
        });
      for (const [kind, [d, s]] of Object.entries({ intake: joined, exit: left }))
        if (d! + s! > 0) movements.push({ unit_id, date: `${year}-05-01`, kind, gender: "man", count: d! + s! });
    }
  }
  await insertMany(db, "staffing", staff);
  if (listed && movements.length > 0) await insertMany(db, "movements", movements);
  await compute(db, { ids: ["staffing-dual"], today: "2017-02-01", complements: true });
}

const shownYears = async (unit: string) =>
  (await figures(db, `unit_id = '${unit}' and grain = 'year' and breakdown is null and numerator is not null`)).map(
    ({ period_end, numerator }) => [period_end.slice(0, 4), numerator] as const,
  );

const still = { joined: [0, 0], left: [0, 0] } as Team["moves"][number];

describe("the gate: states of a unit one after another", () => {
  it("withholds the state that would tell the one who left", async () => {
    await publish([
      { unit_id: "small", dual: 12, single: 28, moves: [{ joined: [0, 0], left: [1, 0] }, still, still, still] },
    ]);
    const shown = await shownYears("small");
    expect(shown).toContainEqual(["2012", 12]);
    expect(shown.filter(([, numerator]) => numerator === 11)).toEqual([]);
  });

  it("knows from the number of people of those whom no list of movements has", async () => {
    const moves = [{ joined: [0, 0], left: [1, 0] }, still, still, still] as Team["moves"];
    await publish([{ unit_id: "small", dual: 12, single: 28, moves }], { listed: false });
    expect((await shownYears("small")).map(([year]) => year)).toEqual(["2012"]);
  });

  it("shows states between which so many came and went that nothing is told", async () => {
    const moves = years.slice(1).map(() => ({ joined: [4, 6], left: [3, 7] }) as Team["moves"][number]);
    await publish([{ unit_id: "small", dual: 12, single: 28, moves }]);
    expect((await shownYears("small")).map(([year]) => year)).toEqual(years);
  });

  it("tells a colleague of no few who moved what they are, whichever two states he subtracts", async () => {
    const random = randomOf(41);
    const teams = Array.from({ length: 40 }, (_, i): Team => {
      const busy = random.chance(0.5) ? 6 : 1;
      return {
        ...{ unit_id: `team${i}`, dual: random.whole(20, 40), single: random.whole(60, 90) },
        moves: years.slice(1).map(() => ({
          joined: [random.whole(0, busy), random.whole(0, busy)],
          left: [random.whole(0, busy), random.whole(0, busy)],
        })),
      };
    });
    await publish(teams);
    let pairs = 0;
    for (const { unit_id, moves } of teams) {
      const shown = await shownYears(unit_id);
      for (const [j, [later, after]] of shown.entries()) {
        if (j === 0) continue;
        const [earlier, before] = shown[j - 1]!;
        const between = moves.slice(years.indexOf(earlier), years.indexOf(later));
        const size = (which: "joined" | "left") =>
          between.reduce((sum, move) => sum + move[which][0] + move[which][1], 0);
        const [joined, left] = [size("joined"), size("left")];
        // Every way in which those who moved can have been so that the difference is as it is.
        const possible = Array.from({ length: joined + 1 }, (_, x) => x).filter((x) => {
          const gone = x - (after! - before!);
          return gone >= 0 && gone <= left;
        });
        pairs += 1;
        const where = `${unit_id}: ${joined} came and ${left} went from ${earlier} to ${later}`;
        const ways = { joined: possible, left: possible.map((x) => x - (after! - before!)) };
        for (const [which, people] of [
          ["joined", joined],
          ["left", left],
        ] as const) {
          // So many that intake and outflow would be shown themselves.
          if (people >= 10 && ways[which].every((x) => x >= 5 && people - x >= 5)) continue;
          expect(ways[which].length - 1, `${where}, ${which}`).toBeGreaterThanOrEqual(Math.min(4, people));
        }
      }
    }
    expect(pairs).toBeGreaterThan(20);
  });
});

import { rmSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rebuild } from "../../pipelines/loading/rebuild.ts";
import { cover, insertMany, type SeriesRow } from "../support/figures.ts";
import { makeHistory, type History } from "../support/history.ts";
import { RandomHistory, type State } from "../support/random-history.ts";
import { long } from "../support/long.ts";

// Files in any order: replace loads, parts of a feed, corrections by key, full snapshots, mergers, splits and moves. Whatever came
// before, the figures are those of what is there in the end.

const indicators = ["complaints", "outflow", "intake-dual", "staffing-women"];
const days = { staffing: "period", movements: "date", complaints: "received_on" } as const;

/** Figures without what tells of loads. */
const figures = async (history: History) =>
  (await history.series("true")).map((row) => ({ ...row, restated: null, freshness: null }));

type Row = Omit<SeriesRow, "restated" | "freshness">;

const keyOf = (row: Row) =>
  [
    row.indicator_id,
    row.unit_id,
    row.grain,
    row.period_start,
    row.period_end,
    row.breakdown,
    row.breakdown_value,
  ].join();

/** What must be the same whatever readers saw on the way. Of protected figures others may be withheld: what was withheld stays so, and what was told is not. What is said of a figure beside others goes by those that are shown. */
const comparable = (rows: Row[], chosen: string[], both: boolean[]) =>
  rows.flatMap((row, i) => {
    if (!chosen.includes(row.indicator_id)) return [row];
    return both[i] ? [{ ...row, variation: null, assurance: null, trend: null }] : [];
  });

/** A home in which only the final state was put, by no load, published at a moment. */
async function fromScratch(state: State, moment: Date): Promise<History> {
  const history = await makeHistory(indicators, new RandomHistory().first().text);
  history.clock = moment;
  const db = await history.home.warehouse();
  await db.run("delete from units; delete from coverage");
  await insertMany(
    db,
    "units",
    state.units.map((each) => ({ ...each, name: each.unit_id })),
  );
  for (const [feed, day] of Object.entries(days)) {
    const rows = state[feed as keyof typeof days].map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([name]) => name !== "complaint_id")
          .map(([name, value]) => [name === "day" ? day : name, name === "aspects" ? [value] : value]),
      ),
    );
    if (rows.length > 0) await insertMany(db, feed, rows);
  }
  for (const { feed, unit, from, to, only } of state.coverage)
    await cover(db, feed, unit, from.slice(0, 7), to.slice(0, 7), only);
  await history.publish();
  return history;
}

/** Publishes all that came: a correction of a few people waits until the half-year after it was first seen. Returns the moment. */
async function publishAll(history: History): Promise<Date> {
  const moment = history.clock;
  await history.publish();
  const db = await history.home.warehouse();
  const waiting = await db.one<{ n: number }>("select count(*)::integer as n from released.waiting");
  if (waiting!.n === 0) return moment;
  const later = (history.clock = new Date("2018-01-03T08:00:00Z"));
  await history.publish();
  return later;
}

async function deleteWarehouse(history: History): Promise<void> {
  await history.home.closeWarehouse();
  for (const end of ["", ".wal"]) rmSync(path.join(history.home.folder, `warehouse.duckdb${end}`), { force: true });
}

describe("any history of loads", () => {
  it(
    "gives the figures of its end, and so does a warehouse rebuilt from its archive",
    async () => {
      await fc.assert(
        // Each file once: the same bytes again change nothing, which has tests of its own.
        fc.asyncProperty(fc.uniqueArray(fc.nat(), { minLength: 4, maxLength: 14 }), fc.nat(3), async (seeds, early) => {
          const random = new RandomHistory();
          const history = await makeHistory(indicators, random.first().text);
          let scratch: History | undefined;
          try {
            for (const [i, seed] of seeds.entries()) {
              const file = random.next(seed);
              if (!file) continue;
              await history.load(file.feed, file.text, file.mapping ?? undefined);
              // Someone saw figures on the way.
              if (i === early) await history.publish();
            }
            scratch = await fromScratch(random.state, await publishAll(history));
            const [found, wanted] = [await figures(history), await figures(scratch)];
            expect(found.map(keyOf)).toEqual(wanted.map(keyOf));
            const chosen = history.project.definitions.filter((each) => each.protected).map(({ id }) => id);
            const both = found.map((row, i) => !row.withheld && !wanted[i]!.withheld);
            expect(comparable(found, chosen, both)).toEqual(comparable(wanted, chosen, both));
            const before = [await history.series("true"), await history.restated("true")];
            await deleteWarehouse(history);
            await rebuild(await history.home.warehouse(), history.home.context, history.home.contracts);
            await history.publish();
            expect([await history.series("true"), await history.restated("true")]).toEqual(before);
          } finally {
            await scratch?.remove();
            await history.remove();
          }
        }),
        { numRuns: long ? 200 : 1, endOnFailure: true },
      );
    },
    long ? 7_200_000 : 120_000,
  );
});

import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../pipelines/context.ts";
import type { Database } from "../../pipelines/database.ts";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import { readDefinitions } from "../../pipelines/indicators/read.ts";
import { foldAll } from "../../pipelines/loading/fold.ts";
import { rebuild } from "../../pipelines/loading/rebuild.ts";
import { monthsBefore } from "../../pipelines/loading/today.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";
import { byMonth, eventFeeds, figures, makeHistory, movedTeam } from "./fold-support.ts";
import { makeLoading, type Loading } from "./support.ts";
import { long } from "../support/long.ts";

const at = (context: Context, moment: string): Context => ({ ...context, now: () => new Date(moment) });
const fold = ({ db, home }: Loading, moment = "2017-07-03T08:00:00Z") =>
  foldAll(db, at(home.context, moment), home.contracts);

/** All figures of events: what can be asked of each feed by month, and each indicator as it stands. */
async function figuresOf(db: Database, definitions: Definition[]): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const feed of eventFeeds) found[feed] = await db.all(figures[feed]);
  for (const { id, sql, feeds } of definitions)
    if (feeds.some((feed) => eventFeeds.some((each) => each === feed))) found[id] = await byMonth(db, sql);
  return found;
}

let definitions: Definition[];
let homes: Loading[] = [];
async function make(): Promise<Loading> {
  const loading = await makeLoading();
  homes.push(loading);
  return loading;
}
beforeAll(async () => {
  const { home } = await make();
  const read = await readDefinitions(path.join(projectFolder, "pipelines/indicators"), home.contracts);
  definitions = read.definitions;
});
afterEach(async () => {
  for (const { home } of homes) await home.remove();
  homes = [];
});

describe("monthsBefore(day, months)", () => {
  it("is the first day of the month that lies so many months back", () => {
    expect(monthsBefore("2017-07-31", 36)).toBe("2014-07-01");
    expect(monthsBefore("2017-01-01", 1)).toBe("2016-12-01");
  });
});

describe("foldAll(db, context, contracts) over random histories with late corrections", () => {
  it.each(long ? eventFeeds : eventFeeds.slice(0, 1))(
    "%s: every figure is that of a twin that never folds, also after a rebuild",
    async (feed) => {
      let folded = 0;
      const runs = long ? 40 : 1;
      await fc.assert(
        fc.asyncProperty(fc.integer(), async (seed) => {
          const random = randomOf(seed);
          const [one, twin] = [await make(), await make()];
          for (const each of [one, twin]) expect((await each.load("units", movedTeam)).refused).toBeNull();
          for (const { text, mapping } of makeHistory(random, feed, 5)) {
            const options = mapping ? { mapping } : {};
            const results = [await one.load(feed, text, options), await twin.load(feed, text, options)];
            expect(results[0]!.refused).toBeNull();
            expect(results[0]).toEqual(results[1]);
            expect(await figuresOf(one.db, definitions)).toEqual(await figuresOf(twin.db, definitions));
            if (random.chance(0.3)) continue;
            for (const done of await fold(one, `${random.whole(2014, 2017)}-0${random.whole(1, 9)}-15T08:00:00Z`))
              folded += done.events;
            expect(await figuresOf(one.db, definitions)).toEqual(await figuresOf(twin.db, definitions));
          }
          expect(await one.db.all("select * exclude (load_id) from reached order by all")).toEqual(
            await twin.db.all("select * exclude (load_id) from reached order by all"),
          );
          await rebuild(one.db, one.home.context, one.home.contracts);
          expect(await figuresOf(one.db, definitions)).toEqual(await figuresOf(twin.db, definitions));
          for (const { home } of [one, twin]) await home.remove();
          homes = [];
        }),
        { numRuns: runs },
      );
      expect(folded).toBeGreaterThan(runs * 5);
    },
    7_200_000,
  );
});

describe("foldAll(db, context, contracts)", () => {
  let loading: Loading;
  beforeEach(async () => {
    loading = await make();
  });
  const header = "complaint_id,received_on,unit_id,aspects,outcome,closed_on,count";
  const load = (rows: string[], options = {}) => loading.load("complaints", [header, ...rows, ""].join("\n"), options);
  const rows = () =>
    loading.db.all(
      `select complaint_id is not null as id, received_on, closed_on, outcome, count, folded from complaints order by all`,
    );

  it("adds up events with the same days between their dates, each in its months", async () => {
    await load([
      "A,2012-03-05,n1,force,founded,2012-03-15,",
      "B,2012-03-20,n1,force,founded,2012-03-30,",
      "C,2012-03-25,n1,force,founded,2012-04-04,",
      "D,2012-03-25,n1,force,founded,,",
      "E,2014-06-25,n1,force,founded,2014-07-01,",
    ]);
    expect(await fold(loading)).toEqual([{ feed: "complaints", events: 3, cells: 2 }]);
    const cell = { id: false, outcome: "founded", folded: "known" };
    expect(await rows()).toEqual([
      { ...cell, received_on: "2012-03-01", closed_on: "2012-03-11", count: 2 },
      { ...cell, received_on: "2012-03-22", closed_on: "2012-04-01", count: 1 },
      { ...cell, id: true, received_on: "2012-03-25", closed_on: null, count: 1, folded: null },
      { ...cell, id: true, received_on: "2014-06-25", closed_on: "2014-07-01", count: 1, folded: null },
    ]);
  });

  it("does nothing when it is done again, and a month later what is due then", async () => {
    await load(["A,2012-03-05,n1,force,founded,2012-03-15,", "E,2014-06-25,n1,force,founded,2014-07-01,"]);
    await fold(loading);
    const before = await rows();
    expect(await fold(loading)).toEqual([]);
    expect(await rows()).toEqual(before);
    expect(await fold(loading, "2017-08-01T08:00:00Z")).toEqual([{ feed: "complaints", events: 1, cells: 1 }]);
  });

  it("leaves cells alone when counted rows of the same months come", async () => {
    await load(["A,2012-03-05,n1,force,founded,2012-03-15,"]);
    await fold(loading);
    for (const count of [5, 7]) await load([`,2012-03-05,n1,force,founded,2012-03-15,${count}`]);
    expect((await rows()).map((row) => [row.count, row.folded])).toEqual([
      [1, "known"],
      [7, null],
    ]);
  });

  it("keeps what a repeated file repeats in its cells; a correction comes out of its cell, and goes into another", async () => {
    const old = ["A,2012-03-05,n1,force,founded,2012-03-15,", "B,2012-03-05,n1,force,founded,2012-03-15,"];
    await load(old);
    await fold(loading);
    await load([...old, "C,2016-03-05,n1,force,,,"]);
    expect((await rows()).map((row) => [row.count, row.folded])).toEqual([
      [2, "known"],
      [1, null],
    ]);
    expect(readdirSync(path.join(loading.home.folder, "archive/complaints/folded"))).toHaveLength(1);
    await load([old[0]!.replace("founded", "unfounded")]);
    expect((await rows()).map((row) => [row.outcome, row.count, row.folded])).toEqual([
      ["founded", 1, "known"],
      ["unfounded", 1, null],
      [null, 1, null],
    ]);
    await fold(loading);
    expect((await rows()).filter((row) => row.folded).map((row) => [row.outcome, row.count])).toEqual([
      ["founded", 1],
      ["unfounded", 1],
    ]);
  });

  it("of a full snapshot keeps what it repeats and lets go of what it lacks", async () => {
    const old = ["A,2012-03-05,n1,force,founded,2012-03-15,", "B,2012-03-09,n1,force,founded,2012-03-19,"];
    await load([...old, "C,2012-05-09,n1,force,founded,2012-05-19,"]);
    await fold(loading);
    await load([old[0]!], { mapping: "feed: complaints\nfull: true\n" });
    expect((await rows()).map((row) => [row.received_on, row.count, row.folded])).toEqual([
      ["2012-03-01", 1, "known"],
      ["2012-05-01", 1, "known"],
    ]);
  });

  it("takes a late report of a folded incident with the others of it", async () => {
    const reports = (lines: string[]) =>
      loading.load("use_of_force", ["report_id,incident_id,occurred_on,unit_id,means", ...lines, ""].join("\n"));
    const incidents = () => byMonth(loading.db, definitions.find(({ id }) => id === "use-of-force")!.sql);
    await reports(["R2,I,2012-03-05,n1,dog", "R10,I,2012-03-05,n2,taser"]);
    await fold(loading);
    expect(await incidents()).toMatchObject([{ unit_id: "n1", numerator: 1, means: ["dog", "taser"] }]);
    await reports(["R1,I,2012-03-05,s1,baton"]);
    expect(await incidents()).toMatchObject([{ unit_id: "s1", numerator: 1, means: ["baton", "dog", "taser"] }]);
    await fold(loading);
    expect(await incidents()).toMatchObject([{ unit_id: "s1", numerator: 1, means: ["baton", "dog", "taser"] }]);
    expect(await loading.db.all("select count(*) as n from use_of_force where report_id is not null")).toEqual([
      { n: 0 },
    ]);
  });

  it("clears away the file of a folding that was cut off", async () => {
    await load(["A,2012-03-05,n1,force,founded,2012-03-15,"]);
    await fold(loading);
    const folder = path.join(loading.home.folder, "archive/complaints/folded");
    const left = path.join(folder, "2.parquet");
    await loading.db.run(`copy (select 1 as x) to '${left}' (format parquet)`);
    await fold(loading);
    expect(existsSync(left)).toBe(false);
    rmSync(folder, { recursive: true });
  });
});

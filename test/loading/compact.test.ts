import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { storedColumns } from "../../pipelines/contracts/contract.ts";
import { identifier } from "../../pipelines/database.ts";
import { compact } from "../../pipelines/loading/compact.ts";
import { foldAll } from "../../pipelines/loading/fold.ts";
import { rebuild } from "../../pipelines/loading/rebuild.ts";
import { randomOf, type Random } from "../../pipelines/statistics/random.ts";
import { eventFeeds, figures, makeHistory, movedTeam } from "./fold-support.ts";
import { makeLoading, organisation, type Loading } from "./support.ts";
import { long } from "../support/long.ts";

let homes: Loading[] = [];
afterEach(async () => {
  for (const { home } of homes) await home.remove();
  homes = [];
});

/** A home whose archive keeps loads for a month, and backgrounds for two; its clock is set by `later`. */
async function make(env: Record<string, string> = {}): Promise<Loading> {
  const loading = await makeLoading({ KVV_KEEP_ARCHIVE_MONTHS: "1", KVV_KEEP_BACKGROUND_MONTHS: "2", ...env });
  homes.push(loading);
  return loading;
}

/** Puts the clock so many months after July 2017. */
function later({ home }: Loading, months: number): void {
  const moment = new Date(Date.UTC(2017, 6 + months, 3, 8));
  home.context.now = () => moment;
}

const compacted = ({ db, home }: Loading) => compact(db, home.context, home.contracts);
const rebuilt = ({ db, home }: Loading) => rebuild(db, home.context, home.contracts);

/** All that is known of loads and their rows; the names of archive files aside. */
async function everything({ db, home }: Loading): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const [name, contract] of home.contracts) {
    const columns = storedColumns(contract).map((column) => identifier(column.name));
    const folded = contract.fold ? ", folded" : "";
    found[name] = await db.all(`select ${columns.join(", ")}, load_id${folded} from ${identifier(name)} order by all`);
  }
  found.loads = await db.all("select * exclude (archive_file) from loads order by load_id");
  found.coverage = await db.all("select * from coverage order by all");
  found.reached = await db.all("select * from reached order by all");
  return found;
}

async function eventFigures({ db }: Loading): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const feed of eventFeeds) found[feed] = await db.all(figures[feed]);
  return found;
}

/** Few events or many, with corrections that move them to other days or without. */
const kindOf = (random: Random) => ({ moves: random.chance(0.5), events: random.pick([6, 14]) });

const archiveOf = ({ home }: Loading, feed: string) =>
  readdirSync(path.join(home.folder, "archive", feed)).filter((name) => name.endsWith(".parquet"));

describe("compact(db, context, contracts) over random histories", () => {
  it.each(long ? eventFeeds : eventFeeds.slice(0, 1))(
    "%s: the figures are those of a twin whose archive keeps all, before and after a rebuild",
    async (feed) => {
      let gone = 0;
      let folded = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer(), async (seed) => {
          const random = randomOf(seed);
          const [one, twin] = [await make(), await make()];
          for (const each of [one, twin]) expect((await each.load("units", movedTeam)).refused).toBeNull();
          for (const [month, { text, mapping }] of makeHistory(random, feed, 6, kindOf(random)).entries()) {
            for (const each of [one, twin]) later(each, month + 1);
            const options = mapping ? { mapping } : {};
            const results = [await one.load(feed, text, options), await twin.load(feed, text, options)];
            expect(results[0]!.refused).toBeNull();
            expect(results[0]).toEqual(results[1]);
            expect(await eventFigures(one)).toEqual(await eventFigures(twin));
            if (random.chance(0.4)) await foldAll(one.db, one.home.context, one.home.contracts);
            if (random.chance(0.6)) gone += (await compacted(one)).archived;
            if (random.chance(0.2)) await rebuilt(one);
            expect(await eventFigures(one)).toEqual(await eventFigures(twin));
          }
          await foldAll(one.db, one.home.context, one.home.contracts);
          const found = await one.db.one<{ n: number }>(`select count(*) as n from ${feed} where folded = 'known'`);
          folded += found!.n;
          const before = await everything(one);
          await rebuilt(one);
          expect(await everything(one)).toEqual(before);
          await rebuilt(twin);
          expect(await eventFigures(one)).toEqual(await eventFigures(twin));
          for (const { home } of [one, twin]) await home.remove();
          homes = [];
        }),
        { numRuns: long ? 40 : 1, endOnFailure: true },
      );
      expect(gone).toBeGreaterThan(1);
      expect(folded).toBeGreaterThan(1);
    },
    7_200_000,
  );

  it("people and organisation: every row is that of a twin whose archive keeps all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = randomOf(seed);
        const [one, twin] = [await make(), await make()];
        for (let month = 1; month <= 8; month++) {
          for (const each of [one, twin]) later(each, month);
          const [feed, text] = person(random);
          const results = [];
          for (const each of [one, twin]) results.push(await each.load(feed, text, { acceptChange: true }));
          expect(results[0]!.refused).toBeNull();
          if (random.chance(0.5)) await compacted(one);
          await expectNoOldBackground(one);
          expect(await everything(one)).toEqual(await everything(twin));
        }
        expect((await rebuilt(one)).loads).toBe((await rebuilt(twin)).loads);
        expect(await everything(one)).toEqual(await everything(twin));
        for (const { home } of [one, twin]) await home.remove();
        homes = [];
      }),
      { numRuns: long ? 60 : 1, endOnFailure: true },
    );
  }, 7_200_000);
});

/** A file of people, or another organisation. */
function person(random: Random): [string, string] {
  const unit = () => random.pick(["n1", "n2", "s1"]);
  const background = () => random.pick(["dual", "single", "unknown"]);
  const kind = random.whole(0, 4);
  if (kind === 0) return ["units", `${organisation}extra,Extra,team,${random.pick(["north", "south"])},2005-01-01,,\n`];
  const rows = Array.from({ length: 4 }, () =>
    kind < 3
      ? `2016-0${random.whole(1, 4)}-28,${unit()},executive,employee,woman,${background()},${random.whole(1, 9)}`.replace(
          /-0(\d)-28/,
          (_, n: string) => `-0${n}-${["31", "29", "31", "30"][Number(n) - 1]}`,
        )
      : `2016-0${random.whole(1, 4)}-11,${unit()},intake,man,${background()},${random.whole(1, 9)}`,
  );
  return kind < 3
    ? ["staffing", ["period,unit_id,category,role,gender,background,headcount", ...rows, ""].join("\n")]
    : ["movements", ["date,unit_id,kind,gender,background,count", ...rows, ""].join("\n")];
}

/** After a compaction no file of a load past its time has backgrounds, and the checkpoint only those that stand. */
async function expectNoOldBackground(loading: Loading): Promise<void> {
  await compacted(loading);
  const { db, home } = loading;
  const now = home.context.now();
  const limit = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 1)).toISOString();
  const checkpoints = path.join(home.folder, "archive/checkpoint");
  for (const feed of ["staffing", "movements"]) {
    const old = await db.all<{ load_id: number }>(
      `select load_id from loads where feed = $feed and finished_at < $limit::timestamp`,
      { feed, limit: limit.slice(0, -1) },
    );
    for (const { load_id } of old) {
      const file = path.join(home.folder, `archive/${feed}/${load_id}.parquet`);
      if (!existsSync(file)) continue;
      const columns = await db.all<{ column_name: string }>(`describe from read_parquet('${file}')`);
      expect(columns.map((column) => column.column_name)).not.toContain("background");
    }
    if (old.length === 0) continue;
    expect(readdirSync(checkpoints)).toHaveLength(1);
    const kept = path.join(checkpoints, readdirSync(checkpoints)[0]!, `${feed}.parquet`);
    expect(await db.all(`from read_parquet('${kept}') except all from ${feed}`)).toEqual([]);
  }
}

describe("compact(db, context, contracts)", () => {
  const header = "complaint_id,received_on,unit_id,aspects,outcome,closed_on";
  const old = "A,2012-03-05,n1,force,founded,2012-03-15";
  const complaints = (loading: Loading, ...rows: string[]) =>
    loading.load("complaints", [header, ...rows, ""].join("\n"));
  /** Three loads, a month apart, the first of which is past its time in the end. */
  async function three(env: Record<string, string> = {}): Promise<Loading> {
    const loading = await make(env);
    await complaints(loading, old, "B,2016-03-05,n1,force,founded,2016-03-15");
    for (const month of [1, 2]) {
      later(loading, month);
      await complaints(loading, `C${month},2016-04-05,n1,force,,`);
    }
    return loading;
  }

  it("takes the oldest loads together, once, and keeps their records", async () => {
    const loading = await three();
    const before = await eventFigures(loading);
    const loads = await loading.db.all("select * exclude (archive_file) from loads order by load_id");
    expect(await compacted(loading)).toEqual({ archived: 2, background: 0 });
    expect(archiveOf(loading, "complaints").sort()).toEqual(["3.parquet", "4.parquet"]);
    expect(archiveOf(loading, "units")).toEqual([]);
    expect(await loading.db.all("select load_id from loads where archive_file is null order by 1")).toEqual([
      { load_id: 1 },
      { load_id: 2 },
    ]);
    expect(await compacted(loading)).toEqual({ archived: 0, background: 0 });
    expect(readdirSync(path.join(loading.home.folder, "archive/checkpoint"))).toEqual(["1"]);
    await rebuilt(loading);
    expect(await eventFigures(loading)).toEqual(before);
    expect(await loading.db.all("select * exclude (archive_file) from loads order by load_id")).toEqual(loads);
  });

  it("makes the warehouse anew where there is nothing else than a checkpoint", async () => {
    const loading = await three();
    later(loading, 12);
    await compacted(loading);
    const before = await everything(loading);
    expect(archiveOf(loading, "complaints")).toEqual([]);
    await loading.home.closeWarehouse();
    for (const end of ["", ".wal"]) rmSync(path.join(loading.home.folder, `warehouse.duckdb${end}`), { force: true });
    const anew = { ...loading, db: await loading.home.warehouse() };
    expect((await rebuilt(anew)).loads).toBe(4);
    expect(await everything(anew)).toEqual(before);
  });

  it("keeps of an event only how it stands", async () => {
    const loading = await three();
    await complaints(loading, old.replace("founded", "unfounded"));
    later(loading, 12);
    await compacted(loading);
    const kept = path.join(loading.home.folder, "archive/checkpoint/1/complaints.parquet");
    expect(
      await loading.db.all(
        `select received_on, outcome, folded from read_parquet('${kept}') where received_on < '2016-04-01' order by all`,
      ),
    ).toEqual([
      { received_on: "2012-03-05", outcome: "unfounded", folded: null },
      { received_on: "2016-03-05", outcome: "founded", folded: null },
    ]);
  });

  it("takes corrections of an event whose loads are gone: to another outcome, day, and unit, also in a full snapshot of only that unit; each time it counts once", async () => {
    const loading = await three();
    const full = { mapping: "feed: complaints\nfull: true\n" };
    const count = () =>
      loading.db.all("select sum(count) as n, sum(count) filter (received_on < '2016-01-01') as old from complaints");
    for (const [times, [correction, options]] of (
      [
        [old.replace("founded", "settled"), {}],
        ["A,2013-03-05,n1,force,founded,2013-03-15", {}],
        ["A,2013-03-05,n2,force,founded,2013-03-15", {}],
        ["A,2013-03-05,s1,force,founded,2013-03-15", full],
      ] as const
    ).entries()) {
      later(loading, 12 * (times + 1));
      await compacted(loading);
      expect(archiveOf(loading, "complaints")).toEqual([]);
      expect((await loading.load("complaints", [header, correction, ""].join("\n"), options)).refused).toBeNull();
      expect(await count()).toEqual([{ n: 4, old: 1 }]);
    }
    await foldAll(loading.db, loading.home.context, loading.home.contracts);
    await rebuilt(loading);
    expect(await count()).toEqual([{ n: 4, old: 1 }]);
  });

  it("keeps all where the settings are 0", async () => {
    const loading = await three({ KVV_KEEP_ARCHIVE_MONTHS: "0", KVV_KEEP_BACKGROUND_MONTHS: "0" });
    later(loading, 900);
    expect(await compacted(loading)).toEqual({ archived: 0, background: 0 });
    expect(archiveOf(loading, "complaints")).toHaveLength(3);
  });

  it("drops backgrounds from files that stay, and keeps those that stand", async () => {
    const loading = await make({ KVV_KEEP_ARCHIVE_MONTHS: "0" });
    const staffing = (background: string, unit = "n1") =>
      loading.load(
        "staffing",
        `period,unit_id,category,role,gender,background,headcount\n2016-01-31,${unit},executive,employee,man,${background},8\n`,
      );
    await staffing("dual");
    await staffing("single", "n2");
    await staffing("unknown");
    const before = await everything(loading);
    later(loading, 3);
    expect(await compacted(loading)).toEqual({ archived: 0, background: 3 });
    expect(archiveOf(loading, "staffing")).toHaveLength(3);
    await expectNoOldBackground(loading);
    await rebuilt(loading);
    expect(await everything(loading)).toEqual(before);
    // One more objects: what stood until then goes too, though its file is gone already.
    await staffing("unknown", "n2");
    expect(await compacted(loading)).toEqual({ archived: 0, background: 0 });
    await expectNoOldBackground(loading);
  });

  it("removes nothing while a feed of the archive has no contract", async () => {
    const loading = await three();
    const { db, home } = loading;
    const others = new Map([...home.contracts].filter(([feed]) => feed !== "complaints"));
    await expect(compact(db, home.context, others)).rejects.toThrow("loads of complaints, which has no contract");
    await compacted(loading);
    later(loading, 12);
    await expect(compact(db, home.context, others)).rejects.toThrow("which has no contract");
    await rebuilt(loading);
    expect(await db.all("select sum(count) as n from complaints")).toEqual([{ n: 4 }]);
  });

  it("removes nothing where the archive lacks a load of the warehouse, or has other rows", async () => {
    const loading = await three();
    const file = path.join(loading.home.folder, "archive/complaints/3.parquet");
    cpSync(file, `${file}.aside`);
    rmSync(file);
    await expect(compacted(loading)).rejects.toThrow("load 3 of complaints");
    cpSync(`${file}.aside`, file);
    rmSync(`${file}.aside`);
    await loading.db.run("delete from complaints where complaint_id is not null and received_on > '2016-04-01'");
    await expect(compacted(loading)).rejects.toThrow("other rows of complaints");
    expect(archiveOf(loading, "complaints")).toHaveLength(3);
    expect(readdirSync(path.join(loading.home.folder, "archive/checkpoint"))).toEqual([]);
  });

  it("gives the same figures wherever it was cut off, and does the rest the next time", async () => {
    const loading = await three();
    const before = await eventFigures(loading);
    const archive = path.join(loading.home.folder, "archive");
    const [complaintsFolder, checkpoints] = [path.join(archive, "complaints"), path.join(archive, "checkpoint")];
    const aside = path.join(loading.home.folder, "aside");
    cpSync(path.join(complaintsFolder, "2.parquet"), path.join(aside, "2.parquet"));
    cpSync(path.join(archive, "units"), path.join(aside, "units"), { recursive: true });
    await compacted(loading);
    const files = () => {
      cpSync(path.join(aside, "2.parquet"), path.join(complaintsFolder, "2.parquet"));
      cpSync(path.join(aside, "units"), path.join(archive, "units"), { recursive: true });
    };
    const expectSame = async () => {
      await rebuilt(loading);
      expect(await eventFigures(loading)).toEqual(before);
    };
    // The checkpoint counts, and the files it stands for are still there.
    files();
    await expectSame();
    expect(await compacted(loading)).toEqual({ archived: 2, background: 0 });
    // The warehouse has gone over to it, the archive has not.
    files();
    rmSync(checkpoints, { recursive: true });
    await expectSame();
    mkdirSync(path.join(checkpoints, "1.new"), { recursive: true });
    writeFileSync(path.join(checkpoints, "1.new", "units.parquet"), "half");
    await expectSame();
    expect(await compacted(loading)).toEqual({ archived: 2, background: 0 });
    expect(readdirSync(checkpoints)).toEqual(["1"]);
    await expectSame();
  });
});

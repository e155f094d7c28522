import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAttempts } from "../../pipelines/attempts.ts";
import type { Context } from "../../pipelines/context.ts";
import { readFreshness } from "../../pipelines/freshness.ts";
import { removeDue } from "../../pipelines/housekeeping.ts";
import { recordRefusal } from "../../pipelines/loading/store.ts";
import { writeRun, type Run } from "../../pipelines/runs.ts";
import { complaints, makeLoading, type Loading } from "./support.ts";

let loading: Loading;
let context: Context;
beforeEach(async () => {
  loading = await makeLoading({ KVV_KEEP_ARCHIVE_MONTHS: "0", KVV_KEEP_BACKGROUND_MONTHS: "0" });
  context = loading.home.context;
});
afterEach(() => loading.home.remove());

const at = (moment: string): Context => ({ ...context, now: () => new Date(moment) });
const keeping = (settings: Partial<Context["settings"]>): void => {
  context = { ...context, settings: { ...context.settings, ...settings } };
};
const remove = (moment: string) => removeDue(loading.db, at(moment), loading.home.contracts);
const nothing = { quarantined: 0, refusals: 0, runs: 0, files: 0, archived: 0, background: 0 };

describe("removeDue(db, context, contracts): quarantine, refusals and runs", () => {
  const all = <T>(sql: string) => loading.db.all<T>(sql);
  const run = (started: string, about: Partial<Run> = {}) => {
    const moment = new Date(`${started}T06:00:00Z`);
    return writeRun(loading.db, {
      job: "complaints",
      kind: "look",
      started: moment,
      finished: moment,
      status: "done",
      ...about,
    });
  };
  /** All that is told of runs. */
  const told = async () => {
    const now = at("2018-08-01T08:00:00Z");
    const job = { feed: "complaints", source: "inbox", cron: "0 6 * * *" } as const;
    return {
      feeds: await readFreshness(loading.db, now, loading.home.contracts, [job]),
      attempts: await readAttempts(loading.db, now.now()),
    };
  };

  it("removes the quarantined rows of loads that ended before the months that are kept", async () => {
    await loading.load("complaints", complaints(["X,2016-01-01,nowhere,force,,"]));
    await loading.load("complaints", complaints(["Y,2016-01-01,nowhere,force,,"]));
    await loading.db.run("update loads set finished_at = timestamp '2018-06-30' where load_id = 3");
    expect(await remove("2018-07-31T08:00:00Z")).toEqual(nothing);
    expect(await remove("2018-08-01T08:00:00Z")).toEqual({ ...nothing, quarantined: 1 });
    expect(await all("select load_id from quarantine")).toEqual([{ load_id: 3 }]);
    // What the load was stays.
    expect(await all("select quarantined from loads where load_id = 2")).toEqual([{ quarantined: 1 }]);
  });

  it("removes old refusals, but for the newest of them of each feed", async () => {
    for (const [feed, day] of [
      ["complaints", "2016-01-01"],
      ["complaints", "2016-03-01"],
      ["staffing", "2016-02-01"],
      ["complaints", "2018-07-01"],
    ] as const)
      await recordRefusal(loading.db, at(`${day}T08:00:00Z`), feed, "f.csv", "empty");
    expect(await remove("2018-08-01T08:00:00Z")).toEqual({ ...nothing, refusals: 1 });
    expect(await all(`select feed, "at"::date as day from refusals order by "at"`)).toEqual([
      { feed: "staffing", day: "2016-02-01" },
      { feed: "complaints", day: "2016-03-01" },
      { feed: "complaints", day: "2018-07-01" },
    ]);
  });

  it("removes old runs, and all that is told of feeds stays the same", async () => {
    await run("2016-01-01", { kind: "load", file: "a.csv" });
    await run("2016-01-02");
    await run("2016-02-01", { kind: "load", status: "refused", error: "empty", file: "first.csv" });
    await run("2016-03-01", { kind: "load", status: "refused", error: "empty", file: "second.csv" });
    await run("2016-04-01", { kind: "load", status: "refused", error: "no header", file: "third.csv" });
    await run("2016-04-01", { status: "failed", error: "no folder" });
    await run("2016-04-02");
    await run("2016-04-03", { job: "publish", kind: "other" });
    await run("2016-04-04", { job: "publish", kind: "other" });
    const before = await told();
    expect(before.feeds.find(({ feed }) => feed === "complaints")).toMatchObject({
      trouble_since: expect.stringContaining("2016-02-01"),
      trouble_file: "third.csv",
    });
    expect(await remove("2018-08-01T08:00:00Z")).toEqual({ ...nothing, runs: 3 });
    expect(await told()).toEqual(before);
    expect(await all("select run_id from runs where job <> 'retention' order by run_id")).toEqual(
      [1, 3, 5, 6, 7, 9].map((run_id) => ({ run_id })),
    );
  });

  it("keeps all for ever where the setting is 0", async () => {
    keeping({ keepQuarantineMonths: 0 });
    await loading.load("complaints", complaints(["X,2016-01-01,nowhere,force,,"]));
    for (const day of ["2010-01-01", "2010-01-02"]) await run(day);
    expect(await remove("2030-08-01T08:00:00Z")).toEqual(nothing);
  });

  it("is a run with its counts, and said, where anything was removed; the second time it is neither", async () => {
    for (const day of ["2010-01-01", "2010-01-02", "2010-01-03"]) await run(day);
    await remove("2018-08-01T08:00:00Z");
    expect(loading.home.messages.at(-1)).toBe("past their retention and removed: 2 runs");
    await remove("2018-08-01T09:00:00Z");
    const runs = await all<{ counts: string }>("select status, counts from runs where job = 'retention'");
    expect(runs.map(({ counts, ...rest }) => ({ ...rest, ...(JSON.parse(counts) as object) }))).toEqual([
      { status: "done", ...nothing, runs: 2 },
    ]);
    expect(loading.home.messages.filter((message) => message.includes("retention"))).toHaveLength(1);
  });
});

describe("removeDue(db, context, contracts): files of the inbox", () => {
  const day = 24 * 60 * 60 * 1000;
  const folder = (name: string) => path.join(loading.home.folder, "inbox/complaints", name);
  const later = (days: number) => remove(new Date(Date.now() + days * day).toISOString());

  it("removes what was put away so many days ago, a refused file with its reason", async () => {
    keeping({ keepQuarantineMonths: 0 });
    for (const name of ["done", "refused"]) mkdirSync(folder(name), { recursive: true });
    writeFileSync(folder("done/a.csv"), "a");
    writeFileSync(folder("refused/b.csv"), "b");
    writeFileSync(folder("refused/b.csv.reason.txt"), "empty");
    writeFileSync(folder("refused/lone.csv.reason.txt"), "empty");
    writeFileSync(folder("waits.csv"), "c");
    expect(await later(29)).toEqual(nothing);
    expect(readdirSync(folder("refused"))).toHaveLength(3);
    expect(await later(31)).toEqual({ ...nothing, files: 3 });
    expect([...readdirSync(folder("done")), ...readdirSync(folder("refused"))]).toEqual([]);
    expect(existsSync(folder("waits.csv"))).toBe(true);
    keeping({ keepFilesDays: 0 });
    writeFileSync(folder("done/a.csv"), "a");
    expect(await later(4000)).toEqual(nothing);
  });
});

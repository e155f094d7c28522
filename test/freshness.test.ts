import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../pipelines/database.ts";
import { readFreshness } from "../pipelines/freshness.ts";
import { recordRun, writeRun, type Run } from "../pipelines/runs.ts";
import type { Job } from "../pipelines/schedule-file.ts";
import { complaints, makeLoading, type Loading } from "./loading/support.ts";

let loading: Loading;
let db: Database;
let now: Date;
beforeEach(async () => {
  loading = await makeLoading();
  db = loading.db;
  now = new Date("2017-07-03T08:00:00Z");
});
afterEach(() => loading.home.remove());

const job: Job = { feed: "complaints", source: "inbox", cron: "0 6 * * *" };
const state = async (jobs: Job[] = [job]) => {
  const context = { settings: loading.home.context.settings, now: () => now };
  return (await readFreshness(db, context, loading.home.contracts, jobs)).find(({ feed }) => feed === "complaints")!;
};
const run = (about: Partial<Run>) =>
  writeRun(db, { job: "complaints", kind: "load", started: now, finished: now, status: "done", ...about });

describe("readFreshness(db, context, contracts, jobs)", () => {
  it("a feed that was never loaded alarms nobody", async () => {
    const states = await readFreshness(db, loading.home.context, loading.home.contracts);
    const never = states.filter((each) => each.last_load_at === null);
    expect(never.map((each) => each.feed)).toContain("survey");
    expect(never.filter((each) => each.freshness !== "fresh" || each.trouble !== null)).toEqual([]);
  });

  it("honours the days after which a job is overdue, where it says so", async () => {
    await loading.load("complaints", complaints(["A,2017-05-11,n1,force,,"]));
    expect(await state()).toMatchObject({ due_on: "2017-07-20", overdue_on: "2017-08-04", freshness: "fresh" });
    expect(await state([{ ...job, overdue_after: 2 }])).toMatchObject({
      overdue_on: "2017-07-02",
      freshness: "overdue",
    });
  });

  it("says where the files come from and when the job runs next", async () => {
    expect(await state([])).toMatchObject({ source: null, next_run_at: null });
    expect(await state()).toMatchObject({ source: "inbox", next_run_at: "2017-07-04T04:00:00.000Z" });
    const source = { url: "https://data.example.org:8443/k.csv?key=secret", headers: {} };
    expect((await state([{ ...job, source }])).source).toBe("data.example.org:8443");
    await run({ kind: "fetch", status: "failed", error: "no answer" });
    expect((await state([{ ...job, source }])).next_run_at).toBe("2017-07-03T09:00:00.000Z");
  });

  it("tells the newest trouble, and since when there is any; a file that loads ends it", async () => {
    await run({ file: "a.csv" });
    await run({ status: "refused", error: "the header lacks aspects", file: "b.csv" });
    now = new Date("2017-07-03T09:00:00Z");
    await run({ status: "failed", error: "the disk is full", file: "c.csv" });
    await run({ kind: "look" });
    expect(await state()).toMatchObject({
      trouble: "failed",
      trouble_since: expect.stringContaining("2017-07-03 08:00:00"),
      trouble_reason: "the disk is full",
      trouble_file: "c.csv",
    });
    await run({ file: "d.csv" });
    expect(await state()).toMatchObject({
      trouble: null,
      trouble_since: null,
      trouble_reason: null,
      trouble_file: null,
    });
  });

  it("a look that found the folder in order ends what looks had met, not a refusal", async () => {
    await run({ kind: "watch", status: "failed", error: "inbox/complaints is not a folder" });
    expect((await state()).trouble).toBe("failed");
    await run({ kind: "look" });
    expect((await state()).trouble).toBeNull();
    await run({ status: "refused", error: "empty", file: "b.csv" });
    await run({ kind: "look" });
    expect((await state()).trouble).toBe("refused");
  });

  it("goes by the order of runs, not by a clock that was set back", async () => {
    now = new Date("2030-01-01T00:00:00Z");
    await run({ status: "refused", error: "empty", file: "b.csv" });
    await run({ kind: "look" });
    now = new Date("2017-07-03T08:00:00Z");
    expect((await state()).next_run_at).toBe("2017-07-04T04:00:00.000Z");
    await run({ file: "c.csv" });
    expect((await state()).trouble).toBeNull();
  });
});

describe("recordRun(db, job, context, work, about)", () => {
  const last = () => db.one("select job, kind, file, status, error, loads from runs order by run_id desc limit 1");

  it("keeps how it ended: done with its loads, refused and failed with the words", async () => {
    const about = { kind: "load" as const, file: "a.csv" };
    await recordRun(db, "complaints", { now: () => now }, async () => ({ loads: 1 }), about);
    const told = { job: "complaints", kind: "load", file: "a.csv" };
    expect(await last()).toEqual({ ...told, status: "done", error: null, loads: 1 });
    await recordRun(db, "complaints", { now: () => now }, async () => ({ refused: "empty" }), about);
    expect(await last()).toEqual({ ...told, status: "refused", error: "empty", loads: 0 });
    const failing = recordRun(
      db,
      "complaints",
      { now: () => now },
      () => Promise.reject(new Error("no\nSQL: x")),
      about,
    );
    await expect(failing).rejects.toThrow("no");
    expect(await last()).toEqual({ ...told, status: "failed", error: "no", loads: 0 });
  });
});

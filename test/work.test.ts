import { setTimeout as after } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../pipelines/handover.ts";
import { connectOwner, handOver, listenForCommands } from "../pipelines/handover.ts";
import { Owner } from "../pipelines/owner.ts";
import { WorkWatch, type WorkState } from "../pipelines/work.ts";
import { organisation } from "./loading/support.ts";
import { makeHome, type Home } from "./support/home.ts";

describe("WorkWatch", () => {
  const started = new Date("2017-07-03T08:00:00Z");
  const make = () => {
    let milliseconds = 0;
    const watch = new WorkWatch(
      () => started,
      () => milliseconds,
    );
    return { watch, pass: (seconds: number) => (milliseconds += seconds * 1000) };
  };

  it("tells what is done, how far it is, and how many seconds are left", () => {
    const { watch, pass } = make();
    watch.wait();
    watch.wait();
    watch.begin("load");
    watch.step({ feed: "complaints", file: "a.csv", step: "reading", share: 0 });
    pass(10);
    watch.step({ done: 25, total: 50, share: 0.25 });
    expect(watch.state()).toEqual({
      running: true,
      task: {
        what: "load",
        feed: "complaints",
        file: "a.csv",
        step: "reading",
        done: 25,
        total: 50,
        share: 0.25,
        seconds_left: 30,
        rows: null,
        started_at: "2017-07-03T08:00:00.000Z",
      },
      waiting: 1,
    });
    watch.end();
    expect(watch.state()).toEqual({ running: true, task: null, waiting: 1 });
  });

  it("does not count the time of one file for the next, and drops what the last step counted", () => {
    const { watch, pass } = make();
    watch.wait();
    watch.begin("run");
    watch.step({ file: "a.csv", step: "reading", done: 5, total: 5, share: 0.5, rows: 7 });
    pass(100);
    watch.step({ file: "b.csv", step: "reading", share: 0 });
    pass(1);
    watch.step({ step: "checking", share: 0.5 });
    expect(watch.state().task).toMatchObject({ file: "b.csv", done: null, total: null, rows: null, seconds_left: 1 });
  });
});

describe('the ask {command: "work"}', () => {
  let home: Home;
  let owner: Owner;
  let server: Awaited<ReturnType<typeof listenForCommands>>;
  beforeAll(async () => {
    home = makeHome();
    owner = await Owner.open(home.context);
    server = await listenForCommands(home.folder, (ask, tell) => owner.answer(ask, tell));
  });
  afterAll(async () => {
    server.close();
    await owner.close();
    await home.remove();
  });

  const ask = async (command: string, ...args: string[]): Promise<Answer> => {
    const socket = await connectOwner(home.folder);
    return handOver(socket!, { command, arguments: args, cwd: home.folder }, () => undefined);
  };
  const work = async () => (await ask("work")).result as WorkState;

  it("is answered at once, while a load is under way and another waits", async () => {
    expect(await work()).toEqual({ running: true, task: null, waiting: 0 });
    await ask("load", "units", home.write("units.csv", organisation));
    const rows = Array.from({ length: 60_000 }, (_, i) => `W-${i},2016-01-11,n1,treatment`);
    const many = home.write("many.csv", ["complaint_id,received_on,unit_id,aspects", ...rows].join("\n") + "\n");
    const load = ask("load", "complaints", many);
    const waiting = ask("status");
    const seen: WorkState[] = [];
    let loaded = false;
    void load.then(() => (loaded = true));
    while (!loaded) {
      seen.push(await work());
      await after(2);
    }
    await waiting;
    // From when the other has come to wait.
    const asked = seen.slice(seen.findIndex((state) => state.waiting > 0));
    const loading = asked.filter((state) => state.task?.file === "many.csv");
    expect(loading.length).toBeGreaterThan(3);
    expect(new Set(loading.map((state) => state.task!.what))).toEqual(new Set(["load"]));
    expect(new Set(loading.map((state) => state.waiting))).toEqual(new Set([1]));
    const shares = loading.map((state) => state.task!.share ?? 0);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(loading.map((state) => state.task!.step)).toEqual(expect.arrayContaining(["checking", "storing"]));
    expect(loading.at(-1)!.task).toMatchObject({ feed: "complaints", rows: 60_000 });
    expect(await work()).toEqual({ running: true, task: null, waiting: 0 });
  });

  it("publishes once after several files in a row: what waits is loaded first", async () => {
    const file = (id: string) =>
      home.write(`${id}.csv`, `complaint_id,received_on,unit_id,aspects\n${id},2016-02-01,n1,treatment\n`);
    const later = async () => {
      const socket = await connectOwner(home.folder);
      return handOver(socket!, { command: "publish", arguments: [], cwd: home.folder, later: true }, () => undefined);
    };
    const first = ask("load", "complaints", file("a"));
    expect(await later()).toMatchObject({ result: { publishing: true } });
    const others = ["b", "c"].map((id) => ask("load", "complaints", file(id)));
    await Promise.all([first, ...others]);
    while ((await work()).task || (await work()).waiting > 0) await after(20);
    const runs = await owner.db.all<{ job: string }>("select job from runs order by run_id");
    expect(runs.map(({ job }) => job).slice(-4)).toEqual(["complaints", "complaints", "complaints", "publish"]);
    expect(runs.filter(({ job }) => job === "publish")).toHaveLength(1);
  });
});

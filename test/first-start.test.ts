import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDemoState, writeDemoState } from "../pipelines/demo-home.ts";
import { bringDemoUpToDate } from "../pipelines/first-start.ts";
import { readProject } from "../pipelines/project.ts";
import { makeHome, type Home } from "./support/home.ts";

let home: Home;
beforeEach(() => {
  home = makeHome({ KVV_NOW: "2013-02-20T12:00:00Z" });
});
afterEach(() => home.remove());

describe("bringDemoUpToDate", () => {
  it("gives a demo home the feeds that the demo has learnt since, and then leaves it alone", async () => {
    const [db, project] = [await home.warehouse(), await readProject(home.context.settings)];
    const bring = () => bringDemoUpToDate({ context: home.context, project, db });
    const feeds = async () =>
      (await db.all<{ feed: string }>("select distinct feed from loads order by 1")).map((row) => row.feed);
    // A home of a version that did not write down what it made.
    writeDemoState(home.folder, { seed: 7, through: "2013-01" });
    await bring();
    const all = await feeds();
    expect(all).toEqual(expect.arrayContaining(["movements", "outputs", "staffing", "units"]));
    expect(readDemoState(home.folder)).toMatchObject({ seed: 7, through: "2013-01" });
    const loads = await db.one<{ n: number }>("select count(*) as n from loads");
    const runs = () => db.one<{ n: number }>("select count(*) as n from runs where job = 'demo'");
    await bring();
    expect(await runs()).toEqual({ n: 1 });
    // One that lacks a kind of file gets it; what it has already changes nothing.
    const { kinds } = readDemoState(home.folder)!;
    writeDemoState(home.folder, { seed: 7, through: "2013-01", kinds: kinds!.filter((kind) => kind !== "staffing") });
    await bring();
    expect(await runs()).toEqual({ n: 2 });
    expect(await db.one("select count(*) as n from loads")).toEqual(loads);
    expect(readDemoState(home.folder)?.kinds).toEqual(kinds);
  }, 120_000);
});

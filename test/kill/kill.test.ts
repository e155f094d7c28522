import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LoadResult } from "../../pipelines/loading/load.ts";
import { currentSnapshot } from "../../pipelines/publish.ts";
import { staff } from "../support/history.ts";
import { organisation } from "../loading/support.ts";
import { faultsForReaders, faultsOfHome, killAfter, moments, Place, shown } from "./support.ts";
import { long } from "../support/long.ts";

// kill -9 at random moments of the real command line. What was accepted is there, nothing half is to be seen, and the next start
// ends with the same figures as a home in which nothing happened.

/** How often each is killed: 200 times in the long run. */
const times = long ? { load: 70, publish: 50, rebuild: 40, inbox: 40 } : { load: 1, publish: 1, rebuild: 1, inbox: 1 };

const place = new Place(["complaints", "outflow", "staffing-women"]);
afterAll(() => place.remove());

const complaints = (rows: number, aspect: string) =>
  "complaint_id,received_on,unit_id,aspects,outcome\n" +
  Array.from(
    { length: rows },
    (_, i) => `K-${i},2016-0${1 + (i % 9)}-11,${["n1", "n2", "s1"][i % 3]},${aspect},pending\n`,
  ).join("");
const exits = "date,unit_id,kind,gender,count\n2016-02-01,n1,exit,man,6\n2016-08-01,s1,exit,woman,7\n";

const files = {
  units: place.file("units.csv", organisation),
  staffing: place.file("staffing.csv", staff(["n1", "n2", "s1"], "2016-01", "2016-12", 50)),
  first: place.file("first.csv", complaints(900, "service")),
  later: place.file("later.csv", complaints(30_000, "treatment")),
  exits: place.file("exits.csv", exits),
};

/** A home with a snapshot, and without complaints by number: its key is yet to be made. */
let begun: string;
/** The same with all that the rounds load, not published. */
let loaded: string;
beforeAll(async () => {
  begun = place.home();
  await place.perform(begun, ["load", "units", files.units], ["load", "staffing", files.staffing], ["publish"]);
  loaded = place.home(begun);
  await place.perform(loaded, ["load", "complaints", files.first], ["load", "movements", files.exits]);
}, 120_000);

async function duration(home: string, command: string[]): Promise<number> {
  const from = performance.now();
  const started = place.start(home, command);
  await started.ended;
  return performance.now() - from;
}

interface Round {
  from: () => string;
  command: string[];
  /** What is done again at the next start, by itself or by the one whose command was cut off. */
  again: string[][];
}

const rounds: Record<"load" | "publish" | "rebuild", Round> = {
  load: {
    from: () => begun,
    command: ["load", "complaints", files.later],
    again: [["load", "complaints", files.later], ["publish"]],
  },
  publish: { from: () => loaded, command: ["publish"], again: [["publish"]] },
  rebuild: { from: () => loaded, command: ["rebuild"], again: [["publish"]] },
};

describe.each(["load", "publish", "rebuild"] as const)(
  "kill -9 in the midst of kvv %s",
  (name) => {
    const { from, command, again } = rounds[name];

    it(`${times[name]} times: all is there or nothing, and the next start ends like a home without it`, async () => {
      const twin = place.home(from());
      const lasts = await duration(twin, command);
      await place.perform(twin, ...again);
      const wanted = await shown(twin);
      const had = (await faultsOfHome(place, place.home(from()))).loads;
      const whole = new Set(name === "load" ? [had.length, had.length + 1] : [had.length]);
      for (const [i, moment] of moments(times[name], lasts, 2016).entries()) {
        const home = place.home(from());
        const said = await killAfter(place.start(home, command), moment);
        const label = `killed after ${moment} of ${Math.round(lasts)} ms`;
        expect(await faultsForReaders(home), label).toEqual([]);
        const { faults, loads } = await faultsOfHome(place, home);
        expect(faults, label).toEqual([]);
        expect(whole, label).toContain(loads.length);
        // What was told to be accepted is there.
        if (name === "load" && said) expect(loads, label).toContain((JSON.parse(said) as LoadResult).load_id);
        if (name === "publish" && said)
          expect(currentSnapshot(home)).toBe((JSON.parse(said) as { snapshot: string }).snapshot);
        // Another feed may take the number of the load that came to nothing; the archive knows nothing of that one.
        if (name === "load" && i % 2 === 1) {
          await place.perform(home, ["load", "movements", files.exits], ["rebuild"]);
          expect((await faultsOfHome(place, home)).faults, label).toEqual([]);
          continue;
        }
        await place.perform(home, ...again);
        expect(await shown(home), label).toBe(wanted);
        expect(leftovers(home), label).toEqual([]);
      }
    });
  },
  long ? 7_200_000 : 120_000,
);

/** Files of work that did not end. */
function leftovers(home: string): string[] {
  return readdirSync(home, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tmp$|\.new$|\.building-/.test(name) || name.startsWith(`staging${path.sep}`),
  );
}

describe(
  "kill -9 of a running kvv schedule that finds files in its inbox",
  () => {
    it(`${times.inbox} times: what lies in done is loaded, and the next run does the rest`, async () => {
      const drop = (home: string) => {
        for (const [feed, file] of [
          ["complaints", files.first],
          ["movements", files.exits],
        ] as const) {
          mkdirSync(path.join(home, "inbox", feed), { recursive: true });
          copyFileSync(file, path.join(home, "inbox", feed, path.basename(file)));
        }
      };
      const done = (home: string) =>
        ["complaints", "movements"].filter((feed) => {
          const folder = path.join(home, "inbox", feed, "done");
          return existsSync(folder) && readdirSync(folder).length > 0;
        });
      const twin = place.home(begun);
      drop(twin);
      const before = currentSnapshot(twin);
      const from = performance.now();
      const started = place.start(twin, ["schedule"]);
      // It publishes at its start, since no schedule has run here, and again after the files.
      while (done(twin).length < 2 || currentSnapshot(twin) === before) await after(20);
      await after(500);
      const lasts = performance.now() - from;
      started.child.kill("SIGTERM");
      await started.ended;
      await place.perform(twin, ["run"]);
      const wanted = await shown(twin);
      for (const moment of moments(times.inbox, lasts, 2017)) {
        const home = place.home(begun);
        drop(home);
        await killAfter(place.start(home, ["schedule"]), moment);
        const label = `killed after ${moment} of ${Math.round(lasts)} ms`;
        expect(await faultsForReaders(home), label).toEqual([]);
        const { faults, loads } = await faultsOfHome(place, home);
        expect(faults, label).toEqual([]);
        expect(loads.length - 2, label).toBeGreaterThanOrEqual(done(home).length);
        await place.perform(home, ["run"]);
        expect(done(home), label).toEqual(["complaints", "movements"]);
        expect(await shown(home), label).toBe(wanted);
      }
    });
  },
  long ? 7_200_000 : 120_000,
);

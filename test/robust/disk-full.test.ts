import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectOwner, handOver } from "../../pipelines/handover.ts";
import { currentSnapshot } from "../../pipelines/publish.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { faultsForReaders, faultsOfHome, Place, shown } from "../kill/support.ts";
import { organisation } from "../loading/support.ts";
import { staff } from "../support/history.ts";
import { canMount, envOf, kvv, onSmallDisk, withLimit, type Ended } from "./support.ts";
import { long } from "../support/long.ts";

// A disk without room, with the real engine: no file may become longer than a limit, or the home lies on a small disk of its own.
// Whatever could not be written, what was accepted is there, nothing half is to be seen, and with room all goes on by itself.

const place = new Place(["complaints", "outflow", "staffing-women"]);
afterAll(() => place.remove());

const complaints =
  "complaint_id,received_on,unit_id,aspects,outcome\n" +
  Array.from(
    { length: 30_000 },
    (_, i) => `K-${i},2016-0${1 + (i % 9)}-11,${["n1", "n2", "s1"][i % 3]},treatment,pending\n`,
  ).join("");
const exits = "date,unit_id,kind,gender,count\n2016-02-01,n1,exit,man,6\n2016-08-01,s1,exit,woman,7\n";
const files = {
  units: place.file("units.csv", organisation),
  staffing: place.file("staffing.csv", staff(["n1", "n2", "s1"], "2016-01", "2016-12", 50)),
  plain: place.file("plain.csv", complaints),
  // Has to be unpacked to a copy before it is read.
  packed: place.file("packed.csv.gz", ""),
  exits: place.file("exits.csv", exits),
};
writeFileSync(files.packed, gzipSync(complaints));

/** A home with a snapshot; the same with complaints that are not published; and what is shown when they are. */
let begun: string;
let loaded: string;
let wanted: string;
beforeAll(async () => {
  begun = place.home();
  await place.perform(begun, ["load", "units", files.units], ["load", "staffing", files.staffing], ["publish"]);
  loaded = place.home(begun);
  await place.perform(loaded, ["load", "complaints", files.plain]);
  const twin = place.home(loaded);
  await place.perform(twin, ["publish"]);
  wanted = await shown(twin);
}, 120_000);

const blocksOf = (home: string, name: string) => Math.ceil(statSync(path.join(home, name)).size / 512);

/** Words for a person: what is wrong and what to do, in one line. */
function expectWords({ exit, stdout, stderr }: Ended, label: string): void {
  expect(exit, `${label}: ${stderr}`).toBe(1);
  expect(stderr, label).toMatch(/^kvv \w+: the disk is full, .*make room/m);
  expect(stdout + stderr, label).not.toMatch(/\n\s+at .*:\d+:\d+|Error|duckdb|SQL|EFBIG|ENOSPC/);
}

/** Files of work that did not end. */
const leftovers = (home: string): string[] =>
  readdirSync(home, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tmp$|\.new$|\.tmp\.wal$|\.building-/.test(name) || name.startsWith(`staging${path.sep}`),
  );

/** What has to hold after each command that found no room; then the same with room ends as ever. */
async function expectUnharmed(home: string, before: number, again: string[][], label: string): Promise<void> {
  expect(await faultsForReaders(home), label).toEqual([]);
  const { faults, loads } = await faultsOfHome(place, home);
  expect(faults, label).toEqual([]);
  expect(loads.length, label).toBeGreaterThanOrEqual(before);
  await place.perform(home, ...again);
  expect(await shown(home), label).toBe(wanted);
  expect(leftovers(home), label).toEqual([]);
}

const again = (file: string) => [["load", "complaints", file], ["publish"]];

describe("kvv load where no more can be written", { timeout: long ? 1_200_000 : 120_000 }, () => {
  it("says that the disk is full, wherever it is: at the copy that is unpacked, or at the warehouse", async () => {
    const [small, large] = [blocksOf(begun, "warehouse.duckdb"), blocksOf(loaded, "warehouse.duckdb")];
    const between = (share: number) => Math.round(small + share * (large - small));
    const limits = long ? [64, 256, 1024, 2048, ...[0.05, 0.1, 0.2, 0.3, 0.4].map(between)] : [1024];
    for (const blocks of limits) {
      const home = place.home(begun);
      const label = `no file of more than ${blocks} blocks`;
      expectWords(await withLimit(place, home, blocks, ["load", "complaints", files.packed]), label);
      await expectUnharmed(home, 2, again(files.packed), label);
    }
  });

  it("keeps and says so of a load for which there is room, where there is none for the lists of work", async () => {
    const home = place.home(begun);
    const { exit, stdout, stderr } = await withLimit(place, home, 64, ["load", "movements", files.exits, "--json"]);
    expect(exit, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 2, load_id: 3 });
    expect(stderr).toContain("could not be brought up to date: the disk is full");
    expect(await faultsForReaders(home)).toEqual([]);
    expect((await faultsOfHome(place, home)).loads).toEqual([1, 2, 3]);
  });

  it.skipIf(!canMount)("loses nothing on a disk that is full at any moment", async () => {
    const room = long ? [0, 40, 120, 300, 600, 900, 1300, 1700, 2200, 2800, 3400, 4000] : [1700];
    const exits = new Set<number | null>();
    for (const file of long ? [files.plain, files.packed] : [files.plain])
      for (const free of room) {
        const home = place.home(begun);
        const label = `${free} kB for ${path.basename(file)}`;
        const ended = await onSmallDisk(place, home, free, ["load", "complaints", file]);
        exits.add(ended.exit);
        if (ended.exit !== 0) expectWords(ended, label);
        await expectUnharmed(home, ended.exit === 0 ? 3 : 2, again(file), label);
      }
    expect(exits).toContain(1);
  });
});

describe("kvv publish where no more can be written", { timeout: long ? 1_200_000 : 120_000 }, () => {
  it("says that the disk is full, and readers keep what they had", async () => {
    const snapshot = blocksOf(begun, path.join("published", currentSnapshot(begun)!, "series.duckdb"));
    for (const share of long ? [0.02, 0.1, 0.3, 0.6, 0.9] : [0.5]) {
      const home = place.home(loaded);
      const blocks = Math.round(share * snapshot);
      const label = `no file of more than ${blocks} blocks`;
      expectWords(await withLimit(place, home, blocks, ["publish"]), label);
      expect(currentSnapshot(home), label).toBe(currentSnapshot(begun));
      await expectUnharmed(home, 3, [["publish"]], label);
    }
  });

  it.skipIf(!canMount || !long)("loses nothing on a disk that is full at any moment", async () => {
    for (const free of [0, 40, 300, 800, 1200, 1300, 1400, 1800, 2400]) {
      const home = place.home(loaded);
      const ended = await onSmallDisk(place, home, free, ["publish"]);
      if (ended.exit !== 0) expectWords(ended, `${free} kB`);
      await expectUnharmed(home, 3, [["publish"]], `${free} kB`);
    }
  });
});

const canRaise = process.platform === "linux" && spawnSync("prlimit", ["--version"]).status === 0;

describe("kvv schedule on a disk that becomes full", { timeout: 120_000 }, () => {
  it.skipIf(!canRaise)(
    "leaves the file in the inbox, says why, and loads it by itself when there is room",
    async () => {
      const home = place.home(begun);
      const child = spawn(kvv("schedule")[0]!, kvv("schedule").slice(1), {
        cwd: projectFolder,
        env: { ...process.env, ...envOf(place, home) },
        stdio: ["ignore", "ignore", "pipe"],
      });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      const until = async (what: string, look: () => boolean) => {
        for (const end = Date.now() + 60_000; !look(); await after(50))
          if (Date.now() > end) throw new Error(`waited in vain for ${what}; it said:\n${said}`);
      };
      const limit = (bytes: number | "unlimited") =>
        expect(spawnSync("prlimit", ["--pid", String(child.pid), `--fsize=${bytes}:unlimited`]).status).toBe(0);
      try {
        await until("the start", () => said.includes("the schedule runs"));
        limit(statSync(path.join(home, "warehouse.duckdb")).size + 100_000);
        const inbox = path.join(home, "inbox", "complaints");
        writeFileSync(path.join(inbox, ".packed.csv.gz.part"), gzipSync(complaints));
        renameSync(path.join(inbox, ".packed.csv.gz.part"), path.join(inbox, "packed.csv.gz"));
        await until("the trouble", () => said.includes("complaints: packed.csv.gz: the disk is full"));
        expect(readdirSync(inbox)).toContain("packed.csv.gz");
        expect(existsSync(path.join(inbox, "refused"))).toBe(false);
        const state = async () => {
          const socket = await connectOwner(home);
          const { result } = await handOver(socket!, { command: "status", arguments: [], cwd: home }, () => undefined);
          return (
            result as { feeds: { feed: string; trouble: string | null; trouble_reason: string | null }[] }
          ).feeds.find(({ feed }) => feed === "complaints")!;
        };
        expect(await state()).toMatchObject({
          trouble: "failed",
          trouble_reason: expect.stringContaining("disk is full"),
        });
        limit("unlimited");
        await until("the load", () => existsSync(path.join(inbox, "done", "packed.csv.gz")));
        await until("the snapshot", () => currentSnapshot(home) !== currentSnapshot(begun));
        expect((await state()).trouble).toBeNull();
        expect(said).not.toMatch(/\n\s+at .*:\d+:\d+/);
      } finally {
        child.kill("SIGTERM");
        await new Promise((resolve) => child.once("close", resolve));
      }
      expect(await faultsForReaders(home)).toEqual([]);
      expect((await faultsOfHome(place, home)).faults).toEqual([]);
      expect(await shown(home)).toBe(wanted);
    },
  );
});

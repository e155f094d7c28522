import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createContext } from "../../pipelines/context.ts";
import { isBroken, type Database } from "../../pipelines/database.ts";
import { Owner } from "../../pipelines/owner.ts";
import { readSettings } from "../../pipelines/settings.ts";
import { faultsOfHome, Place } from "../kill/support.ts";
import { organisation } from "../loading/support.ts";

// Where the disk fills between a commit and the checkpoint after it, the real engine falls over though the commit holds.

const place = new Place(["complaints"]);
afterAll(() => place.remove());

const units = place.file("units.csv", organisation);
const complaints = (count: number) =>
  "complaint_id,received_on,unit_id,aspects\n" +
  Array.from({ length: count }, (_, i) => `K-${i},2016-01-11,n1,treatment\n`).join("");
const file = place.file("complaints.csv", complaints(5_000));
const later = place.file("later.csv", complaints(5_001));

const canLimit = process.platform === "linux" && spawnSync("prlimit", ["--version"]).status === 0;

/** Lets no file of this very process become longer. */
const limit = (bytes: number | "unlimited") =>
  expect(spawnSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:unlimited`]).status).toBe(0);
afterEach(() => canLimit && limit("unlimited"));

/** Commits, and then takes the engine through the checkpoint that it makes by itself after many commits, on a full disk. */
function fillAfterCommit(db: Database, home: string): void {
  const run = db.run.bind(db);
  db.run = async (sql, parameters) => {
    await run(sql, parameters);
    if (sql !== "commit") return;
    db.run = run;
    limit(statSync(path.join(home, "warehouse.duckdb")).size);
    await run("checkpoint").finally(() => limit("unlimited"));
  };
}

describe.skipIf(!canLimit)("an engine that falls over just after a commit", { timeout: 60_000 }, () => {
  it("has kept the load with its archive, and the next piece of work opens the warehouse anew by itself", async () => {
    const home = place.home();
    const owner = await Owner.open(createContext(readSettings(place.env(home)), () => undefined));
    const load = (name: string) =>
      owner.answer({ command: "load", arguments: ["complaints", name], cwd: home }, () => undefined);
    try {
      await owner.answer({ command: "load", arguments: ["units", units], cwd: home }, () => undefined);
      const broken = owner.db;
      fillAfterCommit(broken, home);
      const { failed, exit, fault } = await load(file);
      expect({ exit, fault }).toEqual({ exit: 1, fault: undefined });
      expect(failed).toMatch(/^the disk is full, .*make room and do it again/);
      // The same bytes again: they are there, and so is their file of the archive.
      expect((await load(file)).result).toMatchObject({ unchanged: true, accepted: 5_000 });
      expect(owner.db).not.toBe(broken);
      expect(existsSync(path.join(home, "archive", "complaints", "2.parquet"))).toBe(true);
      expect((await load(later)).result).toMatchObject({ load_id: 3 });
      const { result } = await owner.answer({ command: "rebuild", arguments: [], cwd: home }, () => undefined);
      expect(result).toMatchObject({ loads: 3 });
    } finally {
      await owner.close();
    }
    expect(await faultsOfHome(place, home)).toEqual({ faults: [], loads: [1, 2, 3] });
  });

  it("is told apart from a statement that fails", async () => {
    const home = place.home();
    const owner = await Owner.open(createContext(readSettings(place.env(home)), () => undefined));
    try {
      const { db } = owner;
      const error = await owner.work("a fault", (_, own) => own.run("select nothing")).catch((each: unknown) => each);
      expect(isBroken(error)).toBe(false);
      expect(owner.db).toBe(db);
    } finally {
      await owner.close();
    }
  });
});

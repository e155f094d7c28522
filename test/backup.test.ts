import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BackupManifest } from "../pipelines/backup.ts";
import { programArguments } from "../pipelines/program.ts";
import { projectFolder } from "../pipelines/settings.ts";
import { AuditLog, verifyAudit } from "../server/audit.ts";
import { textHistory } from "../server/review/texts.ts";
import { Workspace } from "../server/workspace/workspace.ts";
import { faultsForReaders, faultsOfHome, Place, shown } from "./kill/support.ts";

let place: Place;
let first: string;
let home: string;
beforeAll(async () => {
  place = new Place(["complaints", "complaints-rate"]);
  first = place.home();
  const units = place.file(
    "units.csv",
    "unit_id,name,level,parent_id,valid_from\nkorps,Korps,force,,2010-01-01\nnoord,Noord,unit,korps,2010-01-01\n",
  );
  const complaints = place.file(
    "klachten.csv",
    "Klachtnummer;Datum ontvangst;Eenheid;Klachtaspecten\n1;05-01-2016;Noord;geweld\n2;06-12-2016;noord;overig\n",
  );
  const kept = path.join(place.root, "kept");
  await place.perform(
    first,
    ["load", "units", units],
    ["load", "complaints", complaints],
    ["publish"],
    ["backup", kept],
  );
});
beforeEach(() => void (home = place.home(first)));
afterAll(() => place.remove());

const settings = () => ({
  folder: path.join(home, "audit"),
  keepMonths: 0,
  now: () => new Date("2017-07-03T08:00:00Z"),
});

/** Ends with what the command printed. */
async function kvv(of: string, ...command: string[]): Promise<Record<string, unknown>> {
  const started = place.start(of, command);
  await started.ended;
  return JSON.parse(started.said() || "{}") as Record<string, unknown>;
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .sort();

describe("kvv backup <folder>, kvv restore <folder>", () => {
  it("bring back a home that was in use: figures, loads, texts, the log of who did what", async () => {
    writeFileSync(path.join(home, "session-key"), "a key");
    const audit = new AuditLog(settings());
    for (let i = 0; i < 20; i++)
      await audit.append({ user: "u", roles: ["control"], did: "looked", what: "/", selection: "", status: 200 });
    // A line that is just being written.
    const [log] = readdirSync(path.join(home, "audit"));
    writeFileSync(path.join(home, "audit", log!), '{"half', { flag: "a" });
    const schedule = place.start(home, ["schedule"]);
    const file = path.join(home, "workspace.duckdb");
    const writer = spawn(process.execPath, programArguments("test/kill/writer.ts", file, "1"), {
      cwd: projectFolder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = "";
    const version = () => Number(/(\d+)\n[^\n]*$/.exec(told)?.[1] ?? 0);
    writer.stdout.on("data", (piece: Buffer) => (told += piece.toString()));
    try {
      while (version() < 5 || !existsSync(path.join(home, "kvv.sock")))
        await new Promise((next) => setTimeout(next, 50));
      const before = version();
      const backup = path.join(place.root, "of one in use");
      const made = await kvv(home, "backup", backup);
      expect(made).toMatchObject({ folder: backup });
      expect(made.files).toBe(filesOf(backup).length - 1);
      // Writing went on after it was copied.
      const during = version();
      while (version() < during + 3) await new Promise((next) => setTimeout(next, 50));
      writer.kill("SIGKILL");
      schedule.child.kill("SIGTERM");
      await schedule.ended;

      const fresh = path.join(place.root, "another", "home");
      expect(await kvv(fresh, "restore", backup)).toMatchObject({ home: fresh, made_at: "2017-07-03T08:00:00.000Z" });
      expect(await shown(fresh)).toBe(await shown(home));
      expect(await faultsForReaders(fresh)).toEqual([]);
      expect(await faultsOfHome(place, fresh)).toMatchObject({ faults: [], loads: [1, 2] });
      expect(readFileSync(path.join(fresh, "id.key"))).toEqual(readFileSync(path.join(home, "id.key")));
      expect(existsSync(path.join(fresh, "session-key"))).toBe(false);
      expect(existsSync(path.join(fresh, "restoring"))).toBe(false);
      expect(statSync(fresh).mode & 0o077).toBe(0);
      const workspace = new Workspace(path.join(fresh, "workspace.duckdb"));
      const texts = await workspace.read((db) => textHistory(db, { unit_id: "den-haag", half: "2016-H2" }, null));
      await workspace.close();
      expect(texts.length).toBeGreaterThanOrEqual(before);
      expect(texts.map((each) => each.text)).toEqual(texts.map((_, index) => `${texts.length - index} `.repeat(2000)));
      const found = await verifyAudit({ ...settings(), folder: path.join(fresh, "audit") });
      // With the line that begins a log.
      expect(found).toMatchObject({ ok: true, lines: 21 });

      // It goes on as the old one would have.
      const more = place.file(
        "meer.csv",
        "Klachtnummer;Datum ontvangst;Eenheid;Klachtaspecten\n1;05-01-2016;Noord;geweld\n2;06-12-2016;noord;overig\n3;07-02-2017;Noord;geweld\n",
      );
      for (const each of [home, fresh]) await place.perform(each, ["load", "complaints", more], ["publish"]);
      expect(await shown(fresh)).toBe(await shown(home));
    } finally {
      writer.kill("SIGKILL");
      schedule.child.kill("SIGKILL");
    }
  }, 120_000);
});

describe("kvv backup <folder>", () => {
  it("refuses a folder that is there, and one in the home", async () => {
    const there = path.join(place.root, "there");
    mkdirSync(there);
    writeFileSync(path.join(there, "mine"), "x");
    expect(await kvv(home, "backup", there)).toMatchObject({ failed: expect.stringContaining("is there already") });
    expect(readdirSync(there)).toEqual(["mine"]);
    expect(await kvv(home, "backup", path.join(home, "b"))).toMatchObject({
      failed: expect.stringContaining("in the home itself"),
    });
    expect(existsSync(path.join(home, "b"))).toBe(false);
  });

  it("leaves nothing where it cannot be ended", async () => {
    const file = path.join(place.root, "a file");
    writeFileSync(file, "");
    const failed = await kvv(home, "backup", path.join(file, "backup"));
    expect(failed).toMatchObject({ failed: expect.stringContaining("the home was not copied") });
    expect(await faultsOfHome(place, home)).toMatchObject({ faults: [] });
  });
});

describe("kvv restore <folder>", () => {
  let backup: string;
  beforeEach(() => {
    backup = path.join(place.root, "backup");
    rmSync(backup, { recursive: true, force: true });
    cpSync(path.join(place.root, "kept"), backup, { recursive: true });
  });
  const manifest = () => JSON.parse(readFileSync(path.join(backup, "backup.json"), "utf8")) as BackupManifest;

  it("refuses a home that is not empty, and one in which a monitor runs", async () => {
    const before = filesOf(home);
    expect(await kvv(home, "restore", backup)).toMatchObject({ failed: expect.stringContaining("is not empty") });
    const schedule = place.start(home, ["schedule"]);
    try {
      while (!existsSync(path.join(home, "kvv.sock"))) await new Promise((next) => setTimeout(next, 50));
      expect(await kvv(home, "restore", backup)).toMatchObject({ failed: expect.stringContaining("a monitor runs") });
    } finally {
      schedule.child.kill("SIGTERM");
      await schedule.ended;
    }
    expect(filesOf(home)).toEqual(expect.arrayContaining(before));
  });

  it.each([
    ["is no backup", () => rmSync(path.join(backup, "backup.json")), "is no whole backup"],
    ["says nothing that can be read", () => writeFileSync(path.join(backup, "backup.json"), "{"), "cannot be read"],
    ["lacks a file", () => rmSync(path.join(backup, "warehouse.duckdb")), "has no warehouse.duckdb"],
    [
      "has a file that was changed",
      () => writeFileSync(path.join(backup, "published", "current"), "another"),
      "is not as it was",
    ],
    [
      "leads out of itself",
      () => {
        const { files, ...rest } = manifest();
        const more = { path: "../klachten.csv", size: 1, sha256: "" };
        writeFileSync(path.join(backup, "backup.json"), JSON.stringify({ ...rest, files: [...files, more] }));
      },
      "the backup has no ../klachten.csv",
    ],
  ])("refuses one that %s, and leaves the home empty", async (_what, damage, words) => {
    damage();
    const fresh = place.home();
    expect(await kvv(fresh, "restore", backup)).toMatchObject({ failed: expect.stringContaining(words) });
    expect(readdirSync(fresh)).toEqual([]);
  });

  it("that was cut off keeps the home closed until it is run again", async () => {
    const fresh = place.home();
    mkdirSync(path.join(fresh, "restoring"));
    writeFileSync(path.join(fresh, "restoring", "warehouse.duckdb"), "half");
    writeFileSync(path.join(fresh, "id.key"), "half");
    await expect(place.perform(fresh, ["publish"])).rejects.toThrow("run kvv restore again");
    expect(await kvv(fresh, "restore", backup)).toMatchObject({ files: manifest().files.length });
    expect(await faultsOfHome(place, fresh)).toMatchObject({ faults: [], loads: [1, 2] });
    expect(await shown(fresh)).toBe(await shown(home));
  });
});

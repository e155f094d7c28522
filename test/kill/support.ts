import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { createContext } from "../../pipelines/context.ts";
import { identifier, literal, Database } from "../../pipelines/database.ts";
import { Owner } from "../../pipelines/owner.ts";
import { currentSnapshot, type Manifest } from "../../pipelines/publish.ts";
import { programArguments } from "../../pipelines/program.ts";
import { projectFolder, readSettings } from "../../pipelines/settings.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";

/** A folder with a configuration of a few indicators, files to load, and homes. */
export class Place {
  readonly root = mkdtempSync(path.join(os.tmpdir(), "kvv-kill-"));
  readonly config = path.join(this.root, "config");
  private homes = 0;

  constructor(indicators: string[]) {
    const pipelines = (...parts: string[]) => path.join(projectFolder, "pipelines", ...parts);
    cpSync(pipelines("contracts"), path.join(this.config, "pipelines", "contracts"), { recursive: true });
    mkdirSync(path.join(this.config, "pipelines", "indicators"));
    for (const id of indicators)
      cpSync(pipelines("indicators", `${id}.sql`), path.join(this.config, "pipelines", "indicators", `${id}.sql`));
  }

  file(name: string, text: string): string {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** An empty home, or one that is a copy of another. */
  home(like?: string): string {
    const home = path.join(this.root, `home-${++this.homes}`);
    if (like) cpSync(like, home, { recursive: true });
    else mkdirSync(home);
    return home;
  }

  /** Puts another home in the place of this one. */
  replace(home: string, by: string): void {
    rmSync(home, { recursive: true, force: true });
    renameSync(by, home);
  }

  env(home: string): Record<string, string> {
    return { KVV_HOME: home, KVV_CONFIG: this.config, KVV_NOW: "2017-07-03T08:00:00Z", KVV_INBOX_SECONDS: "0.1" };
  }

  /** Does commands as the owner of the home, in this process; each must end well. Returns their results. */
  async perform(home: string, ...commands: string[][]): Promise<object[]> {
    const owner = await Owner.open(createContext(readSettings(this.env(home)), () => undefined));
    try {
      const results: object[] = [];
      for (const [command, ...args] of commands) {
        const { result, failed, exit } = await owner.answer(
          { command: command!, arguments: args, cwd: home },
          () => undefined,
        );
        if (!result || exit !== 0) throw new Error(failed ?? JSON.stringify(result));
        results.push(result);
      }
      return results;
    } finally {
      await owner.close();
    }
  }

  /** A real process of the command line on the home. */
  start(home: string, command: string[]): Started {
    const child = spawn(process.execPath, programArguments("pipelines/cli.ts", ...command, "--json"), {
      cwd: projectFolder,
      env: { ...process.env, ...this.env(home) },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    return { child, said: () => said, ended: once(child, "close") };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface Started {
  child: ChildProcess;
  /** What it has printed so far. */
  said(): string;
  ended: Promise<unknown>;
}

/** Lets the process run so long, then kills it; returns what it had printed. */
export async function killAfter(started: Started, milliseconds: number): Promise<string> {
  await Promise.race([after(milliseconds), started.ended]);
  started.child.kill("SIGKILL");
  await started.ended;
  return started.said();
}

/** Moments spread over a duration, in each part of it one, from when the program has started to when it has ended. */
export function moments(count: number, milliseconds: number, seed: number): number[] {
  const random = randomOf(seed);
  const [from, to] = [0.35 * milliseconds, 1.02 * milliseconds];
  return Array.from({ length: count }, (_, i) => Math.round(from + ((i + random.next()) / count) * (to - from)));
}

const columns = "* exclude (restated_at)";

/** All that readers would see, as text: the figures, their marks, and the list of changes without its moments. */
export async function shown(home: string): Promise<string> {
  const file = path.join(home, "published", currentSnapshot(home)!, "series.duckdb");
  const db = await Database.open(file, { access_mode: "READ_ONLY" });
  try {
    const series = await db.all("from series order by all");
    const restatements = await db.all(`select ${columns} from restatements order by all`);
    return JSON.stringify({ series, restatements });
  } finally {
    db.close();
  }
}

/** What is wrong with what readers may open just now: nothing, it is to be. */
export async function faultsForReaders(home: string): Promise<string[]> {
  const faults: string[] = [];
  const snapshot = currentSnapshot(home);
  if (snapshot) {
    const folder = path.join(home, "published", snapshot);
    const manifest = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8")) as Manifest;
    const hash = createHash("sha256")
      .update(readFileSync(path.join(folder, "series.duckdb")))
      .digest("hex");
    if (hash !== manifest.hash) faults.push(`${snapshot} is not what its manifest says`);
    if (manifest.snapshot !== snapshot) faults.push(`${snapshot} calls itself ${manifest.snapshot}`);
  }
  const operations = path.join(home, "operations.duckdb");
  if (existsSync(operations)) {
    const db = await Database.open(operations, { access_mode: "READ_ONLY" });
    await db.all("select count(*) from operations.loads").catch((error: Error) => faults.push(error.message));
    db.close();
  }
  return faults;
}

/** What is wrong between loads, coverage, rows and archive of a home that nobody has open; opens it as the next start would. */
export async function faultsOfHome(place: Place, home: string): Promise<{ faults: string[]; loads: number[] }> {
  const faults: string[] = [];
  const owner = await Owner.open(createContext(readSettings(place.env(home)), () => undefined));
  try {
    const { db } = owner;
    const loads = await db.all<{ load_id: number; feed: string; accepted: number; archive_file: string }>(
      "select load_id, feed, accepted, archive_file from loads order by load_id",
    );
    for (const { load_id, feed, accepted, archive_file } of loads) {
      const file = path.join(home, archive_file);
      if (!existsSync(file)) {
        faults.push(`load ${load_id} is not in the archive`);
        continue;
      }
      const archived = await db.one<{ n: number }>(`select count(*) as n from read_parquet(${literal(file)})`);
      if (archived!.n !== accepted)
        faults.push(`load ${load_id} has ${archived!.n} of ${accepted} rows in the archive`);
      const kept = await db.one<{ n: number }>(
        `select count(*) as n from ${identifier(feed)} where load_id = $load_id`,
        { load_id },
      );
      const isLast = loads.filter((each) => each.feed === feed).at(-1)!.load_id === load_id;
      if (isLast && kept!.n !== accepted) faults.push(`load ${load_id} has ${kept!.n} of ${accepted} rows`);
    }
    const known = new Set(loads.map((each) => each.archive_file));
    for (const feed of new Set(loads.map((each) => each.feed))) {
      const stray = await db.all(
        `select distinct load_id from ${identifier(feed)} where load_id not in (select load_id from loads where feed = $feed)`,
        { feed },
      );
      if (stray.length > 0) faults.push(`${feed} has rows of loads that are not there: ${JSON.stringify(stray)}`);
      for (const name of readdirSync(path.join(home, "archive", feed)))
        if (!known.has(path.join("archive", feed, name))) faults.push(`archive/${feed}/${name} is of no load`);
    }
    const loose = await db.all("from coverage where load_id not in (select load_id from loads)");
    if (loose.length > 0) faults.push("coverage of loads that are not there");
    return { faults, loads: loads.map((each) => each.load_id) };
  } finally {
    await owner.close();
  }
}

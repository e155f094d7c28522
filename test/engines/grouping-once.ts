import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createContext } from "../../pipelines/context.ts";
import { Database } from "../../pipelines/database.ts";
import { loadFile, type LoadResult } from "../../pipelines/loading/load.ts";
import { readProject } from "../../pipelines/project.ts";
import { publish } from "../../pipelines/publish.ts";
import type { DatabaseSource } from "../../pipelines/schedule-file.ts";
import { readSettings } from "../../pipelines/settings.ts";
import { loadSource, type RemoteJob } from "../../pipelines/sources/feed.ts";
import { openWarehouse } from "../../pipelines/warehouse.ts";

/** Loads feeds of one home, from files or from a database at this address, and publishes them if asked to. */
export interface OnceInput {
  folder: string;
  units: string;
  address: string | null;
  feeds: { feed: string; from: string | Partial<DatabaseSource> }[];
  publishes: boolean;
  /** Of the monitor's own engine, where the usual is not enough. */
  memory?: string;
}

export interface Once {
  loads: { feed: string; seconds: number; read: number; accepted: number }[];
  /** Highest memory of the process over the loads. */
  memory_mb: number;
  /** A hash of all published figures; null where none were. */
  figures: string | null;
}

// Runs as a process of its own, whose memory is its alone.
process.stdout.write(JSON.stringify(await once(JSON.parse(process.argv[2]!) as OnceInput)) + "\n");

async function once({ folder, units, address, feeds, publishes, memory }: OnceInput): Promise<Once> {
  const home = path.join(folder, "home");
  mkdirSync(home, { recursive: true });
  const settings = readSettings({ ...process.env, KVV_HOME: home, KVV_NOW: "2017-07-03T08:00:00Z", KVV_SOURCE_SECONDS: "1200", ...(memory ? { KVV_MEMORY: memory } : {}) }); // prettier-ignore
  const context = createContext(settings, () => undefined);
  context.outside.env = { REGISTER: address ?? "" };
  const project = await readProject(settings);
  const db = await openWarehouse(context, project.contracts);
  const file = path.join(folder, "units.csv");
  writeFileSync(file, units);
  await loadFile(db, context, project.contracts, { feed: "units", path: file });
  const loads: Once["loads"] = [];
  for (const { feed, from } of feeds) {
    const began = performance.now();
    let load: LoadResult | null;
    if (typeof from === "string") load = await loadFile(db, context, project.contracts, { feed, path: from });
    else {
      const job = { feed, cron: "0 6 * * *", source: { connection: "REGISTER", grouped: true, ...from } } as RemoteJob;
      const found = await loadSource(job, context, (work) => work({ db, context, project }));
      if (found.failed !== null) throw new Error(found.failed);
      load = found.load;
    }
    if (!load || load.refused !== null) throw new Error(load?.refused ?? `nothing new of ${feed}`);
    loads.push({ feed, seconds: (performance.now() - began) / 1000, read: load.read, accepted: load.accepted });
  }
  const memory_mb = process.resourceUsage().maxRSS / 1024;
  const figures = publishes ? await printOf(home, (await publish(db, context, project)).snapshot) : null;
  db.close();
  return { loads, memory_mb, figures };
}

async function printOf(home: string, snapshot: string): Promise<string> {
  const file = path.join(home, "published", snapshot, "series.duckdb");
  const reader = await Database.open(file, { access_mode: "READ_ONLY" });
  try {
    const found = await reader.one<{ print: string }>(
      "select concat_ws(' ', count(*), count(value), sum(hash(s)::hugeint)) as print from (select * exclude (freshness) from series) as s",
    );
    return found!.print;
  } finally {
    reader.close();
  }
}

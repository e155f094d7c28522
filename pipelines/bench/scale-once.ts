import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { createContext, type Context } from "../context.ts";
import { readContracts, type Contract } from "../contracts/contract.ts";
import { literal, type Database } from "../database.ts";
import { writeDemo } from "../demo/demo.ts";
import { foldAll } from "../loading/fold.ts";
import { loadFile } from "../loading/load.ts";
import { Refusal } from "../problem.ts";
import { projectFolder, readSettings } from "../settings.ts";
import { openWarehouse } from "../warehouse.ts";

/** The demo force with so many times as many events, in a folder that is emptied afterwards. */
export interface ScaleInput {
  folder: string;
  events: number;
}

/** What became of its events: as rows with an id, folded once they are old, and counted before they came. */
export interface Scaled {
  rows: number;
  seconds: number;
  mb: number;
  fold_seconds: number;
  folded_cells: number;
  folded_mb: number;
  counted_cells: number;
  counted_mb: number;
}

const feeds = ["complaints", "use_of_force", "incidents"];
/** Four years of the force. */
const through = "2016-12";
const now = "2017-01-02T08:00:00Z";
/** When all that was closed is old enough to be folded. */
const muchLater = "2021-02-02T08:00:00Z";
const countedSql = readFileSync(path.join(import.meta.dirname, "counted.sql"), "utf8");

// Runs as a process of its own: `node scale-once.ts '{"folder": …, "events": 10}'`.
process.stdout.write(JSON.stringify(await scaleOnce(JSON.parse(process.argv[2]!) as ScaleInput)) + "\n");

async function scaleOnce({ folder, events }: ScaleInput): Promise<Scaled> {
  mkdirSync(folder, { recursive: true });
  const demo = path.join(folder, "demo");
  const options = { seed: 2016, through, config: projectFolder, events };
  const files = (await writeDemo(demo, options)).filter(({ feed }) => feed === "units" || feeds.includes(feed));
  const ids = await openHome(path.join(folder, "ids"));
  try {
    const empty = await usedBytes(ids.db);
    let seconds = 0;
    let rows = 0;
    for (const { feed, file } of files) {
      const started = performance.now();
      const read = await load(ids, feed, file);
      if (feed === "units") continue;
      seconds += (performance.now() - started) / 1000;
      rows += read;
      rmSync(file);
    }
    const mb = ((await usedBytes(ids.db)) - empty) / 1e6;
    const counted = await loadCounted(folder, ids, files.find(({ feed }) => feed === "units")!.file);
    const folded = await fold(ids, empty);
    return { rows, seconds, mb, ...folded, ...counted };
  } finally {
    ids.db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface OpenHome {
  db: Database;
  context: Context;
  contracts: Map<string, Contract>;
}

async function openHome(home: string): Promise<OpenHome> {
  mkdirSync(home, { recursive: true });
  const settings = readSettings({ ...process.env, KVV_HOME: home, KVV_NOW: now });
  const context = createContext(settings, () => undefined);
  const { contracts } = readContracts(path.join(projectFolder, "pipelines", "contracts"));
  return { db: await openWarehouse(context, contracts), context, contracts };
}

async function load({ db, context, contracts }: OpenHome, feed: string, file: string): Promise<number> {
  const result = await loadFile(db, context, contracts, { feed, path: file });
  if (result.refused) throw new Refusal(`${path.basename(file)} was refused: ${result.refused}`);
  return result.read;
}

async function fold({ db, context, contracts }: OpenHome, empty: number) {
  const started = performance.now();
  const folded = await foldAll(db, { ...context, now: () => new Date(muchLater) }, contracts);
  const fold_seconds = (performance.now() - started) / 1000;
  const folded_cells = folded.reduce((sum, { cells }) => sum + cells, 0);
  return { fold_seconds, folded_cells, folded_mb: ((await usedBytes(db)) - empty) / 1e6 };
}

/** The same events counted by month, unit and codes before they come, in a home of their own. */
async function loadCounted(
  folder: string,
  ids: OpenHome,
  units: string,
): Promise<{ counted_cells: number; counted_mb: number }> {
  const home = await openHome(path.join(folder, "counted"));
  try {
    await load(home, "units", units);
    const empty = await usedBytes(home.db);
    await ids.db.run(countedSql);
    let cells = 0;
    for (const feed of feeds) {
      const file = path.join(ids.context.settings.home, `${feed}-counted.csv`);
      await ids.db.run(`copy ${feed}_counted to ${literal(file)} (format csv, header)`);
      cells += await load(home, feed, file);
    }
    return { counted_cells: cells, counted_mb: ((await usedBytes(home.db)) - empty) / 1e6 };
  } finally {
    home.db.close();
  }
}

/** Bytes of the warehouse's file that hold something. */
async function usedBytes(db: Database): Promise<number> {
  await db.run("checkpoint");
  const size = await db.one<{ bytes: number }>(
    "select used_blocks * block_size as bytes from pragma_database_size() where database_name = current_database()",
  );
  return size!.bytes;
}

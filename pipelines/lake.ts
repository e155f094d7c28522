import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Database, identifier, literal } from "./database.ts";
import { renameDurably, writeDurably } from "./durable.ts";
import { Refusal } from "./problem.ts";
import type { Manifest } from "./publish.ts";

/** A file of a table, by its path from the snapshot's folder. */
export interface LakeFile {
  path: string;
  bytes: number;
  sha256: string;
}

/** A table of a snapshot in the lake. Columns that it is partitioned by stand in the paths of its files only (`indicator_id=…/year=…`). */
export interface LakeTable {
  name: string;
  rows: number;
  partitioned_by: string[];
  columns: { name: string; type: string }[];
  files: LakeFile[];
}

/** `manifest.json` of a snapshot in the lake; `hash` is that of the snapshot in the home. */
export interface LakeManifest extends Pick<Manifest, "snapshot" | "published_at" | "data_through" | "demo" | "hash"> {
  tables: LakeTable[];
}

/** What became of it. */
export interface LakeResult {
  snapshot: string;
  folder: string;
  rows: number;
  files: number;
  bytes: number;
  /** It was there already. */
  unchanged: boolean;
}

/** Tables that tell of figures, and of what these are; `series` is the figures themselves. Each is one file. */
const besides = [
  ...["units", "indicators", "targets", "events", "breaks", "restatements", "outcomes", "limits", "signals"],
  ...["reference_points", "beside_points", "feeds"],
];

/** What is written and cut off goes by this name. */
const unfinished = ".writing-";

/**
 * Writes a snapshot of the home as Parquet into a folder of its own in the lake, which appears whole or not at all, and
 * names it in `latest.json`. What is withheld in the snapshot is withheld here. Never within the process that has the
 * snapshot open.
 */
export async function writeLake(
  { home, snapshot, lake }: { home: string; snapshot: string; lake: string },
  progress: (done: number, total: number) => void = () => undefined,
): Promise<LakeResult> {
  const from = path.join(home, "published", snapshot);
  const published = JSON.parse(readFileSync(path.join(from, "manifest.json"), "utf8")) as Manifest;
  if (`${lake}${path.sep}`.startsWith(home + path.sep))
    throw new Refusal(`${lake} lies in the home itself; name a folder elsewhere in KVV_LAKE`);
  makeFolder(lake);
  const unlock = lock(lake);
  const building = path.join(lake, `${unfinished}${snapshot}`);
  try {
    for (const name of readdirSync(lake).filter((each) => each.startsWith(unfinished)))
      rmSync(path.join(lake, name), { recursive: true, force: true });
    mkdirSync(building);
    const target = path.join(lake, snapshot);
    const standing = wholeManifest(target);
    if (standing) {
      pointTo(lake, snapshot, building);
      return resultOf(standing, target, true);
    }
    const tables = await writeTables(path.join(from, "series.duckdb"), building, progress);
    const { published_at, data_through, demo, hash } = published;
    const manifest: LakeManifest = { snapshot, published_at, data_through, demo, hash, tables };
    writeDurably(path.join(building, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
    if (!wholeManifest(building)) throw new Refusal(`${building} was changed while it was written; try again`);
    for (const name of ["", ...readdirSync(building, { recursive: true, encoding: "utf8" })])
      letRead(path.join(building, name));
    // What lies there is not whole: it was cut off, or half removed.
    rmSync(target, { recursive: true, force: true });
    renameDurably(building, target);
    mkdirSync(building);
    pointTo(lake, snapshot, building);
    return resultOf(manifest, target, false);
  } finally {
    rmSync(building, { recursive: true, force: true });
    unlock();
  }
}

/** Readers are of the folder's group, which a set-group-id bit on the lake passes on; nobody else is. */
function letRead(file: string): void {
  chmodSync(file, statSync(file).isDirectory() ? 0o2750 : 0o640);
}

/** One writes at a time. Gives what ends that; a lock of a process that is gone counts for nothing. */
function lock(lake: string): () => void {
  const file = path.join(lake, ".lock");
  for (let attempt = 1; ; attempt++)
    try {
      writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = Number(readFileSync(file, "utf8"));
      if (attempt > 1 || isAlive(holder))
        throw new Refusal(`process ${holder} is writing into ${lake}; try again when it has ended, or remove ${file}`);
      rmSync(file, { force: true });
    }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The manifest of a snapshot in the lake whose files are all there; null where they are not. */
function wholeManifest(folder: string): LakeManifest | null {
  try {
    const manifest = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8")) as LakeManifest;
    const files = manifest.tables.flatMap((table) => table.files);
    return files.every((file) => statSync(path.join(folder, file.path)).size === file.bytes) ? manifest : null;
  } catch {
    return null;
  }
}

/** Readers begin here: the newest of those that were written. Made in a folder of ours: a link beside it leads nowhere. */
function pointTo(lake: string, snapshot: string, building: string): void {
  const file = path.join(lake, "latest.json");
  if (snapshot <= latestIn(file)) return;
  const fresh = path.join(building, "latest.json");
  writeDurably(fresh, JSON.stringify({ snapshot }) + "\n");
  letRead(fresh);
  renameDurably(fresh, file);
}

function latestIn(file: string): string {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { snapshot: string }).snapshot;
  } catch {
    return "";
  }
}

function makeFolder(lake: string): void {
  try {
    if (!existsSync(lake)) mkdirSync(lake, { recursive: true, mode: 0o2750 });
    if (!statSync(lake).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Refusal(`${lake} cannot be made a folder (${code}); name one that this user may write to in KVV_LAKE`);
  }
}

function resultOf({ snapshot, tables }: LakeManifest, folder: string, unchanged: boolean): LakeResult {
  const files = tables.flatMap((table) => table.files);
  return {
    ...{ snapshot, folder, unchanged, files: files.length },
    rows: tables.find(({ name }) => name === "series")!.rows,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

async function writeTables(
  file: string,
  building: string,
  progress: (done: number, total: number) => void,
): Promise<LakeTable[]> {
  const db = await Database.open(":memory:", {
    ...{ threads: "1", memory_limit: "512MB", temp_directory: path.join(building, ".tmp") },
  });
  try {
    await db.run(`attach ${literal(file)} as snapshot (read_only)`);
    const there = await db.all<{ name: string }>(
      "select table_name as name from duckdb_tables() where database_name = 'snapshot'",
    );
    const names = besides.filter((name) => there.some((each) => each.name === name));
    const tables = [await writeSeries(db, building, progress)];
    for (const name of names) {
      const written = `${name}.parquet`;
      await db.run(
        `copy (from snapshot.${identifier(name)}) to ${literal(path.join(building, written))} (format parquet, compression zstd)`,
      );
      tables.push(await describe(db, building, { name, partitioned_by: [], files: [written] }));
    }
    rmSync(path.join(building, ".tmp"), { recursive: true, force: true });
    return tables;
  } finally {
    db.close();
  }
}

/** The figures, an indicator at a time: so each year of it is one file. */
async function writeSeries(
  db: Database,
  building: string,
  progress: (done: number, total: number) => void,
): Promise<LakeTable> {
  const folder = path.join(building, "series");
  mkdirSync(folder);
  const found = await db.all<{ id: string }>("select distinct indicator_id as id from snapshot.series order by 1");
  for (const [done, { id }] of found.entries()) {
    progress(done, found.length);
    await db.run(
      `copy (select * exclude (indicator_id), year(period_end) as year from snapshot.series where indicator_id = ${literal(id)})
       to ${literal(path.join(folder, `indicator_id=${id}`))} (format parquet, compression zstd, partition_by (year))`,
    );
  }
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((each) => each.endsWith(".parquet"))
    .map((each) => path.join("series", each))
    .sort();
  const table = await describe(db, building, { name: "series", partitioned_by: ["indicator_id", "year"], files });
  const expected = await db.one<{ n: number }>("select count(*) as n from snapshot.series");
  if (expected!.n !== table.rows)
    throw new Refusal(`the lake was not written: of ${expected!.n} figures ${table.rows} were there; try again`);
  return table;
}

/** What was written of a table, as it is read back. */
async function describe(
  db: Database,
  building: string,
  { name, partitioned_by, files }: Pick<LakeTable, "name" | "partitioned_by"> & { files: string[] },
): Promise<LakeTable> {
  const paths = files.map((file) => literal(path.join(building, file))).join(", ");
  const read = files.length > 0 ? `read_parquet([${paths}], hive_partitioning = ${partitioned_by.length > 0})` : null;
  const rows = read ? (await db.one<{ n: number }>(`select count(*) as n from ${read}`))!.n : 0;
  const columns = await db.all<{ column_name: string; column_type: string }>(
    `describe from ${read ?? `snapshot.${identifier(name)}`}`,
  );
  return {
    ...{ name, rows, partitioned_by },
    columns: columns.map(({ column_name, column_type }) => ({ name: column_name, type: column_type })),
    files: files.map((each) => fileOf(building, each)),
  };
}

function fileOf(building: string, name: string): LakeFile {
  const file = path.join(building, name);
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  return { path: name.split(path.sep).join("/"), bytes: statSync(file).size, sha256 };
}

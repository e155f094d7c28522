import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { tableColumns, type Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import { renameDurably, sync } from "../durable.ts";

/** A row of the table `loads`, as it is kept beside the rows of the load. Moments and dates are ISO text. */
export interface ArchivedLoad {
  load_id: number;
  feed: string;
  file: string;
  file_hash: string;
  mapping_hash: string;
  full: boolean;
  started_at: string;
  finished_at: string;
  read: number;
  accepted: number;
  merged: number;
  skipped: number;
  quarantined: number;
  reasons: Record<string, number>;
  from_month: string | null;
  to_month: string | null;
  unit_id: string | null;
  /** The part of the feed, as JSON; missing where an older archive has it not. */
  only_values?: string | null;
  total: number | null;
  encoding: string | null;
  delimiter: string | null;
  accepted_change: boolean;
  max_quarantined_reason: string | null;
  /** Cells that a source grouped, of these months, by their first days; null for all. Missing where rows came. */
  grouped?: { months: string[] | null };
  /** These three are missing in old archives. */
  format?: string | null;
  sheet?: string | null;
  header_row?: number | null;
}

/** The archive file of a load, relative to the home. */
export const archiveFile = (load: Pick<ArchivedLoad, "feed" | "load_id">): string =>
  path.join("archive", load.feed, `${load.load_id}.parquet`);

/** What an archive file is called until its load is kept. */
const unsettled = ".new";

/** Writes the rows of a load beside the archive, on the disk before the load is kept; `settleFile` then gives the file its name. Returns its path. */
export async function archiveRows(db: Database, home: string, load: ArchivedLoad): Promise<string> {
  const file = path.join(home, archiveFile(load)) + unsettled;
  mkdirSync(path.dirname(file), { recursive: true });
  await db.run(
    `copy (from load_rows) to ${literal(file)} (format parquet, kv_metadata {load: ${literal(JSON.stringify(load))}})`,
  );
  sync(file);
  return file;
}

/** Makes the file of a load that is kept a part of the archive. */
export const settleFile = (file: string): void => renameDurably(file, file.slice(0, -unsettled.length));

/** Ends what a load that was cut off left behind: the file of a load that was kept joins the archive, that of another goes. Without any loads nothing is known of them, and they stay. */
export async function settleArchive(db: Database, home: string, feeds: Iterable<string>): Promise<void> {
  const kept = await db.all<{ feed: string; load_id: number }>("select feed, load_id from loads");
  if (kept.length === 0) return;
  const names = new Set(kept.map(archiveFile));
  for (const feed of feeds)
    for (const name of namesIn(path.join(home, "archive", feed)).filter((each) => each.endsWith(unsettled))) {
      const file = path.join(home, "archive", feed, name);
      if (names.has(path.relative(home, file).slice(0, -unsettled.length))) settleFile(file);
      else rmSync(file);
    }
}

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

/** The loads that the archive holds, in the order in which they were made. */
export async function readArchive(db: Database, home: string, feeds: Iterable<string>): Promise<ArchivedLoad[]> {
  const loads: ArchivedLoad[] = [];
  for (const feed of feeds) {
    const folder = path.join(home, "archive", feed);
    if (!namesIn(folder).some((name) => name.endsWith(".parquet"))) continue;
    const rows = await db.all<{ load: string }>(
      `select decode(value) as load from parquet_kv_metadata(${literal(path.join(folder, "*.parquet"))}) where decode(key) = 'load'`,
    );
    loads.push(...rows.map(({ load }) => JSON.parse(load) as ArchivedLoad));
  }
  return loads.sort((a, b) => a.load_id - b.load_id);
}

/** The columns of the feed's table from files of the archive; those that the contract has got since are empty, or have their default. */
export async function archivedColumns(
  db: Database,
  contract: Contract,
  files: string,
  columns = tableColumns(contract),
): Promise<string[]> {
  const found = await db.all<{ column_name: string }>(`describe from ${files}`);
  const archived = new Set(found.map((column) => column.column_name));
  return columns.map(({ name, type }) => {
    const [bare, standard] = type.split(" NOT NULL DEFAULT ");
    return `cast(${archived.has(name) ? identifier(name) : (standard ?? "null")} as ${bare}) as ${identifier(name)}`;
  });
}

import { existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { literal, type Database } from "../database.ts";

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
  /** These three are missing in old archives. */
  format?: string | null;
  sheet?: string | null;
  header_row?: number | null;
}

/** The archive file of a load, relative to the home. */
export const archiveFile = (load: Pick<ArchivedLoad, "feed" | "load_id">): string =>
  path.join("archive", load.feed, `${load.load_id}.parquet`);

/** Writes the rows of a load as `archive/<feed>/<load_id>.parquet`; returns the name relative to the home. */
export async function archiveRows(db: Database, home: string, load: ArchivedLoad): Promise<string> {
  const name = archiveFile(load);
  const file = path.join(home, name);
  mkdirSync(path.dirname(file), { recursive: true });
  await db.run(
    `copy (from load_rows) to ${literal(file)} (format parquet, kv_metadata {load: ${literal(JSON.stringify(load))}})`,
  );
  return name;
}

/** The loads that the archive holds, in the order in which they were made. A file that was left by a load that did not end well has no say: the load that took its number wrote it anew. */
export async function readArchive(db: Database, home: string, feeds: Iterable<string>): Promise<ArchivedLoad[]> {
  const loads: ArchivedLoad[] = [];
  for (const feed of feeds) {
    const folder = path.join(home, "archive", feed);
    if (!existsSync(folder) || !readdirSync(folder).some((name) => name.endsWith(".parquet"))) continue;
    const rows = await db.all<{ load: string }>(
      `select decode(value) as load from parquet_kv_metadata(${literal(path.join(folder, "*.parquet"))}) where decode(key) = 'load'`,
    );
    loads.push(...rows.map(({ load }) => JSON.parse(load) as ArchivedLoad));
  }
  return loads.sort((a, b) => a.load_id - b.load_id);
}

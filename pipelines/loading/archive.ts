import { mkdirSync } from "node:fs";
import path from "node:path";
import { literal, type Database } from "../database.ts";

/** What a load needs to be done again, kept in its archive file beside the rows. */
export interface ArchivedLoad {
  load_id: number;
  feed: string;
  file: string;
  full: boolean;
  finished_at: string;
  from_month: string | null;
  to_month: string | null;
  unit_id: string | null;
}

/** Writes the rows of a load as `archive/<feed>/<load_id>.parquet`; returns the name relative to the home. */
export async function archiveRows(db: Database, home: string, load: ArchivedLoad): Promise<string> {
  const name = path.join("archive", load.feed, `${load.load_id}.parquet`);
  const file = path.join(home, name);
  mkdirSync(path.dirname(file), { recursive: true });
  await db.run(
    `copy (from load_rows) to ${literal(file)} (format parquet, kv_metadata {load: ${literal(JSON.stringify(load))}})`,
  );
  return name;
}

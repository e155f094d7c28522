import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { Contract } from "../contracts/contract.ts";
import { dropTemporary, identifier, literal, type Database } from "../database.ts";
import { idKey } from "../loading/id-key.ts";
import { bearers, hasProtected, openSql, roundedSql } from "./rounded.ts";

/** Where the copies lie that drafts are run over: for the user who runs the monitor alone, and never in a backup. */
export const workbenchFolder = (home: string): string => path.join(home, "workbench");

/** A copy of the feeds, and through which load. */
export interface FeedsCopy {
  file: string;
  /** Changes when the copy must be made anew. */
  of: string;
  through_load: number;
}

/** What a copy made now would be of. */
export async function copyDue(db: Database, contracts: Map<string, Contract>): Promise<Omit<FeedsCopy, "file">> {
  const row = await db.one<{ load: number; fold: number }>(
    "select (select coalesce(max(load_id), 0) from loads) as load, (select coalesce(max(fold_id), 0) from folds) as fold",
  );
  const hashes = [...contracts.values()].map(({ hash }) => hash);
  return { of: [row!.load, row!.fold, ...hashes].join(" "), through_load: row!.load };
}

/** Copies the feeds from the warehouse into a file of their own: those that tell of persons what is protected in rounded numbers only, in a schema apart; the others without those columns. Exact numbers by background are nowhere in it. */
export async function copyFeeds(db: Database, contracts: Map<string, Contract>, home: string): Promise<string> {
  const folder = workbenchFolder(home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `feeds-${process.pid}-${Date.now()}.duckdb`);
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  const work = await db.connect();
  try {
    await work.run(`attach ${literal(partial)} as workbench`);
    try {
      chmodSync(partial, 0o600);
      await writeCopy(work, contracts, idKey(home));
    } finally {
      await work.run("detach workbench");
    }
    renameSync(partial, file);
    return file;
  } finally {
    rmSync(partial, { force: true });
    await dropTemporary(work);
    work.disconnect();
  }
}

/** All of one moment, whatever is loaded meanwhile. */
const writeCopy = (db: Database, contracts: Map<string, Contract>, key: string): Promise<void> =>
  db.transaction(() => writeFeeds(db, contracts, key));

async function writeFeeds(db: Database, contracts: Map<string, Contract>, key: string): Promise<void> {
  await db.run("create schema workbench.rounded");
  await db.run(bearers);
  for (const contract of contracts.values()) {
    const open = openSql(contract);
    const name = identifier(contract.name);
    if (open) await db.run(`create table workbench.main.${name} as ${open}`);
    if (hasProtected(contract)) await db.run(`create table workbench.rounded.${name} as ${roundedSql(contract, key)}`);
  }
  await db.run("create table workbench.main.coverage as from coverage");
}

/** Removes copies that are not read any more. */
export function removeCopies(home: string, except: string | null): void {
  const folder = workbenchFolder(home);
  try {
    for (const name of readdirSync(folder))
      if (path.join(folder, name) !== except) rmSync(path.join(folder, name), { force: true });
  } catch (error) {
    // Windows does not let go of a file while anyone reads it; it goes with the next.
    if (!["ENOENT", "EBUSY", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

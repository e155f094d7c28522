import path from "node:path";
import type { Context } from "../context.ts";
import { createTableSql, type Contract } from "../contracts/contract.ts";
import { dropTemporary, identifier, literal, type Database } from "../database.ts";
import { Refusal } from "../problem.ts";
import { archivedColumns, archiveFile, readArchive, settleArchive, type ArchivedLoad } from "./archive.ts";
import { reachOf, readCheckpoint, restoreCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { foldDays, foldFeed, isFolded, sweepFolded } from "./fold.ts";
import { groupedContract } from "./grouped.ts";
import { applyLoad } from "./store.ts";

/** What a rebuild did. */
export interface RebuildResult {
  loads: number;
  /** Rows of all feeds afterwards. */
  rows: number;
}

/** What the archive holds: a checkpoint, and the loads after it in the order in which they were made. */
export interface Archive {
  checkpoint: Checkpoint | null;
  loads: ArchivedLoad[];
}

/** Reads what the archive holds of these feeds. */
export async function openArchive(db: Database, home: string, feeds: string[]): Promise<Archive> {
  await settleArchive(db, home, feeds);
  const checkpoint = readCheckpoint(home);
  const loads = await readArchive(db, home, feeds);
  return { checkpoint, loads: loads.filter((load) => load.load_id > reachOf(checkpoint, load.feed)) };
}

/** Makes the feeds' tables anew from the archive, load by load, in one transaction: all of it, or what was there stays. Runs, refusals, quarantine and restatements are kept as they are. */
export async function rebuild(
  db: Database,
  context: Context,
  contracts: Map<string, Contract>,
): Promise<RebuildResult> {
  const { home } = context.settings;
  const archive = await openArchive(db, home, [...contracts.keys()]);
  if (archive.loads.length === 0 && !archive.checkpoint)
    throw new Refusal(`there is no archive in ${path.join(home, "archive")}; nothing was changed`);
  return replay(db, context, contracts, archive, async () => {
    const loads = await db.one<{ n: number }>("select count(*) as n from loads");
    return { loads: loads!.n, rows: await countRows(db, contracts) };
  });
}

/** Replays the archive in one transaction. `before` is called before each load and after the last; what `end` does and gives belongs to the transaction too. */
export async function replay<T>(
  db: Database,
  context: Context,
  contracts: Map<string, Contract>,
  { checkpoint, loads }: Archive,
  end: () => Promise<T>,
  before: (load: ArchivedLoad | null) => Promise<void> = async () => undefined,
): Promise<T> {
  const { home } = context.settings;
  const folds = await db.one<{ next: number }>("select coalesce(max(fold_id), 0) + 1 as next from folds");
  try {
    return await db.transaction(async () => {
      // Made anew, so that a contract may have changed a type.
      for (const contract of contracts.values()) {
        await db.run(`drop table ${identifier(contract.name)}`);
        await db.run(createTableSql(contract));
      }
      for (const table of ["loads", "coverage", "reached", "folds", "unfolded"]) await db.run(`delete from ${table}`);
      if (checkpoint) await restoreCheckpoint(db, home, contracts, checkpoint);
      for (const [done, load] of loads.entries()) {
        context.log("rebuilding from the archive", { done, total: loads.length });
        await before(load);
        const contract = contracts.get(load.feed)!;
        const archived = load.grouped ? groupedContract(contract) : contract;
        await readRows(db, archived, path.join(home, archiveFile(load)));
        await applyLoad(db, contract, load, home);
      }
      await before(null);
      context.log("rebuilding from the archive", { done: loads.length, total: loads.length });
      // When events became cells changes no figure, so it is enough to do it once. Files of the foldings that stand until the end keep their names.
      for (const contract of contracts.values())
        if (isFolded(contract))
          for (const day of await foldDays(db, context, contract))
            await foldFeed(db, context, contract, day, folds!.next);
      return await end();
    });
  } finally {
    for (const contract of contracts.values()) if (isFolded(contract)) await sweepFolded(db, home, contract.name);
    await dropTemporary(db);
  }
}

/** The rows of an archive file as `load_rows`. */
async function readRows(db: Database, contract: Contract, file: string): Promise<void> {
  const rows = `read_parquet(${literal(file)})`;
  const columns = await archivedColumns(db, contract, rows);
  await db.run(`create or replace temp view load_rows as select ${columns.join(", ")} from ${rows}`);
}

async function countRows(db: Database, contracts: Map<string, Contract>): Promise<number> {
  let rows = 0;
  for (const name of contracts.keys())
    rows += (await db.one<{ n: number }>(`select count(*) as n from ${identifier(name)}`))!.n;
  return rows;
}

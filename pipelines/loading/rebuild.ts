import path from "node:path";
import type { Context } from "../context.ts";
import { tableColumns, type Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import { Refusal } from "../problem.ts";
import { archiveFile, readArchive, settleArchive } from "./archive.ts";
import { applyLoad } from "./store.ts";

/** What a rebuild did. */
export interface RebuildResult {
  loads: number;
  /** Rows of all feeds afterwards. */
  rows: number;
}

/** Makes the feeds' tables anew from the archive, load by load, in one transaction: all of it, or what was there stays. Runs, refusals, quarantine and restatements are kept as they are. */
export async function rebuild(
  db: Database,
  context: Context,
  contracts: Map<string, Contract>,
): Promise<RebuildResult> {
  const { home } = context.settings;
  await settleArchive(db, home, contracts.keys());
  const loads = await readArchive(db, home, contracts.keys());
  if (loads.length === 0)
    throw new Refusal(`there is no archive in ${path.join(home, "archive")}; nothing was changed`);
  try {
    return await db.transaction(async () => {
      for (const name of contracts.keys()) await db.run(`delete from ${identifier(name)}`);
      await db.run("delete from loads");
      await db.run("delete from coverage");
      await db.run("delete from reached");
      for (const [done, load] of loads.entries()) {
        context.log("rebuilding from the archive", { done, total: loads.length });
        const contract = contracts.get(load.feed)!;
        await readRows(db, contract, path.join(home, archiveFile(load)));
        await applyLoad(db, contract, load);
      }
      context.log("rebuilding from the archive", { done: loads.length, total: loads.length });
      return { loads: loads.length, rows: await countRows(db, contracts) };
    });
  } finally {
    await db.run("drop view if exists temp.load_rows");
  }
}

/** The rows of an archive file as `load_rows`; columns that the contract has got since are empty, or have their default. */
async function readRows(db: Database, contract: Contract, file: string): Promise<void> {
  const found = await db.all<{ column_name: string }>(`describe from read_parquet(${literal(file)})`);
  const archived = new Set(found.map((column) => column.column_name));
  const columns = tableColumns(contract).map(({ name, type }) => {
    const [bare, standard] = type.split(" NOT NULL DEFAULT ");
    return archived.has(name) ? identifier(name) : `cast(${standard ?? "null"} as ${bare}) as ${identifier(name)}`;
  });
  await db.run(
    `create or replace temp view load_rows as select ${columns.join(", ")} from read_parquet(${literal(file)})`,
  );
}

async function countRows(db: Database, contracts: Map<string, Contract>): Promise<number> {
  let rows = 0;
  for (const name of contracts.keys())
    rows += (await db.one<{ n: number }>(`select count(*) as n from ${identifier(name)}`))!.n;
  return rows;
}

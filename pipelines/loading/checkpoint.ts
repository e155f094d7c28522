import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { addedColumns, tableColumns, type Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import { renameDurably, sync, writeDurably } from "../durable.ts";
import { archivedColumns } from "./archive.ts";

/** What the archive keeps in the place of its oldest loads: rows of each feed, and the records of the loads. */
export interface Checkpoint {
  number: number;
  /** Loads up to this one have no file of their own. */
  gone: number;
  /** The last load of each feed that is in it. */
  upTo: Record<string, number>;
}

/** Records of loads, beside one file for each feed. */
const records = ["loads", "coverage", "reached"];

const folderOf = (home: string) => path.join(home, "archive", "checkpoint");
const unsettled = ".new";

/** The checkpoint that counts: the last. Null before the first. */
export function readCheckpoint(home: string): Checkpoint | null {
  const number = Math.max(0, ...numbersIn(folderOf(home)));
  if (number === 0) return null;
  const text = readFileSync(path.join(folderOf(home), String(number), "checkpoint.json"), "utf8");
  return { number, ...(JSON.parse(text) as Omit<Checkpoint, "number">) };
}

/** The last load of the feed that is in the checkpoint; 0 for none. */
export const reachOf = (checkpoint: Checkpoint | null, feed: string): number => checkpoint?.upTo[feed] ?? 0;

function numbersIn(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The file of the feed's rows in the checkpoint. */
export const checkpointFile = (home: string, { number }: Checkpoint, feed: string): string =>
  path.join(folderOf(home), String(number), `${feed}.parquet`);

/** A checkpoint as it is written: beside the others, and one of them only when it is whole. */
export class NewCheckpoint {
  readonly checkpoint: Checkpoint;
  private readonly folder: string;
  private readonly aside: string;

  constructor(home: string, checkpoint: Checkpoint) {
    this.checkpoint = checkpoint;
    this.folder = path.join(folderOf(home), String(checkpoint.number));
    this.aside = this.folder + unsettled;
    rmSync(this.aside, { recursive: true, force: true });
    mkdirSync(this.aside, { recursive: true });
  }

  /** Keeps rows of the feed's table as it is now. */
  async keepRows(db: Database, { name }: Contract, which = "true"): Promise<void> {
    await this.write(db, name, `select * from ${identifier(name)} where ${which}`);
  }

  /** Keeps the records of the loads that are in it. */
  async keepRecords(db: Database): Promise<void> {
    const feeds = Object.entries(this.checkpoint.upTo)
      .map(([feed, upTo]) => `(${literal(feed)}, ${upTo})`)
      .join(", ");
    const kept = `select load_id from loads join (values ${feeds}) as k(feed, up_to) on k.feed = loads.feed and load_id <= up_to`;
    for (const table of records) await this.write(db, table, `select * from ${table} where load_id in (${kept})`);
  }

  private async write(db: Database, name: string, rows: string): Promise<void> {
    const file = path.join(this.aside, `${name}.parquet`);
    await db.run(`copy (${rows}) to ${literal(file)} (format parquet, compression zstd)`);
    sync(file);
  }

  /** Puts it in the place of the one before. */
  settle(): void {
    const { gone, upTo } = this.checkpoint;
    writeDurably(path.join(this.aside, "checkpoint.json"), JSON.stringify({ gone, upTo }) + "\n");
    sync(path.dirname(this.folder));
    renameDurably(this.aside, this.folder);
  }

  discard(): void {
    rmSync(this.aside, { recursive: true, force: true });
  }
}

/** Fills the feeds' tables and the records of loads, all empty, from the checkpoint. */
export async function restoreCheckpoint(
  db: Database,
  home: string,
  contracts: Map<string, Contract>,
  checkpoint: Checkpoint,
): Promise<void> {
  for (const [name, contract] of contracts) {
    if (reachOf(checkpoint, name) === 0) continue;
    const rows = `read_parquet(${literal(checkpointFile(home, checkpoint, name))})`;
    const columns = [...tableColumns(contract), ...addedColumns(contract)];
    const selected = await archivedColumns(db, contract, rows, columns);
    await db.run(
      `insert into ${identifier(name)} (${columns.map((each) => identifier(each.name)).join(", ")})
       select ${selected.join(", ")} from ${rows}`,
    );
  }
  const feeds = [...contracts.keys()].map(literal).join(", ");
  for (const table of records) {
    const rows = `read_parquet(${literal(checkpointFile(home, checkpoint, table))})`;
    const which = table === "reached" ? "load_id in (select load_id from loads)" : `feed in (${feeds})`;
    await db.run(`insert into ${table} by name select * from ${rows} where ${which}`);
  }
}

/** Removes all checkpoints but the one that counts, and those that were cut off. */
export function sweepCheckpoints(home: string, current: Checkpoint | null): void {
  const folder = folderOf(home);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (name !== String(current?.number)) rmSync(path.join(folder, name), { recursive: true, force: true });
}

import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { Context } from "../context.ts";
import { isDated, tableColumns, type Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import { renameDurably, sync } from "../durable.ts";
import { Refusal } from "../problem.ts";
import {
  checkpointFile,
  NewCheckpoint,
  reachOf,
  readCheckpoint,
  sweepCheckpoints,
  type Checkpoint,
} from "./checkpoint.ts";
import { foldNames, isFolded } from "./fold.ts";
import { openArchive, replay, type Archive } from "./rebuild.ts";
import { monthsBefore, today } from "./today.ts";

/** Files of loads that went from the archive, and those that lost their column of backgrounds. */
export type Compacted = Record<"archived" | "background", number>;

/** The column of people's background; only contracts that speak of persons have one that is personal. */
const background = "background";
const hasBackground = (contract: Contract): boolean =>
  contract.columns.some((column) => column.name === background && column.personal);

/** Takes the archive's oldest loads together into a checkpoint: what of them still counts. Changes no figure. Whenever it is cut off, the archive gives the same figures, and the next time does the rest. */
export async function compact(db: Database, context: Context, contracts: Map<string, Contract>): Promise<Compacted> {
  const { home } = context.settings;
  const standing = readCheckpoint(home);
  const next = await nextCheckpoint(db, context, contracts, standing);
  if (next) await makeCheckpoint(db, context, contracts, next);
  const current = readCheckpoint(home);
  sweepCheckpoints(home, current);
  return current ? clearArchive(db, home, contracts, current) : { archived: 0, background: 0 };
}

/** The checkpoint that is due; null where the standing one is as it must be. */
async function nextCheckpoint(
  db: Database,
  context: Context,
  contracts: Map<string, Contract>,
  standing: Checkpoint | null,
): Promise<Checkpoint | null> {
  const { keepArchiveMonths, keepBackgroundMonths, home } = context.settings;
  const gone = Math.max(standing?.gone ?? 0, await lastBefore(db, context, keepArchiveMonths));
  const bare = await lastBefore(db, context, keepBackgroundMonths);
  const loads = await db.all<{ load_id: number; feed: string }>("select load_id, feed from loads");
  const feeds = new Set([...Object.keys(standing?.upTo ?? {}), ...loads.map(({ feed }) => feed)]);
  const upTo: Record<string, number> = {};
  for (const feed of feeds) {
    const contract = contracts.get(feed);
    upTo[feed] = Math.max(gone, reachOf(standing, feed), contract && hasBackground(contract) ? bare : 0);
  }
  const comes = ({ load_id, feed }: { load_id: number; feed: string }) =>
    (load_id > (standing?.gone ?? 0) && load_id <= gone) ||
    (load_id > reachOf(standing, feed) && load_id <= upTo[feed]!);
  if (!loads.some(comes) && !(await hasSuperseded(db, home, contracts, standing))) return null;
  const unknown = [...feeds].find((feed) => !contracts.has(feed));
  if (unknown)
    throw new Refusal(
      `the archive has loads of ${unknown}, which has no contract, so nothing was removed from it; put the contract back, or mend it`,
    );
  return { number: (standing?.number ?? 0) + 1, gone, upTo };
}

/** The last load of which all up to it ended before the months that are kept; 0 for none. */
async function lastBefore(db: Database, context: Context, months: number): Promise<number> {
  if (months === 0) return 0;
  const found = await db.one<{ id: number }>(
    `select coalesce(min(load_id) filter (where finished_at >= $before::timestamp) - 1, max(load_id), 0) as id from loads`,
    { before: monthsBefore(today(context), months) },
  );
  return found!.id;
}

/** Whether the checkpoint has backgrounds that a later load replaced. */
async function hasSuperseded(
  db: Database,
  home: string,
  contracts: Map<string, Contract>,
  standing: Checkpoint | null,
): Promise<boolean> {
  if (!standing) return false;
  for (const [feed, contract] of contracts) {
    const upTo = reachOf(standing, feed);
    if (!hasBackground(contract) || upTo === 0) continue;
    const counts = await db.one<{ kept: number; stands: number }>(
      `select (select count(${background}) from read_parquet(${literal(checkpointFile(home, standing, feed))})) as kept,
         (select count(${background}) from ${identifier(feed)} where load_id <= ${upTo}) as stands`,
    );
    if (counts!.kept > counts!.stands) return true;
  }
  return false;
}

/** Replays the archive and keeps on the way what the checkpoint must hold. The warehouse is then what the archive gives with it: first it, then the archive goes over, since a load that comes in between is judged by the stricter of the two. */
async function makeCheckpoint(
  db: Database,
  context: Context,
  contracts: Map<string, Contract>,
  next: Checkpoint,
): Promise<void> {
  const { home } = context.settings;
  const archive = await openArchive(db, home, [...contracts.keys()]);
  await refuseOther(db, archive);
  const before = await fingerprints(db, contracts);
  const fresh = new NewCheckpoint(home, next);
  let kept = false;
  try {
    await replay(
      db,
      context,
      contracts,
      archive,
      async () => {
        for (const contract of contracts.values())
          if (contract.mode === "replace" && reachOf(next, contract.name) > 0)
            await fresh.keepRows(db, contract, `load_id <= ${reachOf(next, contract.name)}`);
        await db.run(`update loads set archive_file = null where load_id <= ${next.gone}`);
        await fresh.keepRecords(db);
        const after = await fingerprints(db, contracts);
        for (const [feed, print] of before)
          if (after.get(feed) !== print)
            throw new Refusal(
              `the archive gives other rows of ${feed} than the warehouse has, so nothing was removed from it; kvv rebuild makes the warehouse as the archive says`,
            );
      },
      async (load) => {
        if (kept || (load && load.load_id <= next.gone)) return;
        kept = true;
        for (const contract of contracts.values())
          if (contract.mode === "upsert" && reachOf(next, contract.name) > 0) await fresh.keepRows(db, contract);
      },
    );
  } catch (error) {
    fresh.discard();
    throw error;
  }
  fresh.settle();
}

/** Refuses to go on where the archive has not exactly the loads of the warehouse. */
async function refuseOther(db: Database, { checkpoint, loads }: Archive): Promise<void> {
  const known = await db.all<{ load_id: number; feed: string }>("select load_id, feed from loads");
  const after = known.filter(({ load_id, feed }) => load_id > reachOf(checkpoint, feed));
  const nameOf = ({ load_id, feed }: { load_id: number; feed: string }) => `load ${load_id} of ${feed}`;
  const [there, wanted] = [new Set(loads.map(nameOf)), new Set(after.map(nameOf))];
  const other = [...wanted].find((name) => !there.has(name)) ?? [...there].find((name) => !wanted.has(name));
  if (other)
    throw new Refusal(
      `${other} is not in both the archive and the warehouse, so nothing was removed from the archive; put its file back, or let kvv rebuild make the warehouse as the archive says`,
    );
}

/** What must stay the same of each feed: all of its rows, or of a feed whose events become cells how many there are by month, unit and codes. */
async function fingerprints(db: Database, contracts: Map<string, Contract>): Promise<Map<string, string>> {
  const prints = new Map<string, string>();
  for (const contract of contracts.values()) {
    const found = await db.one<{ print: string }>(
      `select concat_ws(' ', count(*), coalesce(sum(cast(hash(t) as hugeint)), 0)) as print from (${comparable(contract)}) as t`,
    );
    prints.set(contract.name, found!.print);
  }
  return prints;
}

function comparable(contract: Contract): string {
  const table = identifier(contract.name);
  const names = tableColumns(contract).map(({ name }) => name);
  if (!isFolded(contract)) return `select ${names.map(identifier).join(", ")}, load_id from ${table}`;
  const { date, weight } = foldNames(contract);
  const other = new Set(contract.columns.filter((each) => isDated(each) || each.type === "id").map(({ name }) => name));
  const codes = names.filter((name) => !other.has(name) && !name.endsWith("_order") && name !== contract.weight);
  return `select ${codes.map(identifier).join(", ")}, date_trunc('month', ${date}) as month, sum(${weight}) as n from ${table} group by all`;
}

/** Removes the files of loads that are in the checkpoint; of those that are in it only for their backgrounds, that column. */
async function clearArchive(
  db: Database,
  home: string,
  contracts: Map<string, Contract>,
  checkpoint: Checkpoint,
): Promise<Compacted> {
  const done: Compacted = { archived: 0, background: 0 };
  for (const [feed, contract] of contracts) {
    const folder = path.join(home, "archive", feed);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      const file = path.join(folder, name);
      if (name.endsWith(bare)) rmSync(file);
      const load = /^(\d+)\.parquet$/.exec(name)?.[1];
      if (load === undefined || Number(load) > reachOf(checkpoint, feed)) continue;
      if (Number(load) <= checkpoint.gone) {
        rmSync(file);
        done.archived++;
      } else if (hasBackground(contract) && (await dropBackground(db, file))) done.background++;
    }
  }
  return done;
}

/** What a file is called while it is written without its backgrounds. */
const bare = ".bare.tmp";

/** Writes an archive file anew without its column of backgrounds, and marks it so. False where it has none. */
async function dropBackground(db: Database, file: string): Promise<boolean> {
  const columns = await db.all<{ column_name: string }>(`describe from read_parquet(${literal(file)})`);
  if (!columns.some(({ column_name }) => column_name === background)) return false;
  const found = await db.one<{ load: string }>(
    `select decode(value) as load from parquet_kv_metadata(${literal(file)}) where decode(key) = 'load'`,
  );
  const fresh = file + bare;
  await db.run(
    `copy (select * exclude (${background}) from read_parquet(${literal(file)})) to ${literal(fresh)}
     (format parquet, kv_metadata {load: ${literal(found!.load)}, without: '${background}'})`,
  );
  sync(fresh);
  renameDurably(fresh, file);
  return true;
}

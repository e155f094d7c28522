import { lstatSync, readdirSync, rmSync, type Stats } from "node:fs";
import path from "node:path";
import type { Context } from "../context.ts";
import type { Contract } from "../contracts/contract.ts";
import type { Database } from "../database.ts";
import { lastingTroubles } from "../freshness.ts";
import { compact, type Compacted } from "./compact.ts";
import { monthsBefore, today } from "./today.ts";

/** How much a retention removed. */
export type Removed = Record<"quarantined" | "refusals" | "runs" | "files", number> & Compacted;

/** Removes what is older than the settings allow it to be kept. What was removed already is not counted again. */
export async function applyRetention(
  db: Database,
  context: Context,
  contracts: Map<string, Contract>,
): Promise<Removed> {
  const rows = await removeRows(db, context);
  const files = removeFiles(context, contracts.keys());
  return { ...rows, files, ...(await compact(db, context, contracts)) };
}

/** What was removed, in words; null for nothing. */
export function removedWords(removed: Removed): string | null {
  const words: Record<keyof Removed, string> = {
    quarantined: "quarantined rows",
    refusals: "refusals",
    runs: "runs",
    files: "files of the inbox",
    archived: "files of the archive, of which what still counts is kept in one",
    background: "columns of backgrounds in files of the archive",
  };
  const parts = (Object.keys(words) as (keyof Removed)[])
    .filter((each) => removed[each] > 0)
    .map((each) => `${removed[each]} ${words[each]}`);
  return parts.length > 0 ? parts.join(", ") : null;
}

/** Rows of the quarantine, refusals and runs. Of refusals and runs the newest among the old stay, and the run in which a trouble began that lasts: by these it is told how a feed is doing, and what is to be caught up. */
async function removeRows(db: Database, context: Context): Promise<Pick<Removed, "quarantined" | "refusals" | "runs">> {
  const months = context.settings.keepQuarantineMonths;
  if (months === 0) return { quarantined: 0, refusals: 0, runs: 0 };
  const before = monthsBefore(today(context), months);
  return db.transaction(async () => ({
    quarantined: await removeWhere(
      db,
      "quarantine",
      "load_id in (select load_id from loads where finished_at < $before::timestamp)",
      before,
    ),
    refusals: await removeWhere(
      db,
      "refusals",
      `rowid in (
         select rowid from refusals where "at" < $before::timestamp
         qualify row_number() over (partition by feed order by "at" desc, rowid desc) > 1)`,
      before,
    ),
    runs: await removeWhere(
      db,
      "runs",
      `run_id in (
         select run_id from runs where finished_at < $before::timestamp
         qualify row_number() over (partition by job, kind, status order by run_id desc) > 1)
       and run_id not in (select min(run_id) from (${lastingTroubles}) group by feed)`,
      before,
    ),
  }));
}

async function removeWhere(db: Database, table: string, which: string, before: string): Promise<number> {
  const found = await db.one<{ n: number }>(`select count(*) as n from ${table} where ${which}`, { before });
  if (found!.n > 0) await db.run(`delete from ${table} where ${which}`, { before });
  return found!.n;
}

const reasonOf = (name: string) => `${name}.reason.txt`;

/** Files that were put away in the inbox so many days ago, each with its reason. */
function removeFiles({ settings, now }: Context, feeds: Iterable<string>): number {
  if (settings.keepFilesDays === 0) return 0;
  const before = now().getTime() - settings.keepFilesDays * 24 * 60 * 60 * 1000;
  let removed = 0;
  for (const feed of feeds)
    for (const end of ["done", "refused"]) {
      const folder = path.join(settings.home, "inbox", feed, end);
      const files = filesIn(folder);
      // A reason is as old as its file, so that neither stays without the other.
      for (const [name, stat] of files) {
        const of = name.endsWith(reasonOf("")) ? files.get(name.slice(0, -reasonOf("").length)) : undefined;
        if ((of ?? stat).ctimeMs >= before) continue;
        rmSync(path.join(folder, name), { force: true });
        if (!of) removed++;
      }
    }
  return removed;
}

function filesIn(folder: string): Map<string, Stats> {
  const found = new Map<string, Stats>();
  for (const name of safeList(folder)) {
    const stat = lstatSync(path.join(folder, name), { throwIfNoEntry: false });
    if (stat?.isFile()) found.set(name, stat);
  }
  return found;
}

function safeList(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

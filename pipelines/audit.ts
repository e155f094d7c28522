import { readFileSync } from "node:fs";
import path from "node:path";
import type { Context } from "./context.ts";
import { dropTemporary, literal, type Database } from "./database.ts";
import { auditSeries, countProtected, type Audit } from "./disclosure/audit.ts";
import { findPlaces } from "./disclosure/places.ts";
import { Refusal } from "./problem.ts";
import type { Project } from "./project.ts";
import { currentSnapshot, isBehind, snapshotsIn } from "./publish.ts";
import { computeCells, prepareSpine } from "./series/series.ts";

/** What an audit of a snapshot found. */
export interface SnapshotAudit extends Audit {
  snapshot: string;
}

const current = `create or replace temp table audited_series as
  select series.* exclude (restated) from past.series semi join (from indicators where protected) as protected using (indicator_id)`;
const past = readFileSync(path.join(import.meta.dirname, "disclosure", "audit-past.sql"), "utf8");

/** Attacks all of the current snapshot, whatever was proven before: its rows as they lie in its file, what older snapshots told besides, and the headcounts of the warehouse. */
export async function auditSnapshot(db: Database, context: Context, project: Project): Promise<SnapshotAudit> {
  const { home } = context.settings;
  const snapshot = currentSnapshot(home);
  if (!snapshot) throw new Refusal("there is no snapshot to audit; publish first: kvv publish");
  if (await isBehind(db, home))
    throw new Refusal("the warehouse holds loads that the snapshot has not; publish first: kvv publish");
  const work = await db.connect();
  try {
    const definitions = project.definitions.filter((each) => each.protected);
    const today = context.now().toISOString().slice(0, 10);
    const source = { definitions, targets: [], today, freshness: new Map(), corrections: "hold" as const };
    await computeCells(work, source, await prepareSpine(work, source));
    await findPlaces(work);
    let counts = {};
    for (const name of [snapshot, ...snapshotsIn(home).filter((each) => each !== snapshot)]) {
      await work.run(`attach ${literal(path.join(home, "published", name, "series.duckdb"))} as past (read_only)`);
      try {
        await work.run(name === snapshot ? current : past);
        if (name === snapshot) counts = await countProtected(work);
      } finally {
        await work.run("detach past");
      }
    }
    // What older snapshots told is attacked with, but is no row of this one.
    const progress = (done: number, total: number) => context.log("auditing", { done, total });
    return { snapshot, ...(await auditSeries(work, { progress })), ...counts };
  } finally {
    await dropTemporary(work);
    work.disconnect();
  }
}

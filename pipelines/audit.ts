import path from "node:path";
import type { Context } from "./context.ts";
import { dropTemporary, literal, type Database } from "./database.ts";
import { auditSeries, type Audit } from "./disclosure/audit.ts";
import { findPlaces } from "./disclosure/complements.ts";
import { Refusal } from "./problem.ts";
import type { Project } from "./project.ts";
import { currentSnapshot, isBehind } from "./publish.ts";
import { computeCells } from "./series/series.ts";

/** What an audit of a snapshot found. */
export interface SnapshotAudit extends Audit {
  snapshot: string;
}

/** Attacks all of the current snapshot, whatever was proven before: its rows as they lie in its file, with the headcounts of the warehouse. */
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
    await computeCells(work, { definitions, targets: [], today, freshness: new Map() });
    await findPlaces(work);
    await work.run(
      `attach ${literal(path.join(home, "published", snapshot, "series.duckdb"))} as audited_snapshot (read_only)`,
    );
    try {
      await work.run("create or replace temp view audited_series as from audited_snapshot.series");
      const progress = (done: number, total: number) => context.log("auditing", { done, total });
      return { snapshot, ...(await auditSeries(work, { progress })) };
    } finally {
      await work.run("drop view if exists temp.audited_series");
      await work.run("detach audited_snapshot");
    }
  } finally {
    await dropTemporary(work);
    work.disconnect();
  }
}

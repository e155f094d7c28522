import type { WarehouseWork } from "./command.ts";
import type { Context } from "./context.ts";
import type { Contract } from "./contracts/contract.ts";
import type { Database } from "./database.ts";
import { inWords } from "./faults.ts";
import { foldAll, isFoldDue, type Folded } from "./loading/fold.ts";
import { applyRetention, removedWords, type Removed } from "./loading/retention.ts";
import { writeOperations } from "./operations.ts";
import { recordRun, writeRun } from "./runs.ts";
import { removeOldOffers } from "./upload.ts";

/** Folds what is due, as a run; no run where nothing is. */
export async function foldDue(db: Database, context: Context, contracts: Map<string, Contract>): Promise<Folded[]> {
  if (!(await isFoldDue(db, context, contracts))) return [];
  const { folded } = await recordRun(db, "fold", context, async () => ({
    folded: await foldAll(db, context, contracts),
  }));
  for (const { feed, events, cells } of folded)
    context.log(`${feed}: ${events} closed events folded into ${cells} cells`);
  return folded;
}

/** Removes what is past its retention, as a run; no run where nothing is. */
export async function removeDue(db: Database, context: Context, contracts: Map<string, Contract>): Promise<Removed> {
  const run = { job: "retention", kind: "other", started: context.now() } as const;
  try {
    const removed = await applyRetention(db, context, contracts);
    const words = removedWords(removed);
    if (words) {
      await writeRun(db, { ...run, finished: context.now(), status: "done", counts: removed }, context);
      context.log(`past their retention and removed: ${words}`);
    }
    return removed;
  } catch (error) {
    await writeRun(db, { ...run, finished: context.now(), status: "failed", error: inWords(error) }, context);
    throw error;
  }
}

/** What is done each night and at each start. Trouble with removing keeps nothing else from being done: it is recorded, and tried again the next time. */
export async function housekeep({
  db,
  context,
  project,
}: Pick<WarehouseWork, "db" | "context" | "project">): Promise<void> {
  removeOldOffers(context.settings.home, new Date());
  const last = () => db.one<{ id: number }>("select coalesce(max(run_id), 0) as id from runs");
  const before = await last();
  await foldDue(db, context, project.contracts);
  await removeDue(db, context, project.contracts).catch((error: unknown) =>
    context.log(`removing what is past its retention failed: ${inWords(error)}`),
  );
  const after = await last();
  if (after!.id > before!.id) await writeOperations(db, context, project);
}

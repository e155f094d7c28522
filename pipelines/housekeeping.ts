import type { Context } from "./context.ts";
import type { Contract } from "./contracts/contract.ts";
import type { Database } from "./database.ts";
import { foldAll, isFoldDue, type Folded } from "./loading/fold.ts";
import { recordRun } from "./runs.ts";

/** Folds what is due, as a run; no run where nothing is. */
export async function foldDue(db: Database, context: Context, contracts: Map<string, Contract>): Promise<Folded[]> {
  if (!(await isFoldDue(db, context, contracts))) return [];
  const { folded } = await recordRun(db, "fold", context.now, async () => ({
    folded: await foldAll(db, context, contracts),
  }));
  for (const { feed, events, cells } of folded)
    context.log(`${feed}: ${events} closed events folded into ${cells} cells`);
  return folded;
}

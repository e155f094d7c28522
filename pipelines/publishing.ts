import { runInOwnProcess } from "./apart.ts";
import type { WarehouseWork } from "./command.ts";
import type { Context } from "./context.ts";
import type { Database } from "./database.ts";
import { inWords } from "./faults.ts";
import type { LakeResult } from "./lake.ts";
import { writeOperations } from "./operations.ts";
import { checkProject } from "./project.ts";
import { publish, type PublishResult } from "./publish.ts";
import { recordRun } from "./runs.ts";
import { sealOf, writeSeal } from "./seal.ts";

export type { PublishResult };

/** Publishes what the warehouse holds, as a recorded run, and tells a parent process of the new snapshot. */
export async function publishProject({
  db,
  context,
  project,
}: Pick<WarehouseWork, "db" | "context" | "project">): Promise<PublishResult> {
  checkProject(project);
  const seal = await sealOf(context, db, project);
  let result: PublishResult;
  try {
    result = await recordRun(db, "publish", context, () => publish(db, context, project));
    writeSeal(context, seal);
  } finally {
    // What was loaded, and that publishing failed, is told in any case.
    await writeOperations(db, context, project);
  }
  process.send?.({ type: "published", snapshot: result.snapshot });
  if (context.settings.lake) await keepInLake(db, context, result.snapshot);
  return result;
}

/** Writes the snapshot into the lake, as a run of its own. Readers have it already: what fails here is recorded, and tried again with the next. */
async function keepInLake(db: Database, context: Context, snapshot: string): Promise<void> {
  const { home, lake } = context.settings;
  const work = () =>
    runInOwnProcess<LakeResult>(
      "pipelines/lake-once.ts",
      { home, snapshot, lake },
      {
        what: "the snapshot was not written into the lake",
        tell: (progress) => context.log("writing into the lake", progress),
      },
    );
  try {
    await recordRun(db, "lake", context, work);
  } catch (error) {
    context.log(inWords(error));
  }
}

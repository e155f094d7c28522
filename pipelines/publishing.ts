import type { WarehouseWork } from "./command.ts";
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
  return result;
}

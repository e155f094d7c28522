import type { OwnerCommand } from "../command.ts";
import { rebuild, type RebuildResult } from "../loading/rebuild.ts";
import { writeOperations } from "../operations.ts";
import { recordRun } from "../runs.ts";

export const command: OwnerCommand<RebuildResult> = {
  usage: "rebuild",
  help: "Makes the warehouse anew from the archive; publishing then gives the same figures",
  makesFigures: true,
  where: "owner",
  async run({ db, context, project }) {
    const result = await recordRun(db, "rebuild", context, () => rebuild(db, context, project.contracts));
    await writeOperations(db, context, project);
    return result;
  },
  print: ({ loads, rows }) => `${loads} loads from the archive: ${rows} rows`,
};

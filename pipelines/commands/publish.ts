import type { OwnerCommand } from "../command.ts";
import { publishProject, type PublishResult } from "../publishing.ts";

export const command: OwnerCommand<PublishResult> = {
  usage: "publish",
  help: "Builds a snapshot from the warehouse, through the disclosure gate, and switches readers to it",
  where: "owner",
  run: (work) => publishProject(work),
  print: ({ snapshot, seconds, rows, withheld, restated, computed }) =>
    `${snapshot}: ${rows} rows, ${withheld} withheld, ${restated} restated, ${computed.length} indicators computed anew, in ${seconds.toFixed(1)} s`,
};

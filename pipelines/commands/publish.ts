import type { OwnerCommand } from "../command.ts";
import { publishProject, type PublishResult } from "../publishing.ts";

export const command: OwnerCommand<PublishResult> = {
  usage: "publish",
  help: "Builds a snapshot from the warehouse, through the disclosure gate, and switches readers to it",
  makesFigures: true,
  where: "owner",
  run: (work) => publishProject(work),
  print: ({ snapshot, seconds, rows, withheld, restated, computed, continued }) => {
    const years = Object.values(continued).filter((year) => year !== null);
    const since = years.length > 0 ? ` (${years.length} of them from ${Math.min(...years)} on)` : "";
    return `${snapshot}: ${rows} rows, ${withheld} withheld, ${restated} restated, ${computed.length} indicators computed anew${since}, in ${seconds.toFixed(1)} s`;
  },
};

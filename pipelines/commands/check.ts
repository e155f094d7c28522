import path from "node:path";
import type { Fault } from "../contracts/contract.ts";
import type { LocalCommand } from "../command.ts";
import { faultLines } from "../project.ts";
import { mappingFaults } from "../reading/mappings.ts";
import type { Settings } from "../settings.ts";

interface Result {
  ok: boolean;
  faults: Fault[];
}

export const command: LocalCommand<Result> = {
  usage: "check",
  help: "Checks contracts, mappings, indicators, targets, schedule and owners; names every fault with file and line",
  where: "here",
  async run({ project, context: { settings } }) {
    const mappings = mappingFaults(settings, project.contracts).map((fault) => ({
      ...fault,
      file: shownFile(fault.file, settings),
    }));
    const faults = [...project.faults, ...mappings];
    const same = (a: Fault, b: Fault) => faultLines([a]) === faultLines([b]);
    const distinct = faults.filter((fault, i) => faults.findIndex((other) => same(fault, other)) === i);
    return { ok: distinct.length === 0, faults: distinct };
  },
  print: ({ faults }) => (faults.length === 0 ? "no faults" : `${faultLines(faults)}\n${faults.length} faults`),
  exit: ({ ok }) => (ok ? 0 : 1),
};

/** A file of the configuration from its folder on; one of the home by its whole path. */
function shownFile(file: string, { config, home }: Pick<Settings, "config" | "home">): string {
  const relative = path.relative(config, file);
  return file.startsWith(home) || relative.startsWith("..") ? file : relative;
}

import type { Fault } from "../contracts/contract.ts";
import type { LocalCommand } from "../command.ts";
import { faultLines } from "../project.ts";

interface Result {
  ok: boolean;
  faults: Fault[];
}

export const command: LocalCommand<Result> = {
  usage: "check",
  help: "Checks contracts, indicators, targets and schedule; names every fault with file and line",
  where: "here",
  async run({ project }) {
    return { ok: project.faults.length === 0, faults: project.faults };
  },
  print: ({ faults }) => (faults.length === 0 ? "no faults" : `${faultLines(faults)}\n${faults.length} faults`),
  exit: ({ ok }) => (ok ? 0 : 1),
};

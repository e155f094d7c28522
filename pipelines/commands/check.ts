import path from "node:path";
import { undecidedGrounds, type Fault } from "../contracts/contract.ts";
import type { LocalCommand } from "../command.ts";
import { changeFaults } from "../indicators/change.ts";
import { stateFaults } from "../indicators/states.ts";
import { recordVersions, unrecorded } from "../indicators/versions.ts";
import { faultLines } from "../project.ts";
import { mappingFaults } from "../reading/mappings.ts";
import type { Settings } from "../settings.ts";

interface Result {
  ok: boolean;
  faults: Fault[];
  /** Versions of indicators that nobody has recorded yet, by their ids; with --record those that were recorded. */
  unrecorded: string[];
  recorded: string[];
  /** Feeds with personal data on whose ground the force has not decided: no fault, but to be done. */
  undecided: string[];
}

export const command: LocalCommand<Result> = {
  usage: "check [--record]",
  help: "Checks contracts, mappings, indicators, targets, cycle, schedule, owners and the assessment of risks; names every fault with file and line. --record writes down what new versions of indicators compute",
  options: { record: { type: "boolean" } },
  where: "here",
  async run({ project, values, context: { settings } }) {
    const indicators = path.join(settings.config, "pipelines", "indicators");
    const found = [
      ...mappingFaults(settings, project.contracts),
      ...(await stateFaults(indicators, project.definitions, project.contracts)),
      ...(await changeFaults(indicators, project.definitions, project.contracts)),
    ];
    const faults = [...project.faults, ...found.map((fault) => ({ ...fault, file: shownFile(fault.file, settings) }))];
    const same = (a: Fault, b: Fault) => faultLines([a]) === faultLines([b]);
    const distinct = faults.filter((fault, i) => faults.findIndex((other) => same(fault, other)) === i);
    const recorded = values.record ? recordVersions(indicators, project.definitions) : [];
    const left = unrecorded(indicators, project.definitions).map(({ id }) => id);
    return {
      ok: distinct.length === 0,
      faults: distinct,
      unrecorded: left,
      recorded,
      undecided: undecidedGrounds(project.contracts.values()),
    };
  },
  print: ({ faults, unrecorded, recorded, undecided }) =>
    [
      ...(faults.length === 0 ? ["no faults"] : [faultLines(faults), `${faults.length} faults`]),
      ...recorded.map((name) => `recorded ${name}`),
      ...(unrecorded.length > 0
        ? [`${unrecorded.length} versions are not recorded, so a change of them goes unseen: kvv check --record`]
        : []),
      ...(undecided.length > 0
        ? [
            `on the legal ground of ${undecided.length} feeds the force has yet to decide (ground_decided in their contract): ${undecided.join(", ")}`,
          ]
        : []),
    ].join("\n"),
  exit: ({ ok }) => (ok ? 0 : 1),
};

/** A file of the configuration from its folder on; one of the home by its whole path. */
function shownFile(file: string, { config, home }: Pick<Settings, "config" | "home">): string {
  const relative = path.relative(config, file);
  return file.startsWith(home) || relative.startsWith("..") ? file : relative;
}

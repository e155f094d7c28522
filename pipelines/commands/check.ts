import path from "node:path";
import { undecidedGrounds, type Fault } from "../contracts/contract.ts";
import type { LocalCommand } from "../command.ts";
import { changeFaults } from "../indicators/change.ts";
import { peopleFaults } from "../indicators/people.ts";
import { stateFaults } from "../indicators/states.ts";
import { recordVersions, unrecorded } from "../indicators/versions.ts";
import { faultLines, shownFile } from "../project.ts";
import { mappingFaults } from "../reading/mappings.ts";

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
  async run({ project: read, values, context: { settings } }) {
    const project = await read();
    const { contracts, definitions, files } = project;
    const indicators = path.join(settings.config, "pipelines", "indicators");
    const found = [
      ...mappingFaults(settings, contracts),
      ...(await stateFaults(files, definitions, contracts)),
      ...(await peopleFaults(files, definitions, contracts)),
      ...(await changeFaults(files, definitions, contracts)),
    ];
    const faults = [...project.faults, ...found.map((fault) => ({ ...fault, file: shownFile(fault.file, settings) }))];
    const same = (a: Fault, b: Fault) => faultLines([a]) === faultLines([b]);
    const distinct = faults.filter((fault, i) => faults.findIndex((other) => same(fault, other)) === i);
    // What was adopted in the home has its record there.
    const own = definitions.filter(({ id }) => path.dirname(files.get(id)!) === indicators);
    const recorded = values.record ? recordVersions(indicators, own) : [];
    const left = unrecorded(indicators, own).map(({ id }) => id);
    return {
      ok: distinct.length === 0,
      faults: distinct,
      unrecorded: left,
      recorded,
      undecided: undecidedGrounds(contracts.values()),
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

import { existsSync } from "node:fs";
import path from "node:path";
import { readContracts, type Contract, type Fault } from "./contracts/contract.ts";
import type { Definition } from "./indicators/definition.ts";
import { readDefinitions } from "./indicators/read.ts";
import { readOwners } from "./owners-file.ts";
import { readPapers } from "./papers.ts";
import { Refusal } from "./problem.ts";
import { readSchedule, type Job } from "./schedule-file.ts";
import type { Settings } from "./settings.ts";
import { readTargets, type Target } from "./targets.ts";

/** What the configuration folder says: feeds, indicators, targets, schedule; and every fault in them. */
export interface Project {
  contracts: Map<string, Contract>;
  definitions: Definition[];
  targets: Target[];
  jobs: Job[];
  /** Who is told of the feeds of an owner. */
  owners: Map<string, string[]>;
  faults: Fault[];
}

/** Reads the whole configuration; collects faults and throws none. */
export async function readProject(settings: Settings): Promise<Project> {
  const file = (...parts: string[]) => path.join(settings.config, ...parts);
  const { contracts, faults: contractFaults } = readContracts(file("pipelines", "contracts"));
  const papersFile = file("data", "sources.csv");
  const { papers, faults: paperFaults } = existsSync(papersFile) ? readPapers(papersFile) : { papers: [], faults: [] };
  const { definitions, faults: definitionFaults } = await readDefinitions(
    file("pipelines", "indicators"),
    contracts,
    papers,
  );
  const targetsFile = file("data", "targets.csv");
  const { targets, faults: targetFaults } = existsSync(targetsFile)
    ? readTargets(targetsFile, definitions, papers)
    : { targets: [], faults: [] };
  const scheduleFile = file("data", "schedule.yaml");
  const { jobs, faults: scheduleFaults } = existsSync(scheduleFile)
    ? readSchedule(scheduleFile, { contracts, config: settings.config })
    : { jobs: [], faults: [] };
  const ownersFile = file("data", "owners.yaml");
  const { owners, faults: ownerFaults } = existsSync(ownersFile)
    ? readOwners(ownersFile, contracts)
    : { owners: new Map<string, string[]>(), faults: [] };
  const relative = (fault: Fault) => ({ ...fault, file: path.relative(settings.config, fault.file) });
  return {
    contracts,
    definitions,
    targets,
    jobs,
    owners,
    faults: [
      ...contractFaults,
      ...paperFaults,
      ...definitionFaults,
      ...targetFaults,
      ...scheduleFaults,
      ...ownerFaults,
    ].map(relative),
  };
}

/** Faults as lines that an editor can open: `file:line: message`. */
export function faultLines(faults: Fault[]): string {
  return faults.map((fault) => `${fault.file}:${fault.line}: ${fault.message}`).join("\n");
}

/** Refuses to work with a configuration that has faults. */
export function checkProject(project: Project): void {
  if (project.faults.length === 0) return;
  throw new Refusal(
    `the configuration has ${project.faults.length} faults; mend these first:\n${faultLines(project.faults)}`,
  );
}

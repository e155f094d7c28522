import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parseAssessment } from "./assessment-file.ts";
import { readBreaks, type Break } from "./breaks.ts";
import { readContracts, type Contract, type Fault } from "./contracts/contract.ts";
import { parseCycle, type Duty } from "./cycle-file.ts";
import { readEvents, type ProgrammeEvent } from "./events.ts";
import type { Definition } from "./indicators/definition.ts";
import { readDefinitions } from "./indicators/read.ts";
import { versionsFolder, type VersionFile } from "./indicators/versions.ts";
import { overlayIn, type Overlay } from "./overlay.ts";
import { readOwners } from "./owners-file.ts";
import { readPapers, type Paper } from "./papers.ts";
import { Refusal } from "./problem.ts";
import { readSchedule, type Job } from "./schedule-file.ts";
import type { Settings } from "./settings.ts";
import { readTargetFiles, type Target } from "./targets.ts";

/** What the configuration folder says: feeds, indicators, targets, events, breaks, schedule, what is due when; and every fault in them. */
export interface Project {
  contracts: Map<string, Contract>;
  papers: Paper[];
  definitions: Definition[];
  /** What the versions of the indicators compute, as it was recorded. */
  versions: VersionFile[];
  /** The file in which each definition stands, by id: of the configuration, or one that was adopted in the home. */
  files: Map<string, string>;
  targets: Target[];
  events: ProgrammeEvent[];
  breaks: Break[];
  jobs: Job[];
  /** What comes back, for the calendar. */
  duties: Duty[];
  /** Who is told of the feeds of an owner. */
  owners: Map<string, string[]>;
  faults: Fault[];
}

/** Feeds, papers and indicators: what takes long to read, as every query is bound against the feeds. */
type Catalogue = Pick<Project, "contracts" | "papers" | "definitions" | "versions" | "files" | "faults">;

/** The folder of the configuration, and the home whose adopted definitions are read over it. */
export type Configured = Pick<Settings, "config"> & Partial<Pick<Settings, "home">>;

/** Reads one configuration again and again. The catalogue is kept while every byte of its files is as it was; all else is read anew each time. */
export class ProjectReader {
  private readonly configured: Configured;
  private readonly overlay: Overlay | undefined;
  private last: { state: string; project: Project } | null = null;
  private kept: { hash: string; catalogue: Catalogue } | null = null;

  constructor(configured: Configured) {
    this.configured = configured;
    this.overlay = configured.home === undefined ? undefined : overlayIn(configured.home);
  }

  /** The configuration for what is asked often: as it was read last, while no file of the catalogue, its papers or its targets was written since. */
  async readAgain(): Promise<Project> {
    const looked = Date.now();
    const { state, newest } = stateOfFiles(this.configured.config, this.overlay);
    if (this.last?.state === state) return this.last.project;
    const project = await this.read();
    // What is written in the same moment may have the same times.
    this.last = newest < looked - settledMs ? { state, project } : null;
    return project;
  }

  /** Reads the whole configuration; collects faults and throws none. */
  async read(): Promise<Project> {
    const { overlay } = this;
    const { config } = this.configured;
    // Before they are read: a file that is edited meanwhile has them read again the next time.
    const hash = hashOfCatalogue(config, overlay);
    if (this.kept?.hash !== hash) this.kept = { hash, catalogue: await readCatalogue(config, overlay) };
    const { contracts, papers, definitions, versions, files, faults } = this.kept.catalogue;
    const file = (name: string) => path.join(config, "data", name);
    const { targets, faults: targetFaults } = readTargetFiles(
      [file("targets.csv"), ...(overlay ? [overlay.targets] : [])],
      definitions,
      papers,
    );
    const { events, faults: eventFaults } = existsSync(file("events.csv"))
      ? readEvents(file("events.csv"), definitions, papers)
      : { events: [], faults: [] };
    const { breaks, faults: breakFaults } = existsSync(file("breaks.csv"))
      ? readBreaks(file("breaks.csv"), definitions)
      : { breaks: [], faults: [] };
    const { jobs, faults: scheduleFaults } = existsSync(file("schedule.yaml"))
      ? readSchedule(file("schedule.yaml"), { contracts, config })
      : { jobs: [], faults: [] };
    const { owners, faults: ownerFaults } = existsSync(file("owners.yaml"))
      ? readOwners(file("owners.yaml"), contracts)
      : { owners: new Map<string, string[]>(), faults: [] };
    const { duties, faults: cycleFaults } = existsSync(file("cycle.yaml"))
      ? parseCycle(readFileSync(file("cycle.yaml"), "utf8"), file("cycle.yaml"), papers)
      : { duties: [], faults: [] };
    const assessmentFaults = existsSync(file("assessment.yaml"))
      ? parseAssessment(readFileSync(file("assessment.yaml"), "utf8"), file("assessment.yaml")).faults
      : [];
    const relative = (fault: Fault) => ({ ...fault, file: shownFile(fault.file, this.configured) });
    const all = [
      ...faults,
      ...targetFaults,
      ...eventFaults,
      ...breakFaults,
      ...scheduleFaults,
      ...ownerFaults,
      ...cycleFaults,
      ...assessmentFaults,
    ].map(relative);
    return {
      contracts,
      papers,
      definitions,
      versions,
      files,
      targets,
      events,
      breaks,
      jobs,
      duties,
      owners,
      faults: all,
    };
  }
}

/** A file of the configuration from its folder on; one of the home, or of elsewhere, by its whole path. */
export function shownFile(file: string, { config, home }: Configured): string {
  const relative = path.relative(config, file);
  const isOutside = relative.startsWith("..") || path.isAbsolute(relative);
  return isOutside || (home !== undefined && file.startsWith(home)) ? file : relative;
}

/** Reads the whole configuration once. */
export const readProject = (settings: Configured): Promise<Project> => new ProjectReader(settings).read();

const contractsIn = (config: string) => path.join(config, "pipelines", "contracts");
const indicatorsIn = (config: string) => path.join(config, "pipelines", "indicators");
const papersIn = (config: string) => path.join(config, "data", "sources.csv");

async function readCatalogue(config: string, overlay?: Overlay): Promise<Catalogue> {
  const { contracts, faults: contractFaults } = readContracts(contractsIn(config));
  const { papers, faults: paperFaults } = existsSync(papersIn(config))
    ? readPapers(papersIn(config))
    : { papers: [], faults: [] };
  const { faults, ...read } = await readDefinitions(indicatorsIn(config), contracts, papers, overlay?.indicators);
  return { contracts, papers, ...read, faults: [...contractFaults, ...paperFaults, ...faults] };
}

/** How long a file has stood when it is known that its times are those of its last change. */
const settledMs = 1000;

/** The sizes and times of every file of the catalogue, its papers and its targets, and when the last of them was written. */
function stateOfFiles(config: string, overlay?: Overlay): { state: string; newest: number } {
  const indicators = [indicatorsIn(config), ...(overlay ? [overlay.indicators] : [])];
  const folders = [contractsIn(config), ...indicators.flatMap((each) => [each, versionsFolder(each)])];
  const files = [
    ...folders.flatMap((folder) =>
      existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [],
    ),
    ...[papersIn(config), path.join(config, "data", "targets.csv"), ...(overlay ? [overlay.targets] : [])],
  ];
  const found = files.map((file) => ({ file, stat: statSync(file, { throwIfNoEntry: false }) }));
  return {
    state: found
      .map(({ file, stat }) => [file, stat?.ino, stat?.size, stat?.mtimeMs, stat?.ctimeMs].join(" "))
      .join("\n"),
    newest: Math.max(...found.map(({ stat }) => stat?.ctimeMs ?? 0)),
  };
}

/** A hash of the names and bytes of every file of the catalogue. */
function hashOfCatalogue(config: string, overlay?: Overlay): string {
  const hash = createHash("sha256");
  const add = (file: string) => {
    const bytes = readFileSync(file);
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  };
  const indicators = [indicatorsIn(config), ...(overlay ? [overlay.indicators] : [])];
  for (const folder of [contractsIn(config), ...indicators.flatMap((each) => [each, versionsFolder(each)])]) {
    const names = existsSync(folder) ? readdirSync(folder).sort() : [];
    hash.update(names.join("\0"));
    for (const name of names.filter((each) => /\.(yaml|sql)$/.test(each))) add(path.join(folder, name));
  }
  if (existsSync(papersIn(config))) add(papersIn(config));
  return hash.digest("hex");
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

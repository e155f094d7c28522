import type { Definition } from "../../pipelines/indicators/definition.ts";
import type { Project } from "../../pipelines/project.ts";
import { contracts } from "./figures.ts";

/** A project of the contracts and some definitions, and nothing else. */
export const projectOf = (definitions: Definition[]): Project => ({
  ...{
    contracts,
    papers: [],
    versions: [],
    files: new Map(),
    definitions,
    targets: [],
    events: [],
    breaks: [],
    jobs: [],
    duties: [],
  },
  ...{ owners: new Map(), faults: [] },
});

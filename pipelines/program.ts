import path from "node:path";
import { projectFolder } from "./settings.ts";

const runner = path.join(projectFolder, "pipelines", "run.cjs");

/** The arguments of `node` that run a program of this project, named from its folder, in a process of its own. */
export const programArguments = (program: string, ...args: string[]): string[] => [runner, program, ...args];

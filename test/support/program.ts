import { createRequire } from "node:module";
import { projectFolder } from "../../pipelines/settings.ts";

const runner = createRequire(import.meta.url)("../../pipelines/run.cjs") as {
  compiled(folder: string, program: string): Promise<string>;
  programs: readonly string[];
};

/** The compiled file of a program in a folder, made where a source changed. */
export const { compiled } = runner;

/** Those that `npm run build` makes. */
export const { programs } = runner;

/** Compiles the command line, before a test leaves no room for that. */
export const compileCli = (): Promise<string> => compiled(projectFolder, "pipelines/cli.ts");

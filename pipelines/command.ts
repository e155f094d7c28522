import { readdirSync } from "node:fs";
import path from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Context } from "./context.ts";
import type { Database } from "./database.ts";
import { Usage } from "./problem.ts";
import type { Project } from "./project.ts";
import type { Upload } from "./upload.ts";

export type Values = Record<string, string | boolean | undefined>;

/** What a command works with. */
export interface Work {
  context: Context;
  project: Project;
  values: Values;
  positionals: string[];
  /** Folder the person stands in: relative paths start here. */
  cwd: string;
}

/** The same, for a command that runs in the process that was called: most of those need no configuration, and reading it takes as long as all else. */
export interface LocalWork extends Omit<Work, "project"> {
  /** Reads the configuration. */
  project(): Promise<Project>;
}

/** The same, for a command that runs at the owner of the warehouse. */
export interface WarehouseWork extends Work {
  db: Database;
  /** The file of a `load`, where it lies in no folder. */
  upload?: Upload;
}

interface Base<Result> {
  usage: string;
  help: string;
  options?: NonNullable<ParseArgsConfig["options"]>;
  /** Loads, or makes figures: not in a home whose figures are fetched from elsewhere. */
  makesFigures?: boolean;
  /** The result in words. */
  print(result: Result): string;
  /** 0 done, 1 refused or failed; 0 where left out. */
  exit?(result: Result): number;
}

/** Needs the warehouse: a running schedule does it, or else this process. */
export interface OwnerCommand<Result = object> extends Base<Result> {
  where: "owner";
  run(work: WarehouseWork): Promise<Result>;
}

/** Runs in the process that was called. */
export interface LocalCommand<Result = object> extends Base<Result> {
  where: "here";
  run(work: LocalWork): Promise<Result>;
}

/** One command of `kvv`: a file in `commands/`, named as the command. */
export type Command = OwnerCommand | LocalCommand;

const folder = path.join(import.meta.dirname, "commands");

/** Names of all commands: those of the files. */
export function commandNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3))
    .sort();
}

/** The command of that name; wrong usage where there is none. */
export async function loadCommand(name: string): Promise<Command> {
  if (!commandNames().includes(name)) throw new Usage(`no command "${name}"; there are: ${commandNames().join(", ")}`);
  const module = (await import(`./commands/${name}.ts`)) as { command: Command };
  return module.command;
}

/** Splits a command's arguments; an unknown option is wrong usage. */
export function parseCommand(
  command: Command,
  args: string[],
): { values: Values; positionals: string[]; json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { ...command.options, json: { type: "boolean" } },
      allowPositionals: true,
      strict: true,
    });
    return { values: values as Values, positionals, json: values.json === true };
  } catch (error) {
    throw new Usage(`${(error as Error).message}\nusage: kvv ${command.usage}`);
  }
}

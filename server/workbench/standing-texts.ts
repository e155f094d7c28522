import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Headings, type Heading } from "./header.ts";
import type { Texts } from "./life.ts";
import { indicatorsIn, targetLinesOf } from "./target-lines.ts";

/** What stands of an indicator now. */
export interface StandingTexts extends Texts, Heading {
  indicator_id: string;
}

/** Where definitions lie: in the project, and in the home those that were adopted here. */
export interface DefinitionFolders {
  config: string;
  home: string;
}

/** Of an indicator that has no lines yet: what a file of targets begins with. */
const targetHeader =
  "indicator_id,unit_id,breakdown,breakdown_value,goal,status,from,to,kind,value,tolerance,grain,baseline_from,baseline_to,source,by,proposed_on,decided_on\n";

/** The texts of all indicators as they stand: those of the project, and over them those that were adopted in the home. */
export class DefinitionTexts {
  private readonly folders: DefinitionFolders;
  readonly headings = new Headings();

  constructor(folders: DefinitionFolders) {
    this.folders = folders;
  }

  /** By id, in its order. */
  async all(): Promise<Map<string, StandingTexts>> {
    const { config, home } = this.folders;
    const adopted = path.join(home, "definitions");
    const [own, here] = await Promise.all([
      readSide({
        definitions: path.join(config, "pipelines", "indicators"),
        examples: path.join(config, "test", "indicators"),
        targets: path.join(config, "data", "targets.csv"),
      }),
      readSide({
        definitions: path.join(adopted, "indicators"),
        examples: path.join(adopted, "examples"),
        targets: path.join(adopted, "targets.csv"),
      }),
    ]);
    const ids = [...new Set([...own.definitions.keys(), ...here.definitions.keys()])].sort();
    const adoptedTargets = indicatorsIn(here.targets);
    return new Map(
      ids.map((indicator_id) => {
        const side = this.sideOf(own.definitions.get(indicator_id), here.definitions.get(indicator_id));
        const from = side === "own" ? own : here;
        const definition = from.definitions.get(indicator_id)!;
        const file = adoptedTargets.has(indicator_id) ? here.targets : own.targets;
        const texts = {
          definition,
          examples: from.examples.get(indicator_id) ?? own.examples.get(indicator_id) ?? "",
          targets: targetLinesOf(file, indicator_id) || targetHeader,
        };
        return [indicator_id, { indicator_id, ...texts, ...this.headings.of(definition) }];
      }),
    );
  }

  /** What stands of one; null where there is none. */
  async of(indicator_id: string): Promise<StandingTexts | null> {
    return (await this.all()).get(indicator_id) ?? null;
  }

  /** What a file of targets begins with. */
  async targetHeader(): Promise<string> {
    const file = path.join(this.folders.config, "data", "targets.csv");
    return targetLinesOf(await readText(file), "") || targetHeader;
  }

  /** The project's own holds once it is as far. */
  private sideOf(own: string | undefined, here: string | undefined): "own" | "here" {
    if (own === undefined) return "here";
    if (here === undefined) return "own";
    return this.headings.of(here).number > this.headings.of(own).number ? "here" : "own";
  }
}

interface Side {
  definitions: Map<string, string>;
  examples: Map<string, string>;
  targets: string;
}

async function readSide(files: { definitions: string; examples: string; targets: string }): Promise<Side> {
  const [definitions, examples, targets] = await Promise.all([
    readFolder(files.definitions, ".sql"),
    readFolder(files.examples, ".yaml"),
    readText(files.targets),
  ]);
  return { definitions, examples, targets };
}

async function readFolder(folder: string, ending: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const found = names.filter((name) => name.endsWith(ending)).sort();
  const texts = await Promise.all(found.map((name) => readText(path.join(folder, name))));
  return new Map(found.map((name, i) => [name.slice(0, -ending.length), texts[i]!]));
}

/** The text of a file; empty where there is none. */
async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

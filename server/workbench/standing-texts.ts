import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { standingFiles } from "../../pipelines/indicators/standing.ts";
import { overlayIn } from "../../pipelines/overlay.ts";
import { headerOf, linesAbout } from "../../pipelines/workbench/target-lines.ts";
import { Headings, type Heading } from "./header.ts";
import type { Texts } from "./life.ts";

/** What stands of an indicator now. */
export interface StandingTexts extends Texts, Heading {
  indicator_id: string;
}

/** Where definitions lie: in the configuration, and in the home those that were adopted here. */
export interface DefinitionFolders {
  config: string;
  home: string;
}

/** The texts of all indicators as they stand: those of the configuration, and over them those that were adopted in the home. */
export class DefinitionTexts {
  private readonly folders: DefinitionFolders;
  readonly headings = new Headings();

  constructor(folders: DefinitionFolders) {
    this.folders = folders;
  }

  /** By id, in its order. */
  all(): Map<string, StandingTexts> {
    const { config, home } = this.folders;
    const over = overlayIn(home);
    const { files } = standingFiles(path.join(config, "pipelines", "indicators"), over.indicators);
    const targets = this.targets();
    return new Map(
      files.map(({ id, file, text }) => {
        const texts = { definition: text, examples: this.examplesOf(id, file), targets: targets.of(id) };
        return [id, { indicator_id: id, ...texts, ...this.headings.of(text) }];
      }),
    );
  }

  /** What stands of one; null where there is none. */
  of(indicator_id: string): StandingTexts | null {
    return this.all().get(indicator_id) ?? null;
  }

  /** What a file of targets begins with. */
  targetHeader(): string {
    return this.targets().of("");
  }

  /** Beside a definition of the configuration that holds over an adopted one stands the example of the configuration. */
  private examplesOf(id: string, file: string): string {
    const { config, home } = this.folders;
    const over = overlayIn(home);
    const adopted = path.join(over.examples, `${id}.yaml`);
    const own = path.join(config, "test", "indicators", `${id}.yaml`);
    const overtaken =
      file !== path.join(over.indicators, `${id}.sql`) && existsSync(path.join(over.indicators, `${id}.sql`));
    const [first, second] = overtaken ? [own, adopted] : [adopted, own];
    return textOf(first) ?? textOf(second) ?? "";
  }

  /** Of an indicator that the home has lines of, none of the configuration count. */
  private targets(): { of(indicator_id: string): string } {
    const own = textOf(path.join(this.folders.config, "data", "targets.csv")) ?? "";
    const adopted = textOf(overlayIn(this.folders.home).targets) ?? "";
    const header = headerOf(own) || headerOf(adopted) || columns;
    return {
      of(indicator_id) {
        const here = linesAbout(adopted, indicator_id);
        const lines = here.length > 0 ? here : linesAbout(own, indicator_id);
        return [here.length > 0 ? headerOf(adopted) : header, ...lines].join("\n") + "\n";
      },
    };
  }
}

/** What a file of targets begins with where there is none yet. */
const columns =
  "indicator_id,unit_id,breakdown,breakdown_value,goal,status,from,to,kind,value,tolerance,grain,baseline_from,baseline_to,source,by,proposed_on,decided_on";

/** The text of a file; null where there is none. */
const textOf = (file: string): string | null => (existsSync(file) ? readFileSync(file, "utf8") : null);

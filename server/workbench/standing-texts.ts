import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { standingFiles } from "../../pipelines/indicators/standing.ts";
import { overlayIn } from "../../pipelines/overlay.ts";
import { linesOf } from "../../pipelines/workbench/target-lines.ts";
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
  /** The files of targets as they were read last: those of the configuration, and those that were adopted. */
  private readonly read = [new TargetLines(), new TargetLines()] as const;
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

  /** The targets of one, or what a file of targets begins with. */
  targetsOf(indicator_id: string): string {
    return this.targets().of(indicator_id);
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
    const [ofOwn, ofAdopted] = [this.read[0].of(own), this.read[1].of(adopted)];
    const header = ofOwn.header || ofAdopted.header || columns;
    return {
      of(indicator_id) {
        const here = ofAdopted.lines.get(indicator_id);
        const lines = here ?? ofOwn.lines.get(indicator_id) ?? [];
        return [here ? ofAdopted.header : header, ...lines].join("\n") + "\n";
      },
    };
  }
}

/** The lines of a file of targets by indicator, taken apart once while its text stays the same. */
class TargetLines {
  private text: string | null = null;
  private found: { header: string; lines: Map<string, string[]> } = { header: "", lines: new Map() };

  of(text: string): { header: string; lines: ReadonlyMap<string, string[]> } {
    if (text === this.text) return this.found;
    const { header, lines } = linesOf(text);
    this.found = { header, lines: new Map() };
    for (const { id, raw } of lines) this.found.lines.set(id, [...(this.found.lines.get(id) ?? []), raw]);
    this.text = text;
    return this.found;
  }
}

/** What a file of targets begins with where there is none yet. */
const columns =
  "indicator_id,unit_id,breakdown,breakdown_value,goal,status,from,to,kind,value,tolerance,grain,baseline_from,baseline_to,source,by,proposed_on,decided_on";

/** The text of a file; null where there is none. */
const textOf = (file: string): string | null => (existsSync(file) ? readFileSync(file, "utf8") : null);

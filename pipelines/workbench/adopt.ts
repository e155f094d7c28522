import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { writeDurably } from "../durable.ts";
import type { Definition, Header } from "../indicators/definition.ts";
import { recordText, versionFile, versionsFolder, type Computing } from "../indicators/versions.ts";
import { overlayIn } from "../overlay.ts";
import { Refusal } from "../problem.ts";
import { faultLines, type Project } from "../project.ts";
import type { Settings } from "../settings.ts";
import type { Draft, DraftCheck } from "./draft.ts";
import { linesAbout, withLines } from "./target-lines.ts";

/** Refuses a draft that may not become what counts: one with faults, without a worked example, or with one that comes out otherwise. */
export function refuseUnfit({ indicator_id }: Draft, { header, faults, examples }: DraftCheck): Header {
  const refuse = (message: string): never => {
    throw new Refusal(`${indicator_id} was not adopted: ${message}`, "draft-refused");
  };
  if (faults.length > 0 || !header)
    return refuse(faults.map(({ part, line, message }) => `${part}:${line}: ${message}`).join("\n"));
  if (examples.length === 0) return refuse("it has no worked example; write one, with the values worked by hand");
  const other = examples.filter(({ ok }) => !ok);
  if (other.length > 0)
    return refuse(
      `of its worked example ${other.length} of ${examples.length} figures come out otherwise: ${other.map(({ unit_id, grain, period_end }) => `${unit_id} ${grain} ${period_end}`).join(", ")}`,
    );
  return header;
}

/** The files that a draft becomes in the home, each with its text: only what is not in the configuration already. */
export function adoptedFiles(
  draft: Draft,
  computing: Computing,
  project: Pick<Project, "definitions" | "versions">,
  settings: Pick<Settings, "config" | "home">,
): Map<string, string> {
  const { indicator_id: id } = draft;
  const overlay = overlayIn(settings.home);
  const own = (...parts: string[]) => textOf(path.join(settings.config, ...parts));
  const files = new Map<string, string>();
  if (draft.definition !== own("pipelines", "indicators", `${id}.sql`)) {
    const record = (each: Computing) => {
      const name = versionFile({ id, version: each.version });
      const known = project.versions.some((version) => version.id === id && version.number === each.version.number);
      if (!known) files.set(path.join(versionsFolder(overlay.indicators), name), recordText(each));
    };
    // Under what stands figures were published: it must stay known what that computes.
    const standing = project.definitions.find((each) => each.id === id);
    if (standing && standing.version.number !== computing.version.number) record(standing);
    files.set(path.join(overlay.indicators, `${id}.sql`), draft.definition);
    record(computing);
  }
  const examples = path.join(overlay.examples, `${id}.yaml`);
  if (draft.examples !== (textOf(examples) ?? own("test", "indicators", `${id}.yaml`)))
    files.set(examples, draft.examples);
  const adopted = textOf(overlay.targets) ?? "";
  const standing = linesAbout(adopted, id).length > 0 ? adopted : (own("data", "targets.csv") ?? "");
  if (linesAbout(standing, id).join("\n") !== linesAbout(draft.targets, id).join("\n"))
    files.set(overlay.targets, withLines(adopted, id, draft.targets));
  return files;
}

/** Writes files, each whole or not at all; where `check` then throws they are as they were. */
export async function writeAdopted(files: Map<string, string>, check: () => Promise<void>): Promise<void> {
  const before = new Map([...files.keys()].map((file) => [file, textOf(file)]));
  try {
    for (const [file, text] of files) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeDurably(file, text);
    }
    await check();
  } catch (error) {
    for (const [file, text] of before)
      if (text === null) rmSync(file, { force: true });
      else writeDurably(file, text);
    throw error;
  }
}

/** Refuses a configuration that has faults which it did not have before. */
export function refuseNewFaults(id: string, before: Project, after: Project): void {
  const known = new Set(faultLines(before.faults).split("\n"));
  const fresh = after.faults.filter((fault) => !known.has(faultLines([fault])));
  if (fresh.length > 0)
    throw new Refusal(`${id} was not adopted: beside the rest it is wrong:\n${faultLines(fresh)}`, "draft-refused");
}

/** What a definition computes, of what was read of a draft. */
export const computingOf = (header: Header, sql: string): Computing => ({ ...header, sql });

const textOf = (file: string): string | null => (existsSync(file) ? readFileSync(file, "utf8") : null);

/**
 * What is wrong with a draft beside what stands: which text holds must be known by its number, and a target that was filed
 * stays. A text that computes the same may be improved under its number where it stands in the home alone (`config` has
 * no such file): what it computes is held against its record as any other's.
 */
export function faultsBesideStanding(
  { indicator_id: id, definition, targets }: Draft,
  header: Header | null,
  { definitions, files, targets: filed }: Pick<Project, "definitions" | "files" | "targets">,
  config: string,
): DraftCheck["faults"] {
  const standing: Definition | undefined = definitions.find((each) => each.id === id);
  const found: DraftCheck["faults"] = [];
  const file = files.get(id);
  if (standing && file && header && definition !== readFileSync(file, "utf8")) {
    const { number } = standing.version;
    const isOfHome = !existsSync(path.join(config, "pipelines", "indicators", `${id}.sql`));
    if (header.version.number < number || (header.version.number === number && !isOfHome))
      found.push({
        part: "definition",
        line: Math.max(1, definition.split("\n").findIndex((line) => line.startsWith("version:")) + 1),
        message: isOfHome
          ? `version ${number} stands already: write that number where only words change, else version ${number + 1}, with its valid_from and change`
          : `version ${number} stands already with another text: write version ${number + 1}, with its valid_from and change`,
      });
  }
  if (filed.some(({ indicator_id }) => indicator_id === id) && linesAbout(targets, id).length === 0)
    found.push({
      part: "targets",
      line: 1,
      message: 'targets that were filed stay: keep their lines, and end one with its last day in "to"',
    });
  return found;
}

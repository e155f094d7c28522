import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Fault } from "../yaml-file.ts";
import { parseDefinition } from "./definition.ts";
import { readVersions, type VersionFile } from "./versions.ts";

/** A definition file that holds. */
export interface DefinitionFile {
  id: string;
  file: string;
  text: string;
}

/** The definition files of a folder, and over them those of another that are later versions; where the folder has as late a version itself, that holds. The same version with another text in both is a fault. */
export function standingFiles(own: string, over?: string): { files: DefinitionFile[]; faults: Fault[] } {
  const below = filesIn(own);
  const above = over ? filesIn(over) : new Map<string, DefinitionFile>();
  const faults: Fault[] = [];
  const names = [...new Set([...below.keys(), ...above.keys()])].sort();
  const files = names.map((name) => {
    const [one, other] = [below.get(name), above.get(name)];
    if (!one || !other) return (one ?? other)!;
    if (one.text === other.text) return one;
    const [number, later] = [numberOf(one), numberOf(other)];
    if (number === null) return one;
    if (later === null || later > number) return other;
    if (later === number)
      faults.push({
        file: other.file,
        line: 1,
        message: `version ${number} stands with another text in ${one.file}: give one of them the next version, or remove the one that does not hold`,
      });
    return one;
  });
  return { files, faults };
}

/** The versions that were recorded in either folder; one in both is the same. */
export function standingVersions(own: string, over?: string): { versions: VersionFile[]; faults: Fault[] } {
  const { versions, faults } = readVersions(own);
  if (!over) return { versions, faults };
  const above = readVersions(over);
  faults.push(...above.faults);
  for (const each of above.versions) {
    const other = versions.find(({ id, number }) => id === each.id && number === each.number);
    if (!other) versions.push(each);
    else if (JSON.stringify(other.recorded) !== JSON.stringify(each.recorded))
      faults.push({
        file: each.file,
        line: 1,
        message: `version ${each.number} was recorded otherwise in ${other.file}: remove the one that was never published under`,
      });
  }
  return { versions: versions.sort((a, b) => (a.id === b.id ? a.number - b.number : a.id < b.id ? -1 : 1)), faults };
}

/** Something wrong with the query of a definition file, at its first line. */
export function faultOfQuery(file: string, message: string): Fault {
  return { file, line: parseDefinition(readFileSync(file, "utf8"), file).queryLine, message };
}

/** The definition files of a folder, by their names. */
function filesIn(folder: string): Map<string, DefinitionFile> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".sql")) : [];
  return new Map(
    names.sort().map((name) => {
      const file = path.join(folder, name);
      return [name, { id: path.basename(name, ".sql"), file, text: readFileSync(file, "utf8") }];
    }),
  );
}

/** The number of a definition's version; null where it cannot be read. */
const numberOf = ({ text, file }: DefinitionFile): number | null =>
  parseDefinition(text, file).header?.version.number ?? null;

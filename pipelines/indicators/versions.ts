import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { parseYaml, type Fault } from "../yaml-file.ts";
import { fields, type Definition, type Header } from "./definition.ts";

/** Keys of a header that change a number. Texts may be improved at any time. */
const computedKeys = ["kind", "stock", "per", "exposure", "of", "least", "baseline", "interval", "covered_by"] as const;

const recordSchema = z.strictObject({
  ...(Object.fromEntries(computedKeys.map((key) => [key, fields[key]])) as Pick<
    typeof fields,
    (typeof computedKeys)[number]
  >),
  /** Names of the breakdowns. */
  breakdowns: z.array(z.string()).default([]),
  version: fields.version,
});

/** What is computed under a version: the keys that change a number, and the query. */
export type Recorded = z.output<typeof recordSchema> & { sql: string };

/** A recorded version, and where it stands. */
export interface VersionFile {
  id: string;
  number: number;
  file: string;
  recorded: Recorded;
}

/** Where the versions lie that were recorded. */
export const versionsFolder = (indicators: string) => path.join(indicators, "versions");

/** Reads the versions that were recorded, `versions/<id>.<number>.sql`; every fault of every file at once. */
export function readVersions(indicators: string): { versions: VersionFile[]; faults: Fault[] } {
  const folder = versionsFolder(indicators);
  const versions: VersionFile[] = [];
  const faults: Fault[] = [];
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const file = path.join(folder, name);
    const [, id, number] = /^([a-z][a-z0-9-]*)\.([1-9]\d*)\.sql$/.exec(name) ?? [];
    const [, header, sql] = /^\/\*---\n([\s\S]*?)\n---\*\/\n([\s\S]*)$/.exec(readFileSync(file, "utf8")) ?? [];
    if (!id || header === undefined) {
      faults.push({ file, line: 1, message: "no recorded version: write them with kvv check --record" });
      continue;
    }
    const parsed = parseYaml(header, file, recordSchema, 1);
    faults.push(...parsed.faults);
    if (!parsed.value) continue;
    if (parsed.value.version.number !== Number(number))
      faults.push({
        file,
        line: parsed.lineOf(["version"]),
        message: `version ${parsed.value.version.number} stands in the file of version ${number}`,
      });
    else versions.push({ id, number: Number(number), file, recorded: { ...parsed.value, sql: sql!.trim() } });
  }
  return { versions, faults };
}

/** What of a definition is not as its version was recorded: keys, and `sql`. Spaces, line breaks and comments do not count. */
export function changedSince(recorded: Recorded, definition: Definition): string[] {
  const now = recordOf(definition);
  const keys = [...computedKeys, "breakdowns"] as const;
  const changed: string[] = keys.filter((key) => JSON.stringify(now[key]) !== JSON.stringify(recorded[key]));
  // Of a first version it does not matter since when it holds: there is none before it.
  if (now.version.number > 1 && now.version.valid_from !== recorded.version.valid_from) changed.push("version");
  if (tokens(now.sql) !== tokens(recorded.sql)) changed.push("sql");
  return changed;
}

/** Writes down the versions that nobody has recorded; what is recorded stays as it is. Answers their names. */
export function recordVersions(indicators: string, definitions: Definition[]): string[] {
  mkdirSync(versionsFolder(indicators), { recursive: true });
  return unrecorded(indicators, definitions).map((definition) => {
    const name = versionFile(definition);
    writeFileSync(path.join(versionsFolder(indicators), name), recordText(definition), { flag: "wx" });
    return name;
  });
}

/** What is written down of a version. */
export function recordText(definition: Computing): string {
  const { sql, ...header } = recordOf(definition);
  return `/*---\n${stringify(header, { lineWidth: 0 })}---*/\n${sql}\n`;
}

/** Definitions whose version nobody has recorded. */
export const unrecorded = (indicators: string, definitions: Definition[]): Definition[] =>
  definitions.filter((each) => !existsSync(path.join(versionsFolder(indicators), versionFile(each))));

/** The name of the file of a version. */
export const versionFile = ({ id, version }: Pick<Definition, "id" | "version">) => `${id}.${version.number}.sql`;

/** What of a definition is computed. */
export type Computing = Pick<Header, (typeof computedKeys)[number] | "breakdowns" | "version"> & { sql: string };

function recordOf(definition: Computing): Recorded {
  const { kind, stock, per, exposure, of, least, baseline, interval, covered_by, version, sql } = definition;
  const breakdowns = definition.breakdowns.map(({ name }) => name);
  return { kind, stock, per, exposure, of, least, baseline, interval, covered_by, breakdowns, version, sql };
}

/** The words and signs of a query, parted by one space. */
function tokens(sql: string): string {
  const found = sql.match(/'(?:''|[^'])*'|"(?:""|[^"])*"|--[^\n]*|\/\*[\s\S]*?\*\/|[\w.]+|\S/g) ?? [];
  return found.filter((token) => !token.startsWith("--") && !token.startsWith("/*")).join(" ");
}

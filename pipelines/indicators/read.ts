import path from "node:path";
import { createTableSql, type Contract } from "../contracts/contract.ts";
import { Database } from "../database.ts";
import type { Fault } from "../yaml-file.ts";
import { faultsOfSource, type Paper } from "../papers.ts";
import { partsRead, walk } from "./parts.ts";
import { linesBefore, parseQuery } from "./query-tree.ts";
import { parseDefinition, type Definition, type Earlier, type Header, type Kind, type Reads } from "./definition.ts";
import { faultsOfOther } from "./change.ts";
import { stateFeeds } from "./states.ts";
import { standingFiles, standingVersions } from "./standing.ts";
import { changedSince, type VersionFile } from "./versions.ts";

/** Feeds of which every figure is protected. */
export const protectedFeeds = new Set(["background", "survey", "integrity", "absence"]);
/** Columns that make every figure that reads them protected. */
export const protectedColumns = new Set(["background", "exit_reason"]);
/** What a query may read besides feeds. */
const tableFunctions = new Set(["range", "generate_series", "unnest"]);
/** Feeds about citizens' cases: small counts of their breakdowns are withheld below unit level. */
const sensitiveFeeds = new Set(["complaints", "use_of_force", "incidents"]);

/** Columns of cells that are not breakdowns, and what they hold. */
const cellColumns: Record<string, "text" | "date" | "number" | "boolean"> = {
  unit_id: "text",
  month: "date",
  until: "date",
  numerator: "number",
  denominator: "number",
  numerator2: "number",
  denominator2: "number",
  days: "number",
  unknown: "number",
  waiting: "number",
  share: "number",
  share_step: "number",
  within: "boolean",
  whole: "boolean",
  withheld: "boolean",
};
/** What every query of a kind yields besides unit, month and numerator. */
const needed: Record<Kind, string[]> = {
  share: ["denominator"],
  rate: ["denominator"],
  score: ["denominator"],
  count: [],
  cumulative: [],
  coverage: [],
  ratio: ["denominator", "numerator2", "denominator2"],
  duration: ["days"],
  change: [],
};
/** Columns that mean something to some kinds only. */
const onlyOf: Record<string, Kind[]> = {
  until: ["coverage", "count"],
  numerator2: ["ratio"],
  denominator2: ["ratio"],
  days: ["duration"],
  within: ["duration"],
  waiting: ["share"],
};

/** The feeds' tables, empty, and their names: what queries are bound against. */
export interface Feeds {
  db: Database;
  tables: Set<string>;
}

/** What queries can be bound against in a database that has the feeds' tables. */
export async function feedsIn(db: Database): Promise<Feeds> {
  const rows = await db.all<{ table_name: string }>("select table_name from duckdb_tables()");
  return { db, tables: new Set(rows.map((each) => each.table_name)) };
}

/** What is known of the indicators of a configuration. */
export interface Catalogue {
  definitions: Definition[];
  /** What versions compute that were recorded. */
  versions: VersionFile[];
  /** The file in which each stands, by id. */
  files: Map<string, string>;
  faults: Fault[];
}

/** Reads every definition of a folder (and over them those of another, as `standingFiles` says), with the versions recorded of them, and binds each query against the feeds' tables; collects all faults of all files and throws none. */
export async function readDefinitions(
  folder: string,
  contracts: Map<string, Contract>,
  papers: Paper[] = [],
  over?: string,
): Promise<Catalogue> {
  const { files, faults: faultsOfFiles } = standingFiles(folder, over);
  const db = await Database.open(":memory:");
  try {
    for (const contract of contracts.values()) await db.run(createTableSql(contract));
    const feeds = await feedsIn(db);
    const read = [];
    for (const { id, file, text } of files)
      read.push({ id, file, ...(await readDefinition(feeds, id, text, file, papers)) });
    const { versions, faults } = standingVersions(folder, over);
    faults.push(...faultsOfFiles, ...read.flatMap((each) => each.faults));
    const definitions = [];
    const byId = new Map(read.map(({ id, definition }) => [id, definition]));
    for (const { id, file, definition, lineOf } of read) {
      const own = versions.filter((each) => each.id === id);
      if (!definition) continue;
      for (const message of faultsOfOther(definition, byId)) faults.push({ file, line: lineOf("of"), message });
      faults.push(
        ...faultsOfVersions(definition, own).map(({ key, message }) => ({ file, line: lineOf(key), message })),
      );
      const earlier = [];
      for (const version of own.filter(({ number }) => number < definition.version.number)) {
        const read = await readEarlier(feeds, definition, version);
        if ("fault" in read) faults.push(read.fault);
        else earlier.push(read);
      }
      definitions.push(earlier.length > 0 ? { ...definition, earlier } : definition);
    }
    for (const { id, file } of versions.filter((each) => !byId.has(each.id)))
      faults.push({ file, line: 1, message: `there is no indicator "${id}"` });
    return { definitions, versions, files: new Map(files.map(({ id, file }) => [id, file])), faults };
  } finally {
    db.close();
  }
}

/** What is wrong with a definition beside its recorded versions, by the key it stands at. */
export function faultsOfVersions(definition: Definition, own: VersionFile[]): { key: string; message: string }[] {
  const { id, version } = definition;
  const found: { key: string; message: string }[] = [];
  const newest = Math.max(0, ...own.map(({ number }) => number));
  if (newest > version.number)
    found.push({ key: "version", message: `version ${newest} is recorded already: this is a later one` });
  const same = own.find(({ number }) => number === version.number);
  for (const key of same ? changedSince(same.recorded, definition) : [])
    found.push({
      key,
      message: `${key === "sql" ? "the query" : key} is not that of version ${version.number} as it was recorded: write a new version with its valid_from and change; where nothing was ever published under this one, remove ${path.join("pipelines", "indicators", "versions", `${id}.${version.number}.sql`)} and run kvv check --record`,
    });
  const starts = [
    ...own.filter(({ number }) => number < version.number).map(({ recorded }) => recorded.version),
    version,
  ].sort((a, b) => a.number - b.number);
  for (const [i, { number, valid_from }] of starts.slice(1).entries())
    if (valid_from.slice(0, 7) <= starts[i]!.valid_from.slice(0, 7))
      found.push({
        key: "version",
        message: `version ${number} is valid from ${valid_from}, not in a month after version ${starts[i]!.number} (${starts[i]!.valid_from})`,
      });
  return found;
}

/** An earlier version: what is computed as it was recorded, all else as it is said now. */
export async function readEarlier(
  feeds: Feeds,
  current: Definition,
  { file, recorded }: VersionFile,
): Promise<Earlier | { fault: Fault }> {
  const named = new Map(current.breakdowns.map((breakdown) => [breakdown.name, breakdown]));
  const breakdowns = recorded.breakdowns.map(
    (name) => named.get(name) ?? { name, title: { nl: name, en: name }, values: {} },
  );
  const header = { ...current, ...recorded, breakdowns };
  const reads = await whatItReads(feeds, recorded.sql);
  if ("fault" in reads) return { fault: { file, line: 1, message: reads.fault } };
  const [wrong] = await faultsOfColumns(feeds, header, recorded.sql);
  if (wrong) return { fault: { file, line: 1, message: wrong.message } };
  return { ...header, ...knownOf(reads) };
}

/** What follows from the feeds and names that a query reads. */
function knownOf({ feeds, names, parts }: QueryReads): Reads {
  return {
    feeds,
    parts,
    protected:
      feeds.some((feed) => protectedFeeds.has(feed)) || [...protectedColumns].some((column) => names.has(column)),
    sensitive: feeds.some((feed) => sensitiveFeeds.has(feed)),
    has_term: names.has("within"),
    has_spells: names.has("until"),
    has_waiting: names.has("waiting"),
    has_withheld: names.has("withheld"),
  };
}

interface QueryReads {
  feeds: string[];
  names: Set<string>;
  parts: Definition["parts"];
}

/** Reads one definition. `lineOf` tells where a key stands, and the query as `sql`. */
export async function readDefinition(
  known: Feeds,
  id: string,
  text: string,
  file: string,
  papers: Paper[] = [],
): Promise<{ definition: Definition | undefined; faults: Fault[]; lineOf(key: string): number }> {
  const { header, sql, queryLine, faults, lineOf: lineOfKey } = parseDefinition(text, file);
  const lineOf = (key: string) => (key === "sql" ? queryLine : lineOfKey(key));
  const found = [...faults];
  if (!/^[a-z][a-z0-9-]*$/.test(id))
    found.push({ file, line: 1, message: `"${id}": write the file's name in small letters, digits and hyphens` });
  if (papers.length > 0)
    for (const message of header?.source.flatMap((source) => faultsOfSource(source, papers)) ?? [])
      found.push({ file, line: lineOf("source"), message });
  const reads = await whatItReads(known, sql);
  if ("fault" in reads)
    found.push({ file, line: queryLine + linesBefore(sql, reads.at ?? null), message: reads.fault });
  else
    for (const { key, below = 0, message } of await faultsOfColumns(known, header, sql))
      found.push({ file, line: key ? lineOf(key) : queryLine + below, message });
  if (!header || "fault" in reads) return { definition: undefined, faults: found, lineOf };
  const { feeds } = reads;
  const summed = feeds.find((feed) => stateFeeds.has(feed));
  const isState = header.stock || header.kind === "score" || header.kind === "coverage";
  if (summed && !isState && header.exposure !== "mean")
    found.push({
      file,
      line: lineOf("kind"),
      message: `${summed} is a state at each month's end, which is not summed over months: write stock: true${header.kind === "rate" ? ", or exposure: mean" : ""}`,
    });
  if (found.length > 0) return { definition: undefined, faults: found, lineOf };
  return { definition: { ...header, id, sql, ...knownOf(reads) }, faults: [], lineOf };
}

/** Feeds of a query, and every name and text in it (in small letters), by the engine's own parse of it. */
async function whatItReads(
  { db, tables }: Feeds,
  sql: string,
): Promise<QueryReads | { fault: string; at?: number | null }> {
  const parsed = await parseQuery(db, sql);
  if ("fault" in parsed) return parsed;
  const feeds = new Set<string>();
  const names = new Set<string>();
  const named = new Set<string>();
  const hidden = new Set<string>();
  /** What the query calls its feeds; one name may be that of several, each where it stands. */
  const rows: { called: string; feed: string }[] = [];
  const bare = new Set<string>();
  walk(parsed.statements, (node) => {
    if (node.type === "BASE_TABLE" && typeof node.table_name === "string") {
      const feed = node.table_name.toLowerCase();
      feeds.add(feed);
      rows.push({ called: (typeof node.alias === "string" && node.alias ? node.alias : feed).toLowerCase(), feed });
    }
    const columns = node.class === "COLUMN_REF" ? (node.column_names as string[]) : [];
    if (columns.length === 1) bare.add(columns[0]!.toLowerCase());
    const ctes = (node.cte_map as { map?: { key: string }[] } | undefined)?.map ?? [];
    for (const { key } of ctes) named.add(key.toLowerCase());
    // A name stands in a reference, a USING, an EXCLUDE or a text: wherever it stands, the query knows of it.
    for (const value of Object.values(node))
      for (const text of Array.isArray(value) ? value : [value])
        if (typeof text === "string") names.add(text.toLowerCase());
    if (node.type === "TABLE_FUNCTION") {
      const name = String((node.function as { function_name?: unknown } | undefined)?.function_name).toLowerCase();
      if (!tableFunctions.has(name)) hidden.add(`${name}()`);
    }
    if (node.class === "STAR" && node.columns === true) hidden.add("COLUMNS()");
    if (node.type === "BASE_TABLE" && Array.isArray(node.column_name_alias) && node.column_name_alias.length > 0)
      hidden.add(`other names for the columns of ${String(node.table_name)}`);
  });
  if (hidden.size > 0)
    return {
      fault: `${[...hidden].join(", ")}: name the feeds and columns that are read, so that protection follows them`,
    };
  const clash = [...named].find((each) => tables.has(each));
  if (clash) return { fault: `the WITH clause "${clash}" has the name of a feed; choose another` };
  const stranger = [...feeds].find((feed) => !tables.has(feed) && !named.has(feed));
  if (stranger) return { fault: `there is no feed "${stranger}"` };
  const read = [...feeds].filter((feed) => tables.has(feed)).sort();
  // The name of a feed in the place of a column's may stand for its whole row, protected columns and all.
  const whole = rows.filter(({ called }) => bare.has(called)).map(({ feed }) => feed);
  for (const column of await columnsOf(db, whole)) if (protectedColumns.has(column)) names.add(column);
  return read.length > 0
    ? { feeds: read, names, parts: partsRead(parsed.statements, read) }
    : { fault: "the query reads no feed" };
}

async function columnsOf(db: Database, feeds: string[]): Promise<string[]> {
  const found = await db.all<{ name: string }>(
    "select distinct column_name as name from duckdb_columns() where list_contains($feeds::json::varchar[], table_name)",
    { feeds: JSON.stringify(feeds) },
  );
  return found.map(({ name }) => name);
}

const typeTests = {
  text: /./,
  date: /^(DATE|"NULL")$/,
  number: /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*|"NULL")$/,
  boolean: /^(BOOLEAN|"NULL")$/,
};
const typeWords = { text: "a text", date: "a DATE", number: "a number", boolean: "true or false" };

/** Binds the query and compares its columns with what the header says. `key`: where in the header it stands; else so many lines `below` the first of the query. */
async function faultsOfColumns(
  { db }: Feeds,
  header: Header | undefined,
  sql: string,
): Promise<{ key?: string; below?: number; message: string }[]> {
  let columns: { column_name: string; column_type: string }[];
  try {
    columns = await db.all(`describe ${sql}`);
  } catch (error) {
    const text = (error as Error).message;
    const line = /^LINE (\d+):/m.exec(text)?.[1];
    return [{ message: text.split("\n")[0] ?? "the query does not bind", below: line ? Number(line) - 1 : 0 }];
  }
  const types = new Map(columns.map((column) => [column.column_name, column.column_type]));
  const found: { key?: string; message: string }[] = [];
  for (const column of ["unit_id", "month", "numerator", ...(header ? needed[header.kind] : [])])
    if (!types.has(column)) found.push({ message: `the query yields no column ${column}` });
  for (const [column, holds] of Object.entries(cellColumns)) {
    const type = types.get(column);
    if (type && !typeTests[holds].test(type))
      found.push({ message: `${column} is ${type}; it must be ${typeWords[holds]}` });
  }
  if (!header) return found;
  const names = new Set(header.breakdowns.map((breakdown) => breakdown.name));
  for (const breakdown of names)
    if (!types.has(breakdown)) found.push({ key: "breakdowns", message: `the query yields no column ${breakdown}` });
  for (const column of types.keys())
    if (!(column in cellColumns) && !names.has(column))
      found.push({ message: `column ${column} is neither part of a cell nor a breakdown` });
    else if (onlyOf[column] && !onlyOf[column].includes(header.kind))
      found.push({ message: `a ${header.kind} has no column ${column}` });
  if (types.has("waiting") && (header.stock || types.has("unknown")))
    found.push({ message: "waiting is of a share of what happens, in the place of unknown" });
  if (types.has("waiting") && !header.waiting)
    found.push({ message: "say in the header what is waiting: waiting: { nl: ..., en: ... }" });
  if (header.waiting && !types.has("waiting"))
    found.push({ key: "waiting", message: "the query yields no column waiting" });
  if (types.has("until") && header.kind === "count" && !header.stock)
    found.push({ message: "until is for what stays: write stock: true, or leave it out" });
  return found;
}

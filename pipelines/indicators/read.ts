import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createTableSql, type Contract } from "../contracts/contract.ts";
import { Database } from "../database.ts";
import type { Fault } from "../yaml-file.ts";
import { parseDefinition, type Definition, type Header } from "./definition.ts";

/** Feeds of which every figure is protected. */
const protectedFeeds = new Set(["background", "survey", "integrity", "absence"]);
/** Columns that make every figure that reads them protected. */
const protectedColumns = new Set(["background", "exit_reason"]);
/** Feeds about citizens' cases: small counts of their breakdowns are withheld below unit level. */
const sensitiveFeeds = new Set(["complaints", "use_of_force", "incidents"]);

/** Columns of cells that are not breakdowns. */
const cellColumns = new Set([
  "unit_id",
  "month",
  "numerator",
  "denominator",
  "unknown",
  "share",
  "share_step",
  "whole",
  "withheld",
]);

/** Reads every definition of a folder and binds its query against the feeds' tables; collects all faults of all files and throws none. */
export async function readDefinitions(
  folder: string,
  contracts: Map<string, Contract>,
): Promise<{ definitions: Definition[]; faults: Fault[] }> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((name) => ({ name, file: path.join(folder, name) }));
  const db = await Database.open(":memory:");
  try {
    for (const contract of contracts.values()) await db.run(createTableSql(contract));
    const read = [];
    for (const { name, file } of files)
      read.push(await readDefinition(db, path.basename(name, ".sql"), readFileSync(file, "utf8"), file));
    return {
      definitions: read.flatMap(({ definition }) => definition ?? []),
      faults: read.flatMap(({ faults }) => faults),
    };
  } finally {
    db.close();
  }
}

/** Reads one definition; `db` has the feeds' tables. */
export async function readDefinition(
  db: Database,
  id: string,
  text: string,
  file: string,
): Promise<{ definition: Definition | undefined; faults: Fault[] }> {
  const { header, sql, queryLine, faults, lineOf } = parseDefinition(text, file);
  const found = [...faults];
  if (!/^[a-z][a-z0-9-]*$/.test(id))
    found.push({ file, line: 1, message: `"${id}": write the file's name in small letters, digits and hyphens` });
  const reads = await whatItReads(db, sql);
  if ("fault" in reads) found.push({ file, line: queryLine, message: reads.fault });
  if (!header || "fault" in reads) return { definition: undefined, faults: found };
  for (const { key, message } of await faultsOfColumns(db, header, sql))
    found.push({ file, line: key ? lineOf(key) : queryLine, message });
  if (found.length > 0) return { definition: undefined, faults: found };
  const { feeds, columns } = reads;
  return {
    definition: {
      ...header,
      id,
      sql,
      feeds,
      protected:
        feeds.some((feed) => protectedFeeds.has(feed)) || columns.some((column) => protectedColumns.has(column)),
      sensitive: feeds.some((feed) => sensitiveFeeds.has(feed)),
    },
    faults: [],
  };
}

/** Tables and columns of a query, by the engine's own parse of it. */
async function whatItReads(
  db: Database,
  sql: string,
): Promise<{ feeds: string[]; columns: string[] } | { fault: string }> {
  const row = await db.one<{ tree: string }>("select json_serialize_sql($sql::varchar)::varchar as tree", { sql });
  const tree = JSON.parse(row!.tree) as { error: boolean; error_message?: string; statements?: unknown[] };
  if (tree.error) return { fault: `no SELECT that the engine can read: ${tree.error_message ?? "unknown"}` };
  if (tree.statements?.length !== 1) return { fault: "write exactly one SELECT" };
  const feeds = new Set<string>();
  const columns = new Set<string>();
  const named = new Set<string>();
  walk(tree.statements, (node) => {
    if (node.type === "BASE_TABLE" && typeof node.table_name === "string") feeds.add(node.table_name);
    const ctes = (node.cte_map as { map?: { key: string }[] } | undefined)?.map ?? [];
    for (const { key } of ctes) named.add(key);
    if (node.class === "COLUMN_REF" && Array.isArray(node.column_names)) columns.add(String(node.column_names.at(-1)));
  });
  const known = await db.all<{ table_name: string }>("select table_name from duckdb_tables()");
  const tables = new Set(known.map((each) => each.table_name));
  const clash = [...named].find((each) => tables.has(each));
  if (clash) return { fault: `the WITH clause "${clash}" has the name of a feed; choose another` };
  // A name that is no table is that of a WITH clause: binding tells if it is neither.
  return { feeds: [...feeds].filter((feed) => tables.has(feed)).sort(), columns: [...columns] };
}

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (value && typeof value === "object") {
    visit(value as Record<string, unknown>);
    for (const item of Object.values(value)) walk(item, visit);
  }
}

/** Binds the query and compares its columns with what the header says. */
async function faultsOfColumns(
  db: Database,
  header: Header,
  sql: string,
): Promise<{ key?: string; message: string }[]> {
  let columns: { column_name: string; column_type: string }[];
  try {
    columns = await db.all(`describe ${sql}`);
  } catch (error) {
    const [message] = (error as Error).message.split("\n");
    return [{ message: message ?? "the query does not bind" }];
  }
  const types = new Map(columns.map((column) => [column.column_name, column.column_type]));
  const found: { key?: string; message: string }[] = [];
  for (const needed of ["unit_id", "month", "numerator", ...(header.kind === "count" ? [] : ["denominator"])])
    if (!types.has(needed)) found.push({ message: `the query yields no column ${needed}` });
  const month = types.get("month");
  if (month && month !== "DATE") found.push({ message: `month is ${month}; it must be a DATE` });
  const names = new Set(header.breakdowns.map((breakdown) => breakdown.name));
  for (const breakdown of names)
    if (!types.has(breakdown)) found.push({ key: "breakdowns", message: `the query yields no column ${breakdown}` });
  for (const column of types.keys())
    if (!cellColumns.has(column) && !names.has(column))
      found.push({ message: `column ${column} is neither part of a cell nor a breakdown` });
  return found;
}

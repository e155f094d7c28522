import { identifier, literal, type Database } from "../../pipelines/database.ts";
import type { Snapshot } from "../snapshot.ts";
import { rowsOf } from "../table.ts";
import { fieldNames, type Delivered, type Version } from "./actions.ts";

/** The actions as their feed delivered them last; a snapshot of before they were in it has none. */
export async function readDelivered(snapshot: Snapshot): Promise<Delivered[]> {
  if (!snapshot.catalogue.tables.has("actions")) return [];
  return (await rowsOf(await snapshot.query("from actions"))) as unknown as Delivered[];
}

/** The last version of each action that somebody saved. */
export const lastVersions = async (db: Database): Promise<Version[]> =>
  read(await db.all("from actions qualify row_number() over (partition by action_id order by version desc) = 1"));

/** All versions of one action, the first first. */
export const versionsOf = async (db: Database, action_id: string): Promise<Version[]> =>
  read(await db.all("from actions where action_id = $action_id order by version", { action_id }));

const read = (rows: Record<string, unknown>[]): Version[] =>
  rows.map((row) => ({
    ...row,
    delivered: row.delivered === null ? null : JSON.parse(row.delivered as string),
  })) as unknown as Version[];

/** The number for the next action that is made here. */
export async function nextNumber(db: Database): Promise<number> {
  const found = await db.one<{ last: number | null }>(
    `select max(try_cast(regexp_extract(action_id, '^${ownPrefix}(\\d{1,9})$', 1) as integer)) as last from actions`,
  );
  return (found?.last ?? 0) + 1;
}

/** With this the ids of actions begin that were made here: no spreadsheet takes them for numbers. */
export const ownPrefix = "kvv-";

const numbers: readonly string[] = ["budget", "committed", "spent", "forecast"];
const types = Object.fromEntries([
  ...["action_id", "delivered", "saved_by", ...fieldNames].map((name) => [name, "VARCHAR"]),
  ...numbers.map((name) => [name, "DOUBLE"]),
  ...["version", "year"].map((name) => [name, "INTEGER"]),
  ...["starts_on", "due_on"].map((name) => [name, "DATE"]),
  ["saved_at", "TIMESTAMP"],
]) as Record<string, string>;

/** Adds versions. */
export async function addVersions(db: Database, versions: readonly Version[]): Promise<void> {
  const rows = versions.map((each) => ({
    ...each,
    delivered: each.delivered && JSON.stringify(each.delivered),
  }));
  const names = Object.keys(types).map(identifier).join(", ");
  await db.run(
    `insert into actions by name
     select ${names} from (select unnest(from_json($rows::json, ${literal(JSON.stringify([types]))}), recursive := true))`,
    { rows: JSON.stringify(rows) },
  );
}

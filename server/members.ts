import { readFileSync } from "node:fs";
import path from "node:path";
import type { Catalogue } from "./catalogue.ts";
import type { Snapshot } from "./snapshot.ts";
import { rowsOf } from "./table.ts";

const sql = readFileSync(path.join(import.meta.dirname, "members.sql"), "utf8");

/** Of so many levels and days in a snapshot. */
const mostKnown = 200;
const known = new WeakMap<Catalogue, Map<string, Promise<string[]>>>();

/** The ids of the units of a level that exist on a day, in the order of the organisation; worked out once for a snapshot as a scope shows it, since the same are asked with each indicator. */
export function membersOf(
  snapshot: Pick<Snapshot, "catalogue" | "query">,
  level: string,
  day: string,
): Promise<string[]> {
  const { catalogue } = snapshot;
  const here = known.get(catalogue) ?? new Map<string, Promise<string[]>>();
  known.set(catalogue, here);
  const name = `${level} ${day}`;
  const before = here.get(name);
  if (before) return before;
  const members = ask(snapshot, level, day);
  here.set(name, members);
  members.catch(() => here.delete(name));
  for (const oldest of here.keys()) if (here.size > mostKnown) here.delete(oldest);
  return members;
}

async function ask(snapshot: Pick<Snapshot, "query">, level: string, day: string): Promise<string[]> {
  const rows = await rowsOf(await snapshot.query(sql, { level, day }));
  return rows.map(({ unit_id }) => String(unit_id));
}

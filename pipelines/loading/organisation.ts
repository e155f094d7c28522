import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../database.ts";
import { Refusal } from "../problem.ts";

const faultsSql = readFileSync(path.join(import.meta.dirname, "organisation.sql"), "utf8");

/** Refuses units that are no tree at every moment: a parent that is not there, a circle, two periods of a unit that overlap. */
export async function checkOrganisation(db: Database): Promise<void> {
  const faults = await db.all<{ fault: string }>(faultsSql);
  if (faults.length === 0) return;
  const shown = faults.slice(0, 10).map(({ fault }) => fault);
  const more = faults.length > shown.length ? `; and ${faults.length - shown.length} more` : "";
  throw new Refusal(`the units would not be a tree: ${shown.join("; ")}${more}. Mend the file`);
}

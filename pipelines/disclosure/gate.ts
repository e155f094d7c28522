import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../database.ts";
import { withholdComplements } from "./complements.ts";
import type { Proofs } from "./proofs.ts";

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");

const rules = sqlOf("gate.sql");
const shown = sqlOf("shown.sql");

/** Puts the table `judged` through the gate and leaves `series`: the rules for each figure by itself, then what they need withheld besides. */
export async function throughGate(db: Database, proofs: Proofs, complements = true): Promise<void> {
  await db.run(rules);
  if (complements) await withholdComplements(db, proofs);
  await db.run(shown);
}

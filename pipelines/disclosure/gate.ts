import { readFileSync } from "node:fs";
import path from "node:path";
import { literal, type Database } from "../database.ts";
import { withholdComplements } from "./complements.ts";
import type { Proofs } from "./proofs.ts";

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");

const reasons = sqlOf("reasons.sql");
const rules = sqlOf("gate.sql");
const told = sqlOf("told.sql");
const states = sqlOf("states.sql");
const telling = sqlOf("states-telling.sql");
const hidden = sqlOf("states-hidden.sql");
const shown = sqlOf("shown.sql");

/** What the gate goes by, besides the figures. */
export interface Past {
  proofs: Proofs;
  /** File of the snapshot before; null where there is none. */
  before: string | null;
}

/** The first step of the gate: the rules for each figure of `figures` by itself. Leaves the view `reasoned`, to be judged. */
export const stateReasons = (db: Database): Promise<void> => db.run(reasons);

/** What these leave of each figure of `judged`. Leaves `gated`. */
export const applyRules = (db: Database): Promise<void> => db.run(rules);

/** The others: what was withheld before, states that tell of those who moved between them, then what these need withheld besides. Leaves `series`. Without `complements` the last step is left out; `primary` leaves out all that looks at several figures. */
export async function throughGate(
  db: Database,
  { proofs, before }: Past,
  { complements = true, primary = false }: { complements?: boolean | undefined; primary?: boolean | undefined } = {},
): Promise<void> {
  if (before || !primary) await keepTold(db, before);
  if (!primary) await withholdStates(db);
  if (complements && !primary) await withholdComplements(db, proofs);
  await db.run(shown);
}

/** What the snapshot before withheld stays so; leaves `told`, of which nothing was without one. */
async function keepTold(db: Database, before: string | null): Promise<void> {
  await db.run(`attach ${before ? `${literal(before)} as before (read_only)` : "':memory:' as before"}`);
  try {
    if (!before) await db.run(noSeries);
    await db.run(told);
  } finally {
    await db.run("detach before");
  }
}

/** Withholds states until no two of a unit, one after the other, tell too much of the few who moved between them. */
async function withholdStates(db: Database): Promise<void> {
  const found = await db.one<{ n: number }>("select count(*) as n from duckdb_tables() where table_name = 'movements'");
  if (found!.n === 0) return;
  await db.run(states);
  do await db.run(telling);
  while ((await db.one<{ n: number }>("select count(*) as n from telling"))!.n > 0);
  await db.run(hidden);
}

/** A snapshot of nothing. */
const noSeries = `create table before.series as
  select indicator_id, unit_id, grain, period_start, period_end, version as definition_version, breakdown, breakdown_value,
    numerator, denominator, false as withheld, withheld_reason
  from gated limit 0`;

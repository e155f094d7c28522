import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../database.ts";
import { tableFromJson } from "../series/table.ts";
import { findPlaces, readParts } from "./places.ts";
import { hashOfPart, hiddenBy, type Proofs, type Unproven } from "./proofs.ts";
import { suppress, type Part } from "./suppress.ts";

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");

const figuresSql = sqlOf("figures.sql");
const withholdSql = sqlOf("complements.sql");

/** Withholds of the table `gated` what would tell what the rules withhold: a total minus its parts, a year minus a half, a unit that is its only team. Of a part whose proof waits the force alone is shown, and of that what tells nothing. */
export async function withholdComplements(db: Database, proofs: Proofs): Promise<void> {
  await findPlaces(db);
  await db.run(figuresSql);
  const withheld: { figure: number; unproven: boolean }[] = [];
  const waiting: Unproven[] = [];
  for await (const { part, numbers, ofForce } of readParts(db, "figures_of_cells")) {
    const hash = hashOfPart(part);
    let found = proofs.find(hash);
    // A proof may take back what was told since.
    if (found?.some((i) => part.figures[i]?.cost === Infinity)) found = null;
    // What was withheld for others before is withheld by itself now, and is a secret like them.
    if (!found && proofs.isHidden?.(hiddenBy(part))) found = [];
    if (!found && (!proofs.later || proofs.isNow?.(workOf(part)))) {
      found = await prove(part);
      if (found) {
        proofs.keep(hash, found);
        proofs.keepHidden?.(hiddenBy(part, found));
      }
    }
    if (found) withheld.push(...found.map((i) => ({ figure: numbers[i]!, unproven: false })));
    else {
      const shown = new Set(await safeAlone(part, ofForce));
      const hidden = numbers.flatMap((_, i) => (shown.has(i) ? [] : [i]));
      // Only of the secrets of the part is it known: what waits may be shown later.
      proofs.keepHidden?.({ ...hiddenBy(part, hidden), secrets: hiddenBy(part).secrets });
      withheld.push(...hidden.map((i) => ({ figure: numbers[i]!, unproven: true })));
      waiting.push({ hash, part });
    }
  }
  if (waiting.length > 0) proofs.later?.(waiting);
  await tableFromJson(db, "complements", withheld, { figure: "BIGINT", unproven: "BOOLEAN" });
  await db.run(withholdSql);
}

/** Of some figures of a part those that tell no secret where they are shown alone. */
async function safeAlone(part: Part, some: number[]): Promise<number[]> {
  const withheld = await prove({ ...part, figures: some.map((i) => part.figures[i]!) });
  return withheld === null ? [] : some.filter((_, k) => !withheld.includes(k));
}

/** The figures to withhold; null where some secret could be told whatever is withheld. */
async function prove(part: Part): Promise<number[] | null> {
  const { withheld, leaks } = await suppress(part);
  return leaks.length === 0 ? withheld : null;
}

const workOf = ({ figures, secrets }: Part): number => figures.length * secrets.length;

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../database.ts";
import { tableFromJson } from "../series/table.ts";
import { findPlaces, listIndicators, readParts, type Listed } from "./places.ts";
import { hashOfAll, hashOfPart, hiddenBy, type Proofs, type Unproven } from "./proofs.ts";
import { suppress, type Part } from "./suppress.ts";

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");

const figuresSql = sqlOf("figures.sql");
const withholdSql = sqlOf("complements.sql");

/** The figures without what is withheld for others: as they stand at the next publication. */
const leftSql = `create or replace temp view figures_left as
  select figures_of_cells.* replace (exact and complements.figure is null as exact, if(complements.figure is null, band, null) as band)
  from figures_of_cells left join complements using (figure)`;

/** Withholds of the table `gated` what would tell what the rules withhold: a total minus its parts, a year minus a half, a unit that is its only team. Of a part whose proof waits the force alone is shown, and of that what tells nothing. */
export async function withholdComplements(db: Database, proofs: Proofs): Promise<void> {
  await findPlaces(db);
  await db.run(figuresSql);
  const withheld: { figure: number; unproven: boolean }[] = [];
  const waiting: Unproven[] = [];
  const proven: Listed[] = [];
  for (const indicator of await listIndicators(db, "figures_of_cells")) {
    const known = await findAll(db, indicator, proofs);
    if (known) {
      withheld.push(...known.map((figure) => ({ figure, unproven: false })));
      continue;
    }
    const found = await provePartsOf(db, indicator, proofs);
    withheld.push(...found.withheld);
    waiting.push(...found.waiting);
    if (found.waiting.length === 0) proven.push(indicator);
  }
  if (waiting.length > 0) proofs.later?.(waiting);
  await tableFromJson(db, "complements", withheld, { figure: "BIGINT", unproven: "BOOLEAN" });
  if (proofs.keepAll) await keepAll(db, proven, withheld, proofs.keepAll.bind(proofs));
  await db.run(withholdSql);
}

/** The figures to withhold of an indicator of which nothing has changed; null where they are not known, or one of them was told since. */
async function findAll(db: Database, { first_figure, ...indicator }: Listed, proofs: Proofs): Promise<number[] | null> {
  const known = proofs.findAll?.(hashOfAll("gate", indicator))?.map((i) => first_figure + i);
  if (!known || known.length === 0) return known ?? null;
  const told = await db.one<{ n: number }>(
    "select count(*) as n from figures_of_cells where isinf(cost) and list_contains($known::json::bigint[], figure)",
    { known: JSON.stringify(known) },
  );
  return told!.n === 0 ? known : null;
}

/** Keeps what is withheld of these indicators; and that once it is, no more need be. */
async function keepAll(
  db: Database,
  proven: Listed[],
  withheld: { figure: number }[],
  keep: (hash: string, withheld: number[]) => void,
): Promise<void> {
  if (proven.length === 0) return;
  await db.run(leftSql);
  const left = new Map((await listIndicators(db, "figures_left")).map((each) => [each.indicator_id, each]));
  const all = withheld.map(({ figure }) => figure);
  for (const indicator of proven) {
    const { first_figure: first, last_figure: last } = indicator;
    keep(hashOfAll("gate", indicator), all.filter((figure) => figure >= first && figure <= last).map((figure) => figure - first)); // prettier-ignore
    keep(hashOfAll("gate", left.get(indicator.indicator_id)!), []);
  }
}

/** Of the parts of an indicator the figures to withhold, and those parts whose proof waits. */
async function provePartsOf(
  db: Database,
  indicator: Listed,
  proofs: Proofs,
): Promise<{ withheld: { figure: number; unproven: boolean }[]; waiting: Unproven[] }> {
  const withheld: { figure: number; unproven: boolean }[] = [];
  const waiting: Unproven[] = [];
  for await (const { part, numbers, ofForce } of readParts(db, "figures_of_cells", indicator)) {
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
  return { withheld, waiting };
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

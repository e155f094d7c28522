import type { Contract } from "../contracts/contract.ts";
import { identifier } from "../database.ts";
import type { Fault } from "../yaml-file.ts";
import type { Definition } from "./definition.ts";
import { faultOfQuery } from "./standing.ts";
import { openTrial, type OpenInMemory } from "./trial.ts";

type Other = Pick<Definition, "kind" | "stock" | "breakdowns">;

/** What is wrong with the indicator whose change a definition tells; `others` has every id, without a definition where that has faults of its own. */
export function faultsOfOther(definition: Definition, others: Map<string, Other | undefined>): string[] {
  const { kind, of, breakdowns } = definition;
  if (kind !== "change" || typeof of !== "string") return [];
  if (!others.has(of)) return [`there is no indicator "${of}"`];
  const other = others.get(of);
  if (!other) return [];
  if (other.kind !== "count" || other.stock)
    return [`${of} is a ${other.stock ? "stock" : other.kind}: a change is of a count of events`];
  const names = new Set(other.breakdowns.map(({ name }) => name));
  return breakdowns.filter(({ name }) => !names.has(name)).map(({ name }) => `${of} has no breakdown "${name}"`);
}

/** Changes whose query does not count what the query of their indicator counts, as faults of the files in which they stand. */
export async function changeFaults(
  files: Map<string, string>,
  definitions: Definition[],
  contracts: Map<string, Contract>,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  for (const change of definitions.filter(({ kind }) => kind === "change")) {
    const other = byId.get(String(change.of));
    if (!other || faultsOfOther(change, byId).length > 0) continue;
    const message = await countsOtherwise(change, other, contracts);
    if (message) faults.push(faultOfQuery(files.get(change.id)!, message));
  }
  return faults;
}

type Counting = Pick<Definition, "id" | "feeds" | "breakdowns" | "sql">;

/** What is wrong where the query of a change does not count what the query of its indicator counts, tried over made-up rows; null where it does. */
export async function countsOtherwise(
  change: Counting,
  other: Counting,
  contracts: Map<string, Contract>,
  open?: OpenInMemory,
): Promise<string | null> {
  const { db } = await openTrial([change, other], contracts, open);
  try {
    const names = change.breakdowns.map(({ name }) => `, ${identifier(name)}`).join("");
    const cells = ({ sql }: Counting) =>
      `(select unit_id, 12 * year(month) + month(month) as month${names}, sum(numerator) as numerator
        from (${sql}\n) group by all having sum(numerator) <> 0)`;
    const [one, two] = [cells(change), cells(other)];
    const differs = await db.one(`(from ${one} except from ${two}) union all (from ${two} except from ${one}) limit 1`);
    return differs ? `the query does not count what ${other.id} counts: take its query` : null;
  } finally {
    db.close();
  }
}

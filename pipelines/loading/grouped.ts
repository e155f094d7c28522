import type { Column, Contract } from "../contracts/contract.ts";
import { identifier, type Database } from "../database.ts";
import type { Mapping } from "../reading/mapping.ts";
import { isFolded } from "./fold.ts";

/** What `folded` says of cells that came as such from the source that has their events. */
export const fromSource = "grouped";

/** The feed as cells of its events are, that their source grouped: the first of a group has what all have, as codes. */
export function groupedContract(contract: Contract): Contract {
  if (!isFolded(contract)) return contract;
  const united = Object.entries(contract.fold.unites).map(([name, of]): Column => {
    const column = contract.columns.find((each) => each.name === of)!;
    return { ...column, name, required: false, aliases: [] };
  });
  return { ...contract, columns: [...contract.columns, ...united] };
}

/** Whether the feed stands, or some of it, as cells that its source grouped. */
export async function hasCells(db: Database, contract: Contract): Promise<boolean> {
  if (!isFolded(contract)) return false;
  const found = await db.one<{ any: boolean }>(
    `select exists (from ${identifier(contract.name)} where folded = '${fromSource}') as any`,
  );
  return found!.any;
}

/** Which events a load of cells is the whole of. */
export interface GroupedLoad {
  /** First days of the months that it has, all of each; null for all months. */
  months: string[] | null;
}

/** A mapping as it holds for cells: ids are not among them, and the engine has read the dates. */
export function forCells(mapping: Mapping, contract: Contract): Mapping {
  const columns = Object.entries(mapping.columns).map(([name, source]) => {
    const type = contract.columns.find((column) => column.name === name)?.type;
    if (type === "id") return [name, null] as const;
    return [name, source?.date_format === undefined ? source : { ...source, date_format: "%Y-%m-%d" }] as const;
  });
  return { ...mapping, columns: Object.fromEntries(columns) };
}

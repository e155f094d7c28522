import { identifier, type Database } from "../database.ts";
import type { Contract } from "../contracts/contract.ts";
import type { Decoded } from "./decode.ts";
import { fieldSql } from "../loading/values.ts";
import { matchHeader, requireColumns } from "./header.ts";

/** The rows of a file as texts under the contract's names. */
export interface Reading {
  /** A select with `n` (the row's number), `r` (its place in the file, from 0) and `t_<column>` for each column that it has. */
  relation: string;
  /** The same of only those rows whose number a select gives. */
  only(numbers: string): string;
  columns: Set<string>;
  /** Rows that the mapping left out. */
  skipped: number;
}

/** Text columns of the table `load_raw` as a file without a mapping gives them. */
export function plainRows(contract: Contract, file: Decoded): Reading {
  const places = matchHeader(contract, file.header);
  requireColumns(contract, new Set(places.keys()), file.header);
  const columns = [...places].map(([name, i]) => `${fieldSql(`c${i}`, file.oddSpaces)} as ${identifier(`t_${name}`)}`);
  const relation = `select rowid as n, rowid as r, ${columns.join(", ")} from load_raw`;
  return {
    relation,
    only: (numbers) => `${relation} where rowid in (${numbers})`,
    columns: new Set(places.keys()),
    skipped: 0,
  };
}

/** Whether points group thousands in the decimal numbers of the rows: one of them has a decimal comma. */
export async function readsDutch(db: Database, contract: Contract, { relation, columns }: Reading): Promise<boolean> {
  const decimals = contract.columns.filter(
    (column) => (column.type === "decimal" || column.type === "share") && columns.has(column.name),
  );
  if (decimals.length === 0) return false;
  const any = decimals.map((column) => `regexp_full_match(${identifier(`t_${column.name}`)}, '-?[\\d.]*,\\d+\\s*%?')`);
  const found = await db.one<{ dutch: boolean | null }>(
    `select bool_or(coalesce(${any.join(", false) or coalesce(")}, false)) as dutch from (${relation}) as texts`,
  );
  return found?.dutch ?? false;
}

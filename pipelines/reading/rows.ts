import { identifier } from "../database.ts";
import type { Contract } from "../contracts/contract.ts";
import type { TableFile } from "./file.ts";
import { fieldSql } from "../loading/values.ts";
import { matchHeader, requireColumns } from "./header.ts";

/** The rows of a file as texts under the contract's names. */
export interface Reading {
  /** A select with `t_<column>` for each column that it has, its rows in the order of the file. */
  relation: string;
  /** Whether the relation has `r`, a row's place in the file, from 0; else that is its place in the relation. */
  placed: boolean;
  columns: Set<string>;
  /** Rows that the mapping left out. */
  skipped: number;
}

/** Text columns of a relation with columns `c0`, `c1`, … as a file without a mapping gives them. */
export function plainRows(contract: Contract, file: TableFile, source: string): Reading {
  const places = matchHeader(contract, file.header);
  requireColumns(contract, new Set(places.keys()), file.header);
  const columns = [...places].map(([name, i]) => `${fieldSql(`c${i}`, file.oddSpaces)} as ${identifier(`t_${name}`)}`);
  return {
    relation: `select ${columns.join(", ")} from ${source}`,
    placed: false,
    columns: new Set(places.keys()),
    skipped: 0,
  };
}

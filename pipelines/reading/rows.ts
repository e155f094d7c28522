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
  /** Whether the relation has `n`: how many events of its source a row stands for. */
  weighed?: boolean;
}

/** The header under which a row says how many events of its source it stands for, where these came grouped. */
export const weightHeader = "kvv_n";

/** Text columns of a relation with columns `c0`, `c1`, … as a file without a mapping gives them. */
export function plainRows(contract: Contract, file: TableFile, source: string, weighed = false): Reading {
  const places = matchHeader(contract, file.header);
  requireColumns(contract, new Set(places.keys()), file.header);
  const columns = [...places].map(([name, i]) => `${fieldSql(`c${i}`, file.oddSpaces)} as ${identifier(`t_${name}`)}`);
  if (weighed) columns.push(weightSql(file));
  return {
    relation: `select ${columns.join(", ")} from ${source}`,
    placed: false,
    columns: new Set(places.keys()),
    skipped: 0,
    weighed,
  };
}

/** How many events a row of a relation stands for. */
export const weightSql = (file: TableFile, relation = ""): string =>
  `cast(${relation}c${file.header.indexOf(weightHeader)} as bigint) as n`;

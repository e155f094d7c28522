import { identifier, type Database } from "../database.ts";
import type { Decoded } from "./decode.ts";
import { delimitedSql, linesOfText, readDelimited, refusing as refusingText } from "./delimited.ts";
import type { TableFile } from "./file.ts";
import { readParquet } from "./parquet.ts";
import { readRecords } from "./records.ts";

export interface TableOptions {
  maxLineBytes: number;
  maxCells: number;
}

/** Reads a file of any kind into a temporary table with text columns `c0`, `c1`, …, one for each header, its rows in the order of the file (`rowid`). Returns the number of rows. */
export async function readTable(db: Database, table: string, file: TableFile, options: TableOptions): Promise<number> {
  if (isText(file)) return readDelimited(db, table, file, options);
  if (file.format === "parquet") await readParquet(db, table, file, options);
  else await readRecords(db, table, file, options.maxLineBytes);
  const counted = await db.one<{ n: number }>(`select count(*) as n from ${identifier(table)}`);
  return counted!.n;
}

/** A file that the engine reads where it lies, as a relation with columns `c0`, `c1`, … in the order of the file; null for one that must be read into a table first. Work with it goes through `refusing`. */
export function tableInPlace(file: TableFile, { maxLineBytes }: { maxLineBytes: number }): string | null {
  return isText(file) && file.path !== null ? delimitedSql(file, maxLineBytes) : null;
}

/** Does work that may read the file, and refuses one whose rows do not fit its header. */
export const refusing = <T>(file: TableFile, work: () => Promise<T>): Promise<T> =>
  isText(file) ? refusingText(file, work) : work();

/** The line of the file, its row in the sheet or its number, for each of these rows; rows count from 0, after the header. */
export async function linesOf(file: TableFile, rows: number[]): Promise<number[]> {
  if (file.regular) return rows.map((row) => row + file.firstLine);
  if (isText(file)) return linesOfText(file, rows);
  return rows.map((row) => file.lines!.of(row));
}

const isText = (file: TableFile): file is Decoded => file.delimiter !== null;

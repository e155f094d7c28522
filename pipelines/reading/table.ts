import type { Database } from "../database.ts";
import type { Decoded } from "./decode.ts";
import { delimitedSql, readDelimited, refusing } from "./delimited.ts";

export { refusing };

/** How a file was read: shown with its load, so that a wrong guess is seen. Null where it means nothing for the kind of file. */
export interface FileReading {
  /** `csv`, `xlsx`, `json`, `ndjson`, `parquet`, with `.gz` where it was zipped. */
  format: string | null;
  encoding: string | null;
  delimiter: string | null;
  sheet: string | null;
  /** The row of the sheet, or the line, in which the header stands. */
  header_row: number | null;
}

export const readingOf = (file: Decoded): FileReading => ({
  format: file.format,
  encoding: file.encoding,
  delimiter: file.delimiter,
  sheet: null,
  header_row: 1,
});

/** Reads a file of any format into a temporary table with text columns `c0`, `c1`, …, one for each header, its rows in the order of the file (`rowid`). Returns the number of rows. */
export function readTable(
  db: Database,
  table: string,
  file: Decoded,
  options: { maxLineBytes: number },
): Promise<number> {
  return readDelimited(db, table, file, options);
}

/** A file that the engine reads where it lies, as a relation with columns `c0`, `c1`, … in the order of the file; null for one that must be read into a table first. Work with it goes through `refusing`. */
export function tableInPlace(file: Decoded, { maxLineBytes }: { maxLineBytes: number }): string | null {
  return file.path === null ? null : delimitedSql(file, maxLineBytes);
}

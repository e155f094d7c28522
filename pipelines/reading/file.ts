import { Refusal } from "../problem.ts";
import type { Encoding } from "./decode.ts";
import type { LineNumbers } from "./records.ts";

/** A file of any kind that has been read once, from beginning to end, and whose rows wait to be taken into a table. */
export interface TableFile {
  /** `csv`, `xlsx`, `json`, `ndjson` or `parquet`, with `.gz` where it was zipped. */
  format: string;
  encoding: Encoding | null;
  delimiter: string | null;
  sheet: string | null;
  /** The line, or the row of the sheet, in which the header stands; null where there is none. */
  headerRow: number | null;
  header: string[];
  /** SHA-256 of the content, unzipped. */
  hash: string;
  /** About persons: its rows are only ever held in memory. */
  personal: boolean;
  /** Where the rows wait, or the file itself where it is read in place; null for those in memory. */
  path: string | null;
  /** Whether that is a file of ours, to be removed in the end. */
  staged: boolean;
  /** The rows of a file in memory. */
  content: Buffer | null;
  /** What tells whether the source was written to since; null where it is not read again. */
  stamp: Stamp | null;
  /** The line, row or number of the first row after the header. */
  firstLine: number;
  /** Whether row n stands n lines after the first: no quotes and no blank lines. */
  regular: boolean;
  /** The lines of rows that do not follow one another, for kinds other than text. */
  lines?: LineNumbers;
  /** Whether fields may begin or end with a space other than the common one. */
  oddSpaces: boolean;
}

/** Which state of a file was read. */
export interface Stamp {
  path: string;
  size: number;
  modified: number;
  inode: number;
}

/** How a file was read: shown with its load, so that a wrong guess is seen. Null where it means nothing for the kind of file. */
export interface FileReading {
  format: string | null;
  encoding: string | null;
  delimiter: string | null;
  sheet: string | null;
  header_row: number | null;
}

export const readingOf = ({ format, encoding, delimiter, sheet, headerRow }: TableFile): FileReading => ({
  format,
  encoding,
  delimiter,
  sheet,
  header_row: headerRow,
});

/** Refuses a header that no table of people has: a file of another kind, or one that is made to do harm. */
export function refuseTooWide(columns: number, most: number): void {
  if (columns > most)
    throw new Refusal(
      `the file has ${columns} columns, more than ${most}; is its header right? Leave columns out, or raise KVV_MAX_COLUMNS`,
    );
}

/** Refuses more than may be held in memory. */
export function refuseTooMuch(bytes: number, most: number, what = "the file is about persons and"): void {
  if (bytes > most)
    throw new Refusal(
      `${what} has more than ${Math.round(most / 1024 / 1024)} MB, which is held in memory; split it, or raise KVV_MAX_MEMORY_MB`,
    );
}

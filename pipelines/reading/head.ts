import { normalise } from "../contracts/contract.ts";
import { Refusal } from "../problem.ts";

/** What the header of a text says. */
export interface Head {
  header: string[];
  delimiter: string;
  /** The line on which it begins. */
  headerRow: number;
}

export interface HeaderOptions {
  /** The row that the mapping says is the header; else it is found. */
  headerRow?: number | undefined;
  /** Whether a header, as written, is one that the reader knows. */
  knows(header: string): boolean;
}

export interface HeadOptions extends HeaderOptions {
  delimiter?: string | undefined;
}

/** A row from the beginning of a file, with its line or its row in the sheet. */
export interface Row {
  fields: string[];
  row: number;
}

const delimiters = [";", ",", "\t"];

/** A header stands within this many first rows; above it may be a title, a date of the report and the like. */
export const headerRows = 30;

/** Finds the header of a text: under the delimiter and on the line with which most headers are known. */
export function parseHead(text: string, options: HeadOptions): Head {
  const candidates = (options.delimiter ? [options.delimiter] : delimiters).map((delimiter) => ({
    delimiter,
    ...locateHeader(firstRecords(text, delimiter, options.headerRow), options),
  }));
  const best = candidates.sort((a, b) => b.known - a.known || b.header.length - a.header.length)[0]!;
  refuseDataAbove(best);
  return { header: best.header, delimiter: best.delimiter, headerRow: best.row };
}

interface Located {
  header: string[];
  row: number;
  /** How many of its headers are known. */
  known: number;
  /** The first row above it that looks like data. */
  data: number | undefined;
}

/** The header among the first rows of a sheet. */
export function findHeader(rows: Row[], options: HeaderOptions): Pick<Head, "header" | "headerRow"> {
  const found = locateHeader(rows, options);
  refuseDataAbove(found);
  return { header: found.header, headerRow: found.row };
}

const filled = (row: Row) => row.fields.filter((field) => field !== "");

/** The row in which most headers are known; the first that has any text where none are. */
function locateHeader(rows: Row[], options: HeaderOptions): Located {
  const known = (row: Row) => new Set(filled(row).filter(options.knows).map(normalise)).size;
  if (options.headerRow !== undefined) {
    const fixed = rows.find(({ row }) => row === options.headerRow);
    if (!fixed || filled(fixed).length === 0)
      throw new Refusal(`the mapping says that row ${options.headerRow} is the header, but there is nothing in it`);
    return { header: fixed.fields, row: fixed.row, known: known(fixed), data: undefined };
  }
  const written = rows.filter((row) => filled(row).length > 0);
  if (written.length === 0)
    throw new Refusal(`the first ${rows.length} rows are empty: one of them must be the header`);
  const counts = written.map(known);
  const best = counts.indexOf(Math.max(...counts));
  const header = written[best]!;
  const width = filled(header).length;
  const likeData = Math.min(width, Math.max(3, Math.floor(width / 2) + 1));
  const data = written.slice(0, best).find((row) => filled(row).length >= likeData);
  return { header: header.fields, row: header.row, known: counts[best]!, data: data?.row };
}

/** Above a header may stand a title, never rows: they would be lost. */
function refuseDataAbove({ row, data }: Located): void {
  if (data !== undefined)
    throw new Refusal(
      `the header seems to be in row ${row}, but row ${data} above it looks like data; put the header above all rows, or say in a mapping which it is (header_row: ${row})`,
    );
}

/** The first records of a text, their fields trimmed; quotes may hold delimiters and line ends. */
export function firstRecords(text: string, delimiter: string, last = headerRows): Row[] {
  const records: Row[] = [];
  let line = 1;
  for (let at = 0; at < text.length && line <= last;) {
    const { fields, end } = readRecord(text, delimiter, at);
    records.push({ fields, row: line });
    line += text.slice(at, end).match(/\r\n|\r|\n/g)?.length ?? 0;
    at = end;
  }
  return records;
}

/** The record that begins at a place, and where the next one does. */
function readRecord(text: string, delimiter: string, start: number): { fields: string[]; end: number } {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  let i = start;
  for (; i < text.length; i++) {
    const char = text[i]!;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[i + 1] === '"') field += text[++i]!;
      else quoted = false;
    } else if (char === '"' && field.trim() === "") {
      field = "";
      quoted = true;
    } else if (char === delimiter) {
      fields.push(field.trim());
      field = "";
    } else if (char === "\n" || char === "\r") break;
    else field += char;
  }
  const end = text.startsWith("\r\n", i) ? i + 2 : Math.min(i + 1, text.length);
  return { fields: [...fields, field.trim()], end };
}

import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { DuckDBDataChunk, VARCHAR, type DuckDBValue } from "@duckdb/node-api";
import { parse, CsvError } from "csv-parse";
import { identifier, literal, QueryError, type Database } from "../database.ts";
import { Refusal } from "../problem.ts";
import type { Decoded } from "./decode.ts";

/** Reads a decoded file into a temporary table with text columns `c0`, `c1`, …, one for each header, its rows in the order of the file (`rowid`). Returns the number of rows; refuses a file whose rows do not fit its header. */
export async function readDelimited(
  db: Database,
  table: string,
  file: Decoded,
  options: { maxLineBytes: number },
): Promise<number> {
  if (file.content) await readFromMemory(db, table, file, file.content);
  else await readFromDisk(db, table, file, options.maxLineBytes);
  const counted = await db.one<{ n: number }>(`select count(*) as n from ${identifier(table)}`);
  return counted!.n;
}

async function readFromDisk(db: Database, table: string, file: Decoded, maxLineBytes: number): Promise<void> {
  await refusing(file, () =>
    db.run(`create or replace temp table ${identifier(table)} as from ${delimitedSql(file, maxLineBytes)}`),
  );
}

/** A decoded file on disk as a relation with text columns `c0`, `c1`, …: it is read whenever the relation is. */
export function delimitedSql(file: Decoded, maxLineBytes: number): string {
  const columns = file.header.map((_, i) => `'c${i}': 'VARCHAR'`).join(", ");
  return `read_csv(${literal(file.path!)}, auto_detect = false, header = true, columns = {${columns}},
    delim = ${literal(file.delimiter)}, quote = '"', escape = '"', strict_mode = true, null_padding = false,
    max_line_size = ${maxLineBytes})`;
}

/** Does work that reads the file, and refuses one whose rows do not fit its header. */
export async function refusing<T>(file: Decoded, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const said = error instanceof QueryError ? String((error.cause as Error).message) : "";
    throw /\bCSV\b|maximum line size/i.test(said) ? unreadable(said, file) : error;
  }
}

/** What is wrong with the file, from the engine's words; never the line itself, which may be about a person. */
function unreadable(message: string, file: Decoded): Error {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const columns = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  const where = whereSaid(file, line);
  if (columns) return wrongNumber(where, Number(columns[2]), file);
  if (/unterminated quote/i.test(message)) return unterminated(where);
  if (/invalid state|maximum line size/i.test(message))
    return new Refusal(
      `the file cannot be read as a table with "${shown(file.delimiter)}" between its columns: quotes or line ends differ within it`,
    );
  return new Refusal(`the file cannot be read as a table; ${where} is not as the header has it`);
}

/** Lines above the header are not in what is read. */
const whereSaid = (file: Decoded, line: number | string | undefined) =>
  line === undefined ? "a line" : `line ${Number(line) + file.headerRow - 1}`;

const shown = (delimiter: string) => (delimiter === "\t" ? "tab" : delimiter);

const wrongNumber = (where: string, found: number, file: Decoded) =>
  new Refusal(
    `${where} has ${found} columns, the header has ${file.header.length}: the file is half-written or damaged; export it again`,
  );

const unterminated = (where: string) =>
  new Refusal(`${where} has a quote that is not closed: the file is half-written or damaged; export it again`);

const chunkRows = 2048;

/** Takes the rows from memory to a table that stays in memory. */
async function readFromMemory(db: Database, table: string, file: Decoded, content: Buffer): Promise<void> {
  const columns = file.header.map((_, i) => `c${i} varchar`).join(", ");
  await db.run(`create or replace temp table ${identifier(table)} (${columns})`);
  const types = file.header.map(() => VARCHAR);
  const appender = await db.connection.createAppender(table, null, "temp");
  const rows = parse(content, { delimiter: file.delimiter, from_line: 1, relax_quotes: true, skip_empty_lines: true });
  let batch: DuckDBValue[][] = [];
  const flush = () => {
    if (batch.length === 0) return;
    const chunk = DuckDBDataChunk.create(types, batch.length);
    chunk.setRows(batch);
    appender.appendDataChunk(chunk);
    batch = [];
  };
  try {
    let isHeader = true;
    for await (const row of rows as AsyncIterable<string[]>) {
      if (isHeader) {
        isHeader = false;
        continue;
      }
      batch.push(row);
      if (batch.length === chunkRows) flush();
    }
    flush();
    appender.flushSync();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const where = whereSaid(file, typeof error.lines === "number" ? error.lines : undefined);
    if (error.code === "CSV_QUOTE_NOT_CLOSED") throw unterminated(where);
    if (error.code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH" && Array.isArray(error.record))
      throw wrongNumber(where, error.record.length, file);
    throw new Refusal(`the file cannot be read as a table; ${where} is not as the header has it`);
  } finally {
    appender.closeSync();
  }
}

/** The line of the file on which each of these rows begins; rows count from 0, after the header. */
export async function linesOfText(file: Decoded, rows: number[]): Promise<number[]> {
  const wanted = new Set(rows);
  const found = new Map<number, number>();
  const watch = new RecordWatch(file.delimiter.charCodeAt(0), (record, line) => {
    if (wanted.has(record - 1)) found.set(record - 1, line + file.headerRow - 1);
  });
  const stream = file.content ? [file.content] : (createReadStream(file.path!) as Readable);
  for await (const chunk of stream as AsyncIterable<Buffer>) watch.see(chunk);
  return rows.map((row) => found.get(row) ?? row + file.firstLine);
}

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/** Follows records over the bytes of a file: quoted line ends belong to a record, blank lines to none. */
class RecordWatch {
  record = 0;
  line = 1;
  inRecord = false;
  fieldStart = true;
  quoted = false;
  justClosed = false;
  afterReturn = false;
  readonly delimiter: number;
  readonly begins: (record: number, line: number) => void;

  constructor(delimiter: number, begins: (record: number, line: number) => void) {
    this.delimiter = delimiter;
    this.begins = begins;
  }

  see(bytes: Buffer): void {
    for (const byte of bytes) this.seeByte(byte);
  }

  seeByte(byte: number): void {
    const isEnd = byte === lineFeed || byte === carriageReturn;
    const secondHalf = byte === lineFeed && this.afterReturn;
    this.afterReturn = byte === carriageReturn;
    if (secondHalf) return;
    if (isEnd) this.line++;
    if (this.quoted) {
      // A doubled quote closes and opens again: what lies between is nothing.
      if (byte === quote) {
        this.quoted = false;
        this.justClosed = true;
      }
      return;
    }
    if (isEnd) {
      this.inRecord = false;
      this.fieldStart = true;
      this.justClosed = false;
      return;
    }
    if (!this.inRecord) {
      this.inRecord = true;
      this.begins(this.record++, this.line);
    }
    this.quoted = byte === quote && (this.fieldStart || this.justClosed);
    this.justClosed = false;
    this.fieldStart = byte === this.delimiter;
  }
}

import { randomUUID } from "node:crypto";
import { mkdir, open, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { identifier, literal, type Database } from "../database.ts";
import { Refusal } from "../problem.ts";
import { refuseTooMuch, type TableFile } from "./file.ts";

/** Where rows of texts wait that do not come from a text with delimiters: each a line with a JSON array. */
export interface Records {
  path: string | null;
  content: Buffer | null;
}

/** The numbers of rows in their file, kept only where they do not follow one another. */
export class LineNumbers {
  private readonly runs: { row: number; line: number }[] = [];
  private rows = 0;
  private last = NaN;

  add(line: number): void {
    if (line !== this.last + 1) this.runs.push({ row: this.rows, line });
    this.last = line;
    this.rows++;
  }

  get first(): number {
    return this.runs[0]?.line ?? 1;
  }

  get regular(): boolean {
    return this.runs.length <= 1;
  }

  /** The line of a row; rows count from 0. */
  of(row: number): number {
    let low = 0;
    let high = this.runs.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.runs[middle]!.row <= row) low = middle;
      else high = middle - 1;
    }
    const run = this.runs[low];
    return run ? run.line + row - run.row : row + 1;
  }
}

const batchBytes = 1024 * 1024;

/** The longest record: a row may have many fields, each of them no longer than a line. */
export const recordBytes = (maxLineBytes: number) => Math.max(16 * 1024 * 1024, 8 * maxLineBytes);

export function tooLong(line: number, maxLineBytes: number): Refusal {
  const most = recordBytes(maxLineBytes);
  return new Refusal(
    `row ${line} has more than ${Math.round(most / 1024)} kB, ${Math.round(most / maxLineBytes)} times KVV_MAX_LINE_KB; mend it, or raise that`,
  );
}

interface WriterOptions {
  maxMemoryBytes: number;
  maxLineBytes: number;
}

/** Takes rows one by one, to a staged file or, for one about persons, to memory. */
export class RecordWriter {
  readonly lines = new LineNumbers();
  private readonly options: WriterOptions;
  private readonly handle: FileHandle | null;
  private readonly path: string | null;
  private readonly kept: Buffer[] = [];
  private batch = "";
  private bytes = 0;

  private constructor(options: WriterOptions, path: string | null, handle: FileHandle | null) {
    this.options = options;
    this.path = path;
    this.handle = handle;
  }

  static async open(personal: boolean, options: WriterOptions & { staging: string }): Promise<RecordWriter> {
    if (personal) return new RecordWriter(options, null, null);
    await mkdir(options.staging, { recursive: true });
    const file = path.join(options.staging, `${randomUUID()}.ndjson`);
    return new RecordWriter(options, file, await open(file, "wx", 0o600));
  }

  /** Takes a row; waits only where it has to write. */
  add(line: number, fields: readonly (string | null)[]): Promise<void> | void {
    this.lines.add(line);
    const record = JSON.stringify(fields);
    const most = recordBytes(this.options.maxLineBytes);
    if (record.length * 3 > most && Buffer.byteLength(record) > most) throw tooLong(line, this.options.maxLineBytes);
    this.batch += record + "\n";
    if (this.batch.length >= batchBytes) return this.flush();
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.batch);
    this.batch = "";
    if (this.handle) {
      for (let at = 0; at < bytes.length;) at += (await this.handle.write(bytes, at)).bytesWritten;
      return;
    }
    this.bytes += bytes.length;
    refuseTooMuch(this.bytes, this.options.maxMemoryBytes);
    this.kept.push(bytes);
  }

  async finish(): Promise<Records> {
    await this.flush();
    await this.handle?.close();
    return { path: this.path, content: this.handle ? null : Buffer.concat(this.kept) };
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.handle?.close().catch(() => undefined);
    if (this.path) await rm(this.path, { force: true });
  }
}

/** Takes the records of a file into a temporary table with text columns `c0`, `c1`, …; a record that is shorter than the header is empty from there on. */
export async function readRecords(db: Database, table: string, file: TableFile, maxLineBytes: number): Promise<void> {
  const name = identifier(table);
  const columns = file.header.map((_, i) => `fields[${i + 1}] as c${i}`).join(", ");
  if (file.path) {
    await db.run(
      `create or replace temp table ${name} as
       select ${columns} from read_json(${literal(file.path)}, format = 'newline_delimited', records = false,
         columns = {fields: 'VARCHAR[]'}, maximum_object_size = ${recordBytes(maxLineBytes)})`,
    );
    return;
  }
  await db.run(`create or replace temp table ${name} (${file.header.map((_, i) => `c${i} varchar`).join(", ")})`);
  for (const batch of batchesOf(file.content!))
    await db.run(
      `insert into ${name} select ${columns} from (select unnest(from_json($rows::json, '[["VARCHAR"]]')) as fields)`,
      { rows: `[${batch.toString("utf8").trimEnd().replaceAll("\n", ",")}]` },
    );
}

/** Pieces of about a megabyte that end with a line. */
function* batchesOf(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length;) {
    const end = content.indexOf(10, Math.min(at + batchBytes, content.length) - 1);
    const next = end < 0 ? content.length : end + 1;
    yield content.subarray(at, next);
    at = next;
  }
}

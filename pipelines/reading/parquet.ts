import { createHash, randomUUID } from "node:crypto";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Database, identifier, literal, QueryError } from "../database.ts";
import { Refusal } from "../problem.ts";
import { stage, stampOf, type DecodeOptions } from "./decode.ts";
import { refuseTooWide, type TableFile } from "./file.ts";
import type { ByteSource } from "./source.ts";
import { joined } from "./source.ts";
import { holdAll } from "./spreadsheet.ts";

const damaged = () => new Refusal("the Parquet file cannot be read: it is damaged or cut off; export it again");

/** Prepares a Parquet file for the engine: in place where it is about persons, else under a name in the staging folder. */
export async function openParquet(
  source: ByteSource,
  start: Buffer,
  rest: AsyncGenerator<Buffer>,
  options: DecodeOptions,
): Promise<TableFile> {
  const whole = joined(start, rest);
  if (source.path === null) return openStream(whole, options);
  const { size } = await stat(source.path);
  if (size > options.maxFileBytes)
    throw new Refusal(
      `the file has more than ${Math.round(options.maxFileBytes / 1024 / 1024)} MB; split it, or raise KVV_MAX_FILE_MB`,
    );
  const stamp = await stampOf(source.path);
  const header = await readHeader(source.path, options);
  const hash = createHash("sha256");
  for await (const chunk of whole) hash.update(chunk);
  const found = { header, hash: hash.digest("hex"), stamp };
  if (options.isPersonal(header)) return parquetFile({ ...found, path: source.path, personal: true, staged: false });
  return parquetFile({ ...found, path: await stage(source.path, options.staging), personal: false, staged: true });
}

/** A stream is held in memory until it is clear that it is not about persons: the names of the columns stand at its end. */
async function openStream(chunks: AsyncGenerator<Buffer>, options: DecodeOptions): Promise<TableFile> {
  const { content, hash } = await holdAll(chunks, options.maxMemoryBytes, "the Parquet file");
  const size = content.length >= 12 ? content.readUInt32LE(content.length - 8) : 0;
  if (size === 0 || size > content.length - 12) throw damaged();
  const footer = content.subarray(content.length - 8 - size).toString("utf8");
  if (options.mentionsPerson(footer))
    throw new Refusal(
      "the Parquet file is about persons, and such a file must not be kept anywhere on the way; put it in the inbox folder of its feed, or send it as CSV",
    );
  const file = path.join(options.staging, `${randomUUID()}.parquet`);
  try {
    await mkdir(options.staging, { recursive: true });
    await writeFile(file, content, { flag: "wx", mode: 0o600 });
    const header = await readHeader(file, options);
    return parquetFile({ header, hash, stamp: null, path: file, personal: false, staged: true });
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

function parquetFile(found: Pick<TableFile, "header" | "hash" | "path" | "personal" | "staged" | "stamp">): TableFile {
  return {
    ...found,
    format: "parquet",
    encoding: null,
    delimiter: null,
    sheet: null,
    headerRow: null,
    content: null,
    firstLine: 1,
    regular: true,
    oddSpaces: true,
  };
}

interface ParquetColumn {
  column_name: string;
  column_type: string;
}

const scan = (file: string) => `read_parquet(${literal(file)}, binary_as_string = true, hive_partitioning = false)`;

const columnsOf = (db: Database, file: string) => db.all<ParquetColumn>(`describe from ${scan(file)}`);

async function readHeader(file: string, { maxColumns }: DecodeOptions): Promise<string[]> {
  const db = await Database.open(":memory:", { memory_limit: "512MB", threads: "1", temp_directory: "" });
  try {
    const columns = await columnsOf(db, file);
    refuseTooWide(columns.length, maxColumns);
    return columns.map((column) => column.column_name);
  } catch (error) {
    throw error instanceof QueryError ? damaged() : error;
  } finally {
    db.close();
  }
}

/** Takes the rows of a Parquet file into a temporary table with text columns `c0`, `c1`, …. */
export async function readParquet(
  db: Database,
  table: string,
  file: TableFile,
  { maxCells }: { maxCells: number },
): Promise<void> {
  const most = Math.floor(maxCells / Math.max(1, file.header.length));
  try {
    const columns = await columnsOf(db, file.path!);
    const texts = columns.map(
      ({ column_name, column_type }, i) => `${textSql(identifier(column_name), column_type)} as c${i}`,
    );
    // What really comes out counts, whatever the file says of itself.
    await db.run(
      `create or replace temp table ${identifier(table)} as select ${texts.join(", ")} from ${scan(file.path!)} limit ${most + 1}`,
    );
  } catch (error) {
    throw error instanceof QueryError ? reason(error) : error;
  }
  const counted = await db.one<{ n: number }>(`select count(*) as n from ${identifier(table)}`);
  if (counted!.n > most)
    throw new Refusal(`the file has more than ${maxCells} fields; split it, or raise KVV_MAX_CELLS`);
}

/** Never the engine's own words: they may hold a value. */
const reason = (error: QueryError) =>
  /out of memory/i.test(error.message)
    ? new Refusal("the Parquet file needs more memory than there is; split it, or raise KVV_MEMORY")
    : damaged();

/** The text of a value, as the checks expect it. */
function textSql(x: string, type: string): string {
  if (type.endsWith("[]")) return `nullif(array_to_string(${x}, '|'), '')`;
  if (/^(STRUCT|MAP|UNION)/.test(type)) return `cast(to_json(${x}) as varchar)`;
  if (type === "DOUBLE" || type === "FLOAT")
    return unambiguous(
      `case when ${x} = trunc(${x}) and abs(${x}) < 1e15 then cast(cast(${x} as bigint) as varchar) else format('{:.${type === "FLOAT" ? 7 : 15}g}', ${x}) end`,
    );
  if (type.startsWith("DECIMAL")) return unambiguous(`cast(${x} as varchar)`);
  if (type === "VARCHAR") return `replace(${x}, chr(0), '')`;
  return `cast(${x} as varchar)`;
}

/** As `numberText`: a point before three digits groups none of them. */
const unambiguous = (x: string) => `regexp_replace(${x}, '^(-?)(\\d{1,3})(\\.\\d{3})$', '\\1000\\2\\3')`;

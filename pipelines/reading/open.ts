import { Refusal } from "../problem.ts";
import { decodeStart, decodeText, guessEncoding } from "./decode.ts";
import type { TableFile } from "./file.ts";
import { looksLikeJson, readJson, type JsonOptions } from "./json.ts";
import { openParquet } from "./parquet.ts";
import { joined, openBytes, takeBytes, type ByteSource } from "./source.ts";
import { readSpreadsheet, type SpreadsheetOptions } from "./spreadsheet.ts";

/** Everything that reading a file depends on: caps, what the mapping fixes, and which headers are known. */
export type OpenOptions = JsonOptions & SpreadsheetOptions;

type Kind = "text" | "json" | "xlsx" | "parquet";

/** Reads a file of any kind once, from beginning to end. What it is shows in its content, not in its name. */
export async function openTable(source: ByteSource, options: OpenOptions): Promise<TableFile> {
  const bytes = await openBytes(source, options);
  try {
    const start = await takeBytes(bytes.chunks, 64 * 1024);
    if (start.length === 0) throw new Refusal("the file is empty");
    const kind = kindOf(start, options);
    if (bytes.zipped && (kind === "xlsx" || kind === "parquet"))
      throw new Refusal(
        `the file is ${kind === "xlsx" ? "a spreadsheet" : "a Parquet file"} within a gzip file; unzip it`,
      );
    const file = await read(kind);
    return bytes.zipped ? { ...file, format: `${file.format}.gz` } : file;

    function read(kind: Kind): Promise<TableFile> {
      if (kind === "json") return readJson(start, bytes.chunks, options);
      if (kind === "xlsx") return readSpreadsheet(start, bytes.chunks, options);
      if (kind === "parquet") return openParquet(source, start, bytes.chunks, options);
      return decodeText(joined(start, bytes.chunks), bytes.zipped ? null : source.path, options);
    }
  } finally {
    await bytes.close();
  }
}

/** Files that are no table, by their first bytes, with what to do. */
const refused: [magic: string, words: string][] = [
  [
    "\xd0\xcf\x11\xe0",
    "an old Excel file (.xls), or a spreadsheet with a password; save it without one as .xlsx or CSV",
  ],
  ["%PDF", "a PDF file; ask for the table as .xlsx or CSV"],
  ["{\\rtf", "a text document (RTF); ask for the table as .xlsx or CSV"],
  ["PARE", "an encrypted Parquet file; export it without encryption"],
  ["\x1f\x8b", "a gzip file within a gzip file; unzip it once"],
  ["7z\xbc\xaf", "a 7-Zip file; unpack it, or pack its text as .gz"],
  ["Rar!", "a RAR file; unpack it, or pack its text as .gz"],
  ["BZh", "a bzip2 file; unpack it, or pack its text as .gz"],
  ["\xfd7zXZ", "an xz file; unpack it, or pack its text as .gz"],
  ["\x28\xb5\x2f\xfd", "a zstd file; unpack it, or pack its text as .gz"],
  ["SQLite format 3", "a database; export its table as CSV"],
  ["ARROW1", "an Arrow file; export it as Parquet or CSV"],
  ["PK\x05\x06", "an empty zip file; ask for it again"],
];

const markup: [pattern: RegExp, words: string][] = [
  [
    /^\s*<(!doctype html|html|head|body|table)\b/i,
    "a web page, whatever its name; open it in a spreadsheet program and save it as .xlsx or CSV",
  ],
  [/^\s*<\?xml\b|^\s*<Workbook\b/i, "an XML file; open it in a spreadsheet program and save it as .xlsx or CSV"],
];

function kindOf(start: Buffer, options: OpenOptions): Kind {
  const magic = start.subarray(0, 16).toString("latin1");
  if (magic.startsWith("PK\x03\x04")) return "xlsx";
  if (magic.startsWith("PAR1")) return "parquet";
  const known = refused.find(([bytes]) => magic.startsWith(bytes));
  if (known) throw new Refusal(`the file is ${known[1]}`);
  const text = decodeStart(start.subarray(0, 4096), options.encoding ?? guessEncoding(start).encoding);
  const marked = markup.find(([pattern]) => pattern.test(text));
  if (marked) throw new Refusal(`the file is ${marked[1]}`);
  return looksLikeJson(text) ? "json" : "text";
}

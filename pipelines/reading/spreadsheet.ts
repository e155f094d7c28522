import { createHash } from "node:crypto";
import { Refusal } from "../problem.ts";
import { type DecodeOptions } from "./decode.ts";
import { refuseTooMuch, type TableFile } from "./file.ts";
import { readSheet, type SheetOptions } from "./sheet.ts";
import { joined } from "./source.ts";
import { readWorkbook } from "./workbook.ts";
import { openZip, type Zip, type ZipOptions } from "./zip.ts";

export interface SpreadsheetOptions extends DecodeOptions, ZipOptions, SheetOptions {
  /** Name of the sheet; else the first that is not hidden. */
  sheet?: string | undefined;
}

/** Reads a sheet of an XLSX file. The file itself is held in memory; its rows are not, unless they are about persons. */
export async function readSpreadsheet(
  start: Buffer,
  rest: AsyncGenerator<Buffer>,
  options: SpreadsheetOptions,
): Promise<TableFile> {
  const { content, hash } = await holdAll(joined(start, rest), options.maxMemoryBytes, "the spreadsheet");
  const zip = await openZip(content, options);
  refuseOthers(zip);
  const workbook = await readWorkbook(zip, options);
  const sheet = chooseSheet(workbook.sheets, options.sheet);
  const read = await readSheet(zip, sheet.path, workbook, options);
  return {
    format: "xlsx",
    encoding: null,
    delimiter: null,
    sheet: sheet.name,
    hash,
    ...read,
    staged: read.path !== null,
    stamp: null,
    oddSpaces: true,
  };
}

/** All bytes, and their hash; refuses more than may be held in memory. */
export async function holdAll(
  chunks: AsyncGenerator<Buffer>,
  most: number,
  what: string,
): Promise<{ content: Buffer; hash: string }> {
  const taken: Buffer[] = [];
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    refuseTooMuch(bytes, most, what);
    hash.update(chunk);
    taken.push(chunk);
  }
  return { content: Buffer.concat(taken), hash: hash.digest("hex") };
}

/** Refuses zip files that are no XLSX, with what to do. */
function refuseOthers(zip: Zip): void {
  if (zip.has("[Content_Types].xml") && zip.names.some((name) => /(^|\/)workbook\.xml$/i.test(name))) return;
  const kinds: [RegExp, string][] = [
    [/^xl\/workbook\.bin$/i, "a binary spreadsheet (.xlsb); save it as .xlsx or CSV"],
    [/^word\//i, "a Word document; ask for the table as .xlsx or CSV"],
    [/^ppt\//i, "a presentation; ask for the table as .xlsx or CSV"],
    [/^content\.xml$/i, "an OpenDocument file (.ods); save it as .xlsx or CSV"],
    [/^Index\/.*\.iwa$/i, "a Numbers file; export it as .xlsx or CSV"],
  ];
  const kind = kinds.find(([pattern]) => zip.names.some((name) => pattern.test(name)));
  throw new Refusal(`the file is ${kind?.[1] ?? "a zip file; unpack it, and load the files in it one by one"}`);
}

function chooseSheet<S extends { name: string; hidden: boolean }>(sheets: S[], wanted: string | undefined): S {
  const visible = sheets.filter((sheet) => !sheet.hidden);
  const found =
    wanted === undefined
      ? (visible[0] ?? sheets[0])
      : sheets.find((sheet) => sheet.name.trim().toLowerCase() === wanted.trim().toLowerCase());
  if (found) return found;
  if (wanted === undefined) throw new Refusal("the spreadsheet has no sheet with cells");
  const names = sheets.map((sheet) => `"${sheet.name}"`).join(", ");
  throw new Refusal(`the spreadsheet has no sheet "${wanted}"; it has ${names || "none"}`);
}

import { Refusal } from "../problem.ts";
import { columnName, numberCell, parseReference } from "./cells.ts";
import type { DecodeOptions } from "./decode.ts";
import { refuseTooWide, type TableFile } from "./file.ts";
import { findHeader, headerRows, type Row } from "./head.ts";
import { wellFormed } from "./machine.ts";
import { recordBytes, RecordWriter, tooLong } from "./records.ts";
import { joinedText, TextReader, unescaped, type Workbook } from "./workbook.ts";
import { attribute, readXml, type XmlHandler } from "./xml.ts";
import type { Zip } from "./zip.ts";

export interface SheetOptions extends DecodeOptions {
  maxCells: number;
}

type SheetFile = Pick<TableFile, "headerRow" | "header" | "personal" | "path" | "content" | "firstLine" | "regular"> &
  Required<Pick<TableFile, "lines">>;

/** Reads the rows of a sheet: finds the header, and keeps what stands below it. */
export async function readSheet(zip: Zip, name: string, workbook: Workbook, options: SheetOptions): Promise<SheetFile> {
  const cells = new CellReader(workbook, options);
  const rows = new SheetRows(options);
  try {
    await readXml(zip.read(name), cells, options, async () => {
      for (const row of cells.take()) await rows.take(row);
    });
    await rows.decide();
    refuseMerged(cells.merged, rows);
    const { path, content } = await rows.finish();
    const { headerRow, header, personal, lines } = rows;
    return { headerRow, header, personal, path, content, lines, firstLine: lines.first, regular: lines.regular };
  } catch (error) {
    await rows.discard();
    throw error;
  }
}

/** A row of a sheet: texts by column, and where a formula stands without its outcome. */
interface SheetRow {
  row: number;
  cells: Map<number, string>;
  unknown: number[];
}

const damaged = () =>
  new Refusal("the spreadsheet is damaged: its rows or cells are out of order; open it and save it anew");
/** More are not looked at: those in the header come first. */
const maxMerged = 100_000;
/** `XFD1048576:XFD1048576` is the longest place there is. */
const maxReference = 25;
const maxColumn = 16_383;
const maxRow = 1_048_576;

/** Makes texts of the cells of a sheet as its XML comes by. */
class CellReader implements XmlHandler {
  readonly merged: string[] = [];
  private readonly workbook: Workbook;
  private readonly reader: TextReader;
  private readonly maxLineBytes: number;
  private done: SheetRow[] = [];
  private current: SheetRow | null = null;
  private row = 0;
  private column = -1;
  private kind = "";
  private style = 0;
  private value = "";
  private inValue = false;
  private hasFormula = false;
  /** Letters of the row so far: a text that many cells refer to counts with each of them. */
  private letters = 0;

  constructor(workbook: Workbook, { maxLineBytes }: SheetOptions) {
    this.workbook = workbook;
    this.maxLineBytes = maxLineBytes;
    this.reader = new TextReader(maxLineBytes);
  }

  take(): SheetRow[] {
    const rows = this.done;
    this.done = [];
    return rows;
  }

  open(name: string, attributes: string): void {
    switch (name) {
      case "row":
        return this.openRow(attributes);
      case "c":
        return this.openCell(attributes);
      case "v":
        this.inValue = true;
        break;
      case "f":
        this.hasFormula = true;
        break;
      case "mergeCell":
        this.merge(attribute(attributes, "ref") ?? "");
        break;
      default:
        this.reader.open(name);
    }
  }

  private merge(reference: string): void {
    if (this.merged.length < maxMerged && reference.length <= maxReference) this.merged.push(reference);
  }

  private openRow(attributes: string): void {
    const row = Number(attribute(attributes, "r") ?? this.row + 1);
    if (!(Number.isInteger(row) && row > this.row && row <= maxRow)) throw damaged();
    this.row = row;
    this.column = -1;
    this.letters = 0;
    this.current = { row, cells: new Map(), unknown: [] };
  }

  private openCell(attributes: string): void {
    const reference = attribute(attributes, "r");
    const column = reference === undefined ? this.column + 1 : parseReference(reference)?.column;
    if (!this.current || column === undefined || column <= this.column || column > maxColumn) throw damaged();
    this.column = column;
    this.kind = attribute(attributes, "t") ?? "n";
    this.style = Number(attribute(attributes, "s") ?? 0);
    this.value = "";
    this.hasFormula = this.inValue = false;
    this.reader.begin();
  }

  text(text: string): void {
    if (this.inValue) this.value = joinedText(this.value, text, this.maxLineBytes);
    else this.reader.text(text);
  }

  close(name: string): void {
    if (name === "v") this.inValue = false;
    else if (name === "c") this.closeCell();
    else if (name === "row" && this.current) {
      this.done.push(this.current);
      this.current = null;
    } else this.reader.close(name);
  }

  private closeCell(): void {
    if (!this.current) throw damaged();
    if (this.hasFormula && this.value === "" && this.kind !== "str" && this.reader.taken === "")
      this.current.unknown.push(this.column);
    const text = wellFormed(this.cellText());
    this.letters += text.length;
    if (this.letters > recordBytes(this.maxLineBytes)) throw tooLong(this.row, this.maxLineBytes);
    if (text !== "") this.current.cells.set(this.column, text);
  }

  private cellText(): string {
    const { value, workbook } = this;
    switch (this.kind) {
      case "s": {
        if (value === "") return "";
        const text = workbook.texts[Number(value)];
        if (text === undefined) throw damaged();
        return text;
      }
      case "inlineStr":
        return this.reader.taken;
      case "b":
        return value === "" ? "" : /^(1|true)$/i.test(value.trim()) ? "true" : "false";
      case "n":
        return numberCell(value, workbook.formats[this.style] ?? { kind: "number" }, workbook.since1904);
      case "str":
        return unescaped(value);
      default:
        return value;
    }
  }
}

/** Finds the header among the first rows, and passes those below it on. */
class SheetRows {
  headerRow = 0;
  header: string[] = [];
  personal = false;
  last = 0;
  private first: SheetRow[] | null = [];
  private writer: RecordWriter | null = null;
  private cells = 0;
  private readonly options: SheetOptions;

  constructor(options: SheetOptions) {
    this.options = options;
  }

  get lines() {
    return this.writer!.lines;
  }

  async take(row: SheetRow): Promise<void> {
    if (this.first && row.row > Math.max(headerRows, this.options.headerRow ?? 0)) await this.decide();
    if (this.first) this.first.push(row);
    else await this.keep(row);
  }

  /** Takes the header from the rows so far; does nothing where it is known. */
  async decide(): Promise<void> {
    const rows = this.first;
    if (!rows) return;
    if (!rows.some((row) => row.cells.size > 0 || row.unknown.length > 0))
      throw new Refusal(`the sheet is empty, or has nothing in its first ${headerRows} rows`);
    const found = findHeader(rows.map(asFields), this.options);
    this.header = found.header;
    this.headerRow = found.headerRow;
    refuseTooWide(this.header.length, this.options.maxColumns);
    this.personal = this.options.isPersonal(this.header);
    this.writer = await RecordWriter.open(this.personal, this.options);
    this.first = null;
    for (const row of rows) if (row.row > this.headerRow) await this.keep(row);
  }

  private async keep({ row, cells, unknown }: SheetRow): Promise<void> {
    const width = this.header.length;
    const open = unknown.find((column) => column < width);
    if (open !== undefined)
      throw new Refusal(
        `cell ${columnName(open)}${row} has a formula without its outcome; open the file in a spreadsheet program, and save it again`,
      );
    const fields = this.header.map((_, column) => cells.get(column) ?? null);
    this.cells += Math.max(width, cells.size);
    if (this.cells > this.options.maxCells)
      throw new Refusal(`the sheet has more than ${this.options.maxCells} cells; split it, or raise KVV_MAX_CELLS`);
    if (fields.every((field) => field === null || field.trim() === "")) return;
    this.last = row;
    await this.writer!.add(row, fields);
  }

  finish() {
    return this.writer!.finish();
  }

  async discard(): Promise<void> {
    await this.writer?.discard();
  }
}

/** A row as fields up to its last cell. */
function asFields({ row, cells }: SheetRow): Row {
  const width = Math.max(-1, ...cells.keys()) + 1;
  return { row, fields: Array.from({ length: width }, (_, column) => cells.get(column)?.trim() ?? "") };
}

/** Refuses merged cells in the table: only the first of them has a value, so what the others mean is a guess. */
function refuseMerged(merged: string[], { header, headerRow, last }: SheetRows): void {
  const inTable = merged.filter((reference) => {
    const [from, to] = reference.split(":").map(parseReference);
    return from && to && to.row >= headerRow && from.row <= Math.max(last, headerRow) && from.column < header.length;
  });
  if (inTable.length === 0) return;
  const inHeader = inTable.filter((reference) => parseReference(reference.split(":")[0]!)!.row <= headerRow);
  const shown = (inHeader.length > 0 ? inHeader : inTable).slice(0, 5).join(", ");
  throw new Refusal(
    inHeader.length > 0
      ? `the header in row ${headerRow} has merged cells (${shown}); undo the merging, and give each column its own header`
      : `the table has merged cells (${shown}); undo the merging, and write the value in each of them`,
  );
}

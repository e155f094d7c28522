import path from "node:path";
import { Refusal } from "../problem.ts";
import { knownFormat, readFormat, type CellFormat } from "./cells.ts";
import { attribute, readXml, type XmlHandler } from "./xml.ts";
import type { Zip } from "./zip.ts";

/** What a workbook says about all its sheets. */
export interface Workbook {
  sheets: { name: string; hidden: boolean; path: string }[];
  since1904: boolean;
  /** How cells of each style are shown. */
  formats: CellFormat[];
  /** Texts that cells refer to by number. */
  texts: string[];
}

interface WorkbookOptions {
  maxLineBytes: number;
  maxMemoryBytes: number;
}

/** Reads the parts of a workbook but its sheets. */
export async function readWorkbook(zip: Zip, options: WorkbookOptions): Promise<Workbook> {
  const packed = await readRelations(zip, "", options);
  const main = packed.find(({ type }) => type === "officeDocument")?.target ?? "xl/workbook.xml";
  const relations = await readRelations(zip, main, options);
  const { sheets, since1904 } = await readSheets(zip, main, options);
  const target = (kind: string) => relations.find(({ type }) => type === kind)?.target;
  const styles = target("styles");
  const texts = target("sharedStrings");
  return {
    sheets: sheets.flatMap(({ id, ...sheet }) => {
      const found = relations.find((relation) => relation.id === id && relation.type === "worksheet");
      return found && zip.has(found.target) ? [{ ...sheet, path: found.target }] : [];
    }),
    since1904,
    formats: styles && zip.has(styles) ? await readFormats(zip, styles, options) : [],
    texts: texts && zip.has(texts) ? await readTexts(zip, texts, options) : [],
  };
}

interface Relation {
  id: string;
  type: string;
  /** Name of the entry that it leads to. */
  target: string;
}

/** More styles, sheets or relations than any program writes: each would be held in memory. */
const mostParts = 65_536;
const tooManyParts = () =>
  new Refusal(
    `the spreadsheet has more than ${mostParts} styles, sheets or relations: no program writes that; save it anew`,
  );

/** Adds to a list that may not grow without end. */
function addPart<T>(list: T[], part: T): void {
  if (list.length >= mostParts) throw tooManyParts();
  list.push(part);
}

const ignored: XmlHandler = { open: () => undefined, close: () => undefined, text: () => undefined };

/** What a part refers to; those of the file as a whole where no part is named. */
async function readRelations(zip: Zip, part: string, options: WorkbookOptions): Promise<Relation[]> {
  const { dir, base } = path.posix.parse(part);
  const name = path.posix.join(dir, "_rels", `${base}.rels`);
  const found: Relation[] = [];
  if (!zip.has(name)) return found;
  const open = (tag: string, attributes: string) => {
    if (tag !== "Relationship") return;
    const target = attribute(attributes, "Target") ?? "";
    addPart(found, {
      id: attribute(attributes, "Id") ?? "",
      type: (attribute(attributes, "Type") ?? "").split("/").at(-1)!,
      target: target.startsWith("/") ? target.slice(1) : path.posix.join(dir, target),
    });
  };
  await readXml(zip.read(name), { ...ignored, open }, options);
  return found;
}

async function readSheets(zip: Zip, name: string, options: WorkbookOptions) {
  const sheets: { name: string; hidden: boolean; id: string }[] = [];
  let since1904 = false;
  const open = (tag: string, attributes: string) => {
    if (tag === "workbookPr") since1904 = /^(1|true|on)$/.test(attribute(attributes, "date1904") ?? "");
    if (tag === "sheet")
      addPart(sheets, {
        name: attribute(attributes, "name") ?? "",
        hidden: /hidden/i.test(attribute(attributes, "state") ?? ""),
        id: attribute(attributes, "(?:\\w+:)?id") ?? "",
      });
  };
  await readXml(zip.read(name), { ...ignored, open }, options);
  return { sheets, since1904 };
}

async function readFormats(zip: Zip, name: string, options: WorkbookOptions): Promise<CellFormat[]> {
  const written = new Map<number, CellFormat>();
  const formats: CellFormat[] = [];
  let inCells = false;
  const open = (tag: string, attributes: string) => {
    if (tag === "numFmt" && written.size >= mostParts) throw tooManyParts();
    if (tag === "numFmt")
      written.set(Number(attribute(attributes, "numFmtId")), readFormat(attribute(attributes, "formatCode") ?? ""));
    if (tag === "cellXfs") inCells = true;
    if (tag !== "xf" || !inCells) return;
    const id = Number(attribute(attributes, "numFmtId") ?? 0);
    addPart(formats, written.get(id) ?? knownFormat(id));
  };
  const close = (tag: string) => {
    if (tag === "cellXfs") inCells = false;
  };
  await readXml(zip.read(name), { ...ignored, open, close }, options);
  return formats;
}

/** The shared texts. They are all held at once, so they may take a quarter of what may be held in memory. */
async function readTexts(zip: Zip, name: string, options: WorkbookOptions): Promise<string[]> {
  const most = options.maxMemoryBytes / 4;
  const texts: string[] = [];
  const reader = new TextReader(options.maxLineBytes);
  let held = 0;
  const handler: XmlHandler = {
    open: (tag) => (tag === "si" ? reader.begin() : reader.open(tag)),
    text: (text) => reader.text(text),
    close: (tag) => {
      if (tag !== "si") return reader.close(tag);
      texts.push(reader.taken);
      // Each text takes some room beside its letters.
      held += reader.taken.length + 32;
      if (held > most)
        throw new Refusal(
          `the spreadsheet has more than ${Math.round(most / 1024 / 1024)} MB of texts, a quarter of KVV_MAX_MEMORY_MB; split it, or raise that`,
        );
    },
  };
  await readXml(zip.read(name), handler, options);
  return texts;
}

/** Puts the text of a cell together from its runs; how it is pronounced is left out. */
export class TextReader {
  taken = "";
  private inText = false;
  private inPhonetic = false;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  begin(): void {
    this.taken = "";
    this.inText = this.inPhonetic = false;
  }

  open(tag: string): void {
    if (tag === "t") this.inText = !this.inPhonetic;
    else if (tag === "rPh") this.inPhonetic = true;
  }

  close(tag: string): void {
    if (tag === "t") this.inText = false;
    else if (tag === "rPh") this.inPhonetic = false;
  }

  text(text: string): void {
    if (this.inText) this.taken = joinedText(this.taken, unescaped(text), this.most);
  }
}

/** A text and what comes after it: however many pieces it comes in, it may be no longer than a line. */
export function joinedText(text: string, more: string, most: number): string {
  if (text.length + more.length > most)
    throw new Refusal(
      `the spreadsheet has a text of more than ${Math.round(most / 1024)} kB; mend it, or raise KVV_MAX_LINE_KB`,
    );
  return text + more;
}

/** Characters that XML cannot hold are written as `_x000D_`. */
export const unescaped = (text: string): string =>
  text.includes("_x")
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => {
        const code = parseInt(hex, 16);
        return code === 0 ? "" : String.fromCharCode(code);
      })
    : text;

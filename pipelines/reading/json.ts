import { createHash } from "node:crypto";
import iconv from "iconv-lite";
import { normalise } from "../contracts/contract.ts";
import { Refusal } from "../problem.ts";
import { guessEncoding, type DecodeOptions, type Encoding } from "./decode.ts";
import { refuseTooWide, type TableFile } from "./file.ts";
import { parseRecord, type Field } from "./json-record.ts";
import { JsonSplitter, layoutOf, LineSplitter, type Piece } from "./json-split.ts";
import { RecordWriter } from "./records.ts";
import { joined } from "./source.ts";

export interface JsonOptions extends DecodeOptions {
  maxCells: number;
  maxDepth: number;
}

/** Whether a text that begins like this is JSON, as one value or one on each line. */
export const looksLikeJson = (text: string): boolean => /^\s*(\[\s*([[{\]"]|$)|\{\s*(["}]|$))/.test(text);

/** Reads JSON: an array of objects, an object with one array of objects, or an object on each line. The keys are the header, in the order in which they appear. */
export async function readJson(start: Buffer, rest: AsyncGenerator<Buffer>, options: JsonOptions): Promise<TableFile> {
  const encoding = options.encoding ?? guessEncoding(start).encoding;
  const hash = createHash("sha256");
  const texts = decoded(joined(start, rest), encoding, hash);
  const begin = await takeText(texts, options.maxLineBytes);
  const layout = layoutOf(begin, options);
  const splitter = layout === "lines" ? new LineSplitter(options) : new JsonSplitter(layout, options);
  const rows = new ObjectRows(layout === "lines" ? "line" : "record", options);
  try {
    await rows.take(splitter.see(begin));
    for await (const text of texts) await rows.take(splitter.see(text));
    await rows.take(splitter.end());
    const { path, content } = await rows.finish();
    const { header, lines, personal } = rows;
    return {
      format: layout === "lines" ? "ndjson" : "json",
      encoding,
      delimiter: null,
      sheet: null,
      headerRow: null,
      header: header.map((name) => name.trim()),
      hash: hash.digest("hex"),
      personal,
      path,
      content,
      staged: path !== null,
      stamp: null,
      firstLine: lines.first,
      regular: lines.regular,
      lines,
      oddSpaces: true,
    };
  } catch (error) {
    await rows.discard();
    throw error;
  }
}

async function* decoded(
  chunks: AsyncGenerator<Buffer>,
  encoding: Encoding,
  hash: { update(bytes: Buffer): unknown },
): AsyncGenerator<string> {
  const decoder = encoding === "utf-8" ? utf8Decoder() : iconv.getDecoder(encoding);
  let isFirst = true;
  const clean = (text: string) => {
    if (text.includes("\0")) throw new Refusal("the file has zero bytes: it is not text but binary, or damaged");
    const mark = isFirst && text.charCodeAt(0) === 0xfeff;
    isFirst &&= text === "";
    return mark ? text.slice(1) : text;
  };
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield clean(decoder.write(chunk));
  }
  const end = decoder.end();
  if (end) yield clean(end);
}

function utf8Decoder() {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const strict = (bytes?: Buffer) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new Refusal(
        "the file has bytes that are not UTF-8, as JSON must be; export it again, or name its encoding in a mapping",
      );
    }
  };
  return { write: (bytes: Buffer) => strict(bytes), end: () => strict() };
}

async function takeText(texts: AsyncGenerator<string>, least: number): Promise<string> {
  let taken = "";
  while (taken.length <= least) {
    const { value, done } = await texts.next();
    if (done) break;
    taken += value;
  }
  return taken;
}

/** Makes rows of objects: the header grows with every key that is new. */
class ObjectRows {
  readonly header: string[] = [];
  personal = false;
  private readonly places = new Map<string, number>();
  private readonly unit: string;
  private readonly options: JsonOptions;
  private writer: RecordWriter | null = null;
  private cells = 0;

  constructor(unit: string, options: JsonOptions) {
    this.unit = unit;
    this.options = options;
  }

  get lines() {
    return this.writer!.lines;
  }

  /** Takes the texts of some objects. Whether the file is about persons shows in the first that there are. */
  async take(pieces: Piece[]): Promise<void> {
    if (pieces.length === 0) return;
    const records = pieces.map(({ text, number }) => ({
      number,
      fields: parseRecord(text, `${this.unit} ${number}`, this.options.maxDepth),
    }));
    for (const { number, fields } of records) this.learn(fields, number);
    if (!this.writer) {
      this.personal = this.options.isPersonal(this.header);
      this.writer = await RecordWriter.open(this.personal, this.options);
    }
    for (const { number, fields } of records) {
      const row = new Array<string | null>(this.header.length).fill(null);
      for (const [key, value] of fields) row[this.places.get(key)!] = value;
      this.cells += row.length;
      if (this.cells > this.options.maxCells)
        throw new Refusal(`the file has more than ${this.options.maxCells} fields; split it, or raise KVV_MAX_CELLS`);
      await this.writer.add(number, row);
    }
  }

  private learn(fields: Field[], number: number): void {
    for (const [key] of fields) {
      if (this.places.has(key)) continue;
      this.places.set(key, this.header.length);
      this.header.push(key);
      refuseTooWide(this.header.length, this.options.maxColumns);
      if (this.writer && !this.personal && this.options.isPersonal([key]))
        throw new Refusal(
          `${this.unit} ${number} is the first with the key "${normalise(key)}", which is about persons; give it to every record`,
        );
    }
  }

  async finish() {
    if (!this.writer) throw new Refusal("the file has no records");
    return this.writer.finish();
  }

  async discard(): Promise<void> {
    await this.writer?.discard();
  }
}

import { createHash, randomUUID } from "node:crypto";
import { isUtf8 } from "node:buffer";
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, link, mkdir, open, readFile, realpath, rm, stat, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import iconv from "iconv-lite";
import { Refusal } from "../problem.ts";
import { refuseTooMuch, refuseTooWide, type Stamp, type TableFile } from "./file.ts";
import { headerRows, parseHead, type HeadOptions } from "./head.ts";
import type { ByteOptions } from "./source.ts";

/** Encodings that are told apart by themselves, and those that a mapping may name. */
export const encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "iso-8859-15"] as const;
export type Encoding = (typeof encodings)[number];

export interface DecodeOptions extends ByteOptions, HeadOptions {
  /** Folder for the file in UTF-8. */
  staging: string;
  maxLineBytes: number;
  /** Most of a file about persons that is held in memory. */
  maxMemoryBytes: number;
  maxColumns: number;
  /** Fixed by the mapping; else it is found. */
  encoding?: Encoding | undefined;
  /** Whether a file with this header is about persons: it then never touches the disk. */
  isPersonal(header: string[]): boolean;
  /** Whether a text, the end of a Parquet file, has the name of a column about persons in it. */
  mentionsPerson(text: string): boolean;
}

/** A text that has been read whole and is there in UTF-8, from its header on: where it lies, if it is that already; else as a staged copy or, if it is about persons, in memory. */
export interface Decoded extends TableFile {
  encoding: Encoding;
  delimiter: string;
  headerRow: number;
}

const quote = 34;
const noMark = Buffer.alloc(0);
const marks: [Encoding, Buffer][] = [
  ["utf-8", Buffer.from([0xef, 0xbb, 0xbf])],
  ["utf-16le", Buffer.from([0xff, 0xfe])],
  ["utf-16be", Buffer.from([0xfe, 0xff])],
];

/** Reads a text once from beginning to end: finds encoding, delimiter and header, hashes it, and has it as UTF-8 in the end. Refuses what is binary or has a line that is too long. `place` is the path at which these very bytes lie; null where there is none. */
export async function decodeText(
  chunks: AsyncGenerator<Buffer>,
  place: string | null,
  options: DecodeOptions,
): Promise<Decoded> {
  const stamp = place === null ? null : await stampOf(place);
  const { start, rest } = await peek(chunks, options);
  const { encoding, certain } = options.encoding ? { encoding: options.encoding, certain: true } : guessEncoding(start);
  const mark = marks.find(([name, bytes]) => name === encoding && start.subarray(0, bytes.length).equals(bytes));
  const markBytes = mark?.[1].length ?? 0;
  const head = parseHead(decodeStart(start.subarray(markBytes), encoding), options);
  refuseTooWide(head.header.length, options.maxColumns);
  const personal = options.isPersonal(head.header);
  // The engine takes a mark before a quote for a part of the text.
  const markedQuote = markBytes > 0 && start[markBytes] === quote;
  const inPlace = place !== null && encoding === "utf-8" && !markedQuote && head.headerRow === 1;
  const sink = inPlace
    ? new NoSink()
    : personal
      ? new MemorySink(options.maxMemoryBytes)
      : await DiskSink.open(options.staging);
  try {
    const found = await consume(start, rest, {
      encoding,
      certain,
      markBytes,
      above: head.headerRow - 1,
      sink,
      options,
    });
    if (found.bytes === markBytes) throw new Refusal("the file is empty");
    const content = sink instanceof MemorySink ? sink.content() : null;
    await sink.close();
    const decoded = {
      ...head,
      format: "csv",
      sheet: null,
      firstLine: head.headerRow + 1,
      hash: found.hash,
      encoding: found.encoding,
      path: sink instanceof DiskSink ? sink.path : inPlace ? place : null,
      staged: sink instanceof DiskSink,
      content,
      personal,
      stamp: inPlace ? stamp : null,
      regular: found.regular,
      oddSpaces: found.oddSpaces,
    };
    if (found.encoding !== encoding) {
      // It looked like UTF-8 until a byte said otherwise.
      if (personal) refuseTooMuch(found.bytes, options.maxMemoryBytes);
      const { header, delimiter } = parseHead(decodeStart(start, found.encoding), {
        ...options,
        headerRow: head.headerRow,
      });
      return { ...(await transcode(decoded, options.staging)), header, delimiter };
    }
    if (!inPlace || personal) return decoded;
    return { ...decoded, path: await stage(place, options.staging), staged: true };
  } catch (error) {
    await sink.close().catch(() => undefined);
    if (sink instanceof DiskSink) await rm(sink.path, { force: true });
    throw error;
  }
}

/** Takes chunks until the header is surely among them, or the longest line is passed. */
async function peek(
  chunks: AsyncGenerator<Buffer>,
  options: DecodeOptions,
): Promise<{ start: Buffer; rest: AsyncGenerator<Buffer> }> {
  const taken: Buffer[] = [];
  let bytes = 0;
  let lines = 0;
  while (lines < 2 * headerRows && bytes <= options.maxLineBytes) {
    const { value, done } = await chunks.next();
    if (done) break;
    taken.push(value);
    bytes += value.length;
    for (let at = value.indexOf(10); at >= 0 && lines < 2 * headerRows; at = value.indexOf(10, at + 1)) lines++;
  }
  return { start: Buffer.concat(taken), rest: chunks };
}

/** The encoding that the first bytes speak of; without a mark UTF-8 is only a guess. */
export function guessEncoding(start: Buffer): { encoding: Encoding; certain: boolean } {
  for (const [encoding, mark] of marks)
    if (start.subarray(0, mark.length).equals(mark)) return { encoding, certain: true };
  const sample = start.subarray(0, 4096);
  const zeros = [0, 0];
  sample.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]!++;
  });
  // Latin text in UTF-16 has a zero in every second byte.
  if (zeros[1]! > sample.length / 4 && zeros[0] === 0) return { encoding: "utf-16le", certain: true };
  if (zeros[0]! > sample.length / 4 && zeros[1] === 0) return { encoding: "utf-16be", certain: true };
  refuseBinary(sample);
  return { encoding: "utf-8", certain: false };
}

function refuseBinary(sample: Buffer): void {
  const strange = sample.filter((byte) => byte < 9 || (byte > 13 && byte < 32)).length;
  if (strange > sample.length / 100 + 1 || sample.includes(0))
    throw new Refusal("the file is not text but binary; save the export as CSV");
}

export function decodeStart(start: Buffer, encoding: Encoding): string {
  return encoding === "utf-8" && !isUtf8(completePart(start)) ? decode(start, "windows-1252") : decode(start, encoding);
}

const decode = (bytes: Buffer, encoding: Encoding): string => iconv.decode(bytes, encoding, { stripBOM: true });

/** The bytes without a last character that is not yet whole. */
function completePart(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}

interface Sink {
  write(bytes: Buffer): Promise<void> | void;
  close(): Promise<void>;
}

/** For a file that is read where it lies. */
class NoSink implements Sink {
  write(): void {}
  async close(): Promise<void> {}
}

/** Leaves out the first lines. */
class LineCutter {
  left: number;
  afterReturn = false;
  constructor(lines: number) {
    this.left = lines;
  }

  cut(bytes: Buffer): Buffer {
    let at = 0;
    for (; at < bytes.length && (this.left > 0 || this.afterReturn); at++) {
      const secondHalf = this.afterReturn && bytes[at] === lineFeed;
      this.afterReturn = false;
      if (secondHalf) continue;
      if (this.left === 0) break;
      if (bytes[at] === lineFeed) this.left--;
      if (bytes[at] !== carriageReturn) continue;
      this.left--;
      this.afterReturn = true;
    }
    return at === 0 ? bytes : bytes.subarray(at);
  }
}

class MemorySink implements Sink {
  readonly chunks: Buffer[] = [];
  readonly max: number;
  bytes = 0;
  constructor(max: number) {
    this.max = max;
  }
  write(bytes: Buffer): void {
    this.bytes += bytes.length;
    refuseTooMuch(this.bytes, this.max);
    this.chunks.push(bytes);
  }
  content(): Buffer {
    return Buffer.concat(this.chunks);
  }
  async close(): Promise<void> {}
}

class DiskSink implements Sink {
  readonly path: string;
  readonly handle: FileHandle;
  closed = false;
  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.handle = handle;
  }
  static async open(folder: string): Promise<DiskSink> {
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${randomUUID()}.csv`);
    return new DiskSink(file, await open(file, "wx", 0o600));
  }
  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) at += (await this.handle.write(bytes, at)).bytesWritten;
  }
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.handle.close();
  }
}

interface Consuming {
  encoding: Encoding;
  certain: boolean;
  markBytes: number;
  /** Lines above the header: they are not passed on. */
  above: number;
  sink: Sink;
  options: DecodeOptions;
}

interface Found {
  encoding: Encoding;
  hash: string;
  bytes: number;
  regular: boolean;
  oddSpaces: boolean;
}

/** Passes every byte through the checks to the sink. */
async function consume(start: Buffer, rest: AsyncGenerator<Buffer>, work: Consuming): Promise<Found> {
  const { sink, options } = work;
  const hash = createHash("sha256");
  const decoder = work.encoding === "utf-8" ? null : iconv.getDecoder(work.encoding);
  const lines = new LineWatch(options.maxLineBytes);
  const above = new LineCutter(work.above);
  let encoding = work.encoding;
  let bytes = 0;
  let pending: Buffer = noMark;
  const take = async (text: Buffer) => {
    if (text.length === 0) return;
    lines.see(text);
    if (encoding === "utf-8") {
      const joined = pending.length > 0 ? Buffer.concat([pending, text]) : text;
      const whole = completePart(joined);
      if (isUtf8(whole)) pending = joined.subarray(whole.length);
      else if (work.certain) throw new Refusal("the file says it is UTF-8 but has bytes that are not; export it again");
      else encoding = "windows-1252";
    }
    await sink.write(above.cut(text));
  };
  const see = async (chunk: Buffer, skip = 0) => {
    hash.update(chunk);
    bytes += chunk.length;
    const part = skip > 0 ? chunk.subarray(skip) : chunk;
    if (!decoder) return take(part);
    const text = decoder.write(part);
    await take(Buffer.from(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text));
  };
  await see(start, work.markBytes);
  for await (const chunk of rest) await see(chunk);
  const end = decoder?.end();
  if (end) await take(Buffer.from(end));
  if (encoding === "utf-8" && pending.length > 0) encoding = "windows-1252";
  return { encoding, hash: hash.digest("hex"), bytes, regular: lines.regular, oddSpaces: lines.oddSpaces };
}

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const noBreakSpace = 0xa0;
const blankLine = Buffer.from("\n\n");
const blankReturn = Buffer.from("\n\r");

/** Watches the bytes go by for lines that are too long, zero bytes, quotes, blank lines and odd spaces. Chunks are shorter than the longest line or are cut up. */
class LineWatch {
  regular = true;
  oddSpaces = false;
  length = 0;
  last = 10;
  readonly max: number;
  constructor(max: number) {
    this.max = max;
  }

  see(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += this.max) this.seePart(bytes.subarray(at, at + this.max));
  }

  seePart(bytes: Buffer): void {
    if (bytes.includes(0)) throw new Refusal("the file has zero bytes: it is not text but binary, or damaged");
    const firstReturn = bytes.indexOf(13);
    const first = firstOf(bytes.indexOf(10), firstReturn);
    if (this.length + (first < 0 ? bytes.length : first) > this.max)
      throw new Refusal(
        `the file has a line of more than ${Math.round(this.max / 1024)} kB; is it half of something, or without line ends? Mend it, or raise KVV_MAX_LINE_KB`,
      );
    const lastEnd = Math.max(bytes.lastIndexOf(10), firstReturn < 0 ? -1 : bytes.lastIndexOf(13));
    this.length = lastEnd < 0 ? this.length + bytes.length : bytes.length - lastEnd - 1;
    if (this.regular)
      this.regular = !(
        bytes.includes(34) ||
        bytes.includes(blankLine) ||
        (firstReturn >= 0 && bytes.includes(blankReturn)) ||
        ((bytes[0] === 10 || bytes[0] === 13) && this.last === 10)
      );
    this.oddSpaces ||= bytes.includes(tab) || bytes.includes(noBreakSpace);
    this.last = bytes[bytes.length - 1]!;
  }
}

const firstOf = (a: number, b: number): number => (a < 0 ? b : b < 0 ? a : Math.min(a, b));

/** Takes bytes of another encoding anew as UTF-8; those of a file about persons stay in memory. */
async function transcode(decoded: Decoded, folder: string): Promise<Decoded> {
  const { encoding, path: source } = decoded;
  const mended = { ...decoded, stamp: null };
  const bytes = decoded.content ?? (decoded.personal ? await readFile(source!) : null);
  if (bytes) return { ...mended, path: null, staged: false, content: Buffer.from(decode(bytes, encoding)) };
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, `${randomUUID()}.csv`);
  try {
    await pipeline(createReadStream(source!), iconv.decodeStream(encoding), createWriteStream(target, { mode: 0o600 }));
    return { ...mended, path: target, staged: true };
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    if (decoded.staged) await rm(source!, { force: true });
  }
}

/** The same file under a name in the staging folder, which is all that the engine may read: a second name costs nothing, a copy is taken where there can be none. */
export async function stage(file: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, `${randomUUID()}.csv`);
  const whole = await realpath(file);
  await link(whole, target).catch(() => copyFile(whole, target));
  return target;
}

export async function stampOf(file: string): Promise<Stamp> {
  const { size, mtimeMs, ino } = await stat(file);
  return { path: file, size, modified: mtimeMs, inode: ino };
}

/** Refuses a file that was written to while it was read: what was judged may not be what was hashed. */
export async function refuseChanged({ stamp }: Pick<TableFile, "stamp">): Promise<void> {
  if (!stamp) return;
  const now = await stampOf(stamp.path).catch(() => null);
  if (now?.size === stamp.size && now.modified === stamp.modified && now.inode === stamp.inode) return;
  throw new Refusal(`${path.basename(stamp.path)} changed while it was read; load it again when it is written whole`);
}

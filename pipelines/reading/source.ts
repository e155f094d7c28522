import { createReadStream, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Refusal, SourceFailure } from "../problem.ts";

/** Where the bytes of a file come from: a path, or a stream that can be read once, as of an upload. */
export interface ByteSource {
  /** Base name, for people. */
  name: string;
  /** Null where it shows only at the end. */
  size: number | null;
  /** Null for a stream. */
  path: string | null;
  open(): Readable;
}

const chunkBytes = 256 * 1024;

/** A file on disk as a source. */
export function fileSource(file: string): ByteSource {
  return {
    name: path.basename(file),
    size: statSync(file, { throwIfNoEntry: false })?.size ?? null,
    path: file,
    open: () => createReadStream(file, { highWaterMark: chunkBytes }),
  };
}

export interface ByteOptions {
  maxFileBytes: number;
  /** Bytes read so far, of the source's size. */
  progress?(done: number, total: number): void;
}

/** The bytes of a source, unzipped if it is a gzip file. */
export interface Bytes {
  zipped: boolean;
  /** Never more than the largest size: what really comes out counts, whatever the file claims. */
  chunks: AsyncGenerator<Buffer>;
  /** Ends the reading, wherever it is. */
  close(): Promise<void>;
}

/** Opens a source; refuses what is missing or empty. */
export async function openBytes(source: ByteSource, options: ByteOptions): Promise<Bytes> {
  if (source.path !== null) await refuseUnreadable(source.path);
  const stream = source.open();
  const raw = rawChunks(source, stream, options);
  try {
    const start = await takeBytes(raw, 2);
    if (start.length === 0) throw new Refusal("the file is empty");
    const zipped = start[0] === 0x1f && start[1] === 0x8b;
    const whole = joined(start, raw);
    const chunks = zipped ? unzipped(whole, options) : whole;
    const close = async () => {
      await chunks.return(undefined);
      stream.destroy();
    };
    return { zipped, chunks, close };
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

async function refuseUnreadable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found) throw new Refusal(`there is no file ${path.basename(file)}, or it may not be read`);
  if (!found.isFile()) throw new Refusal(`${path.basename(file)} is not a file`);
}

async function* rawChunks(source: ByteSource, stream: Readable, options: ByteOptions): AsyncGenerator<Buffer> {
  let read = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      read += chunk.length;
      refuseTooLarge(read, options, "");
      if (source.size !== null) options.progress?.(read, source.size);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Refusal || error instanceof SourceFailure || source.path !== null) throw error;
    throw new Refusal("the file did not arrive whole; send it again");
  }
}

async function* unzipped(raw: AsyncGenerator<Buffer>, options: ByteOptions): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  pipeline(Readable.from(raw), gunzip, () => undefined);
  let bytes = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      refuseTooLarge(bytes, options, " unzipped");
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Refusal || error instanceof SourceFailure) throw error;
    throw new Refusal("the gzip file is damaged or cut off; ask for it again");
  }
}

function refuseTooLarge(bytes: number, { maxFileBytes }: ByteOptions, how: string): void {
  if (bytes <= maxFileBytes) return;
  const most = Math.round(maxFileBytes / 1024 / 1024);
  throw new Refusal(`the file has more than ${most} MB${how}; split it, or raise KVV_MAX_FILE_MB`);
}

/** Takes chunks until there are at least so many bytes, or no more come. */
export async function takeBytes(chunks: AsyncGenerator<Buffer>, least: number): Promise<Buffer> {
  const taken: Buffer[] = [];
  for (let bytes = 0; bytes < least;) {
    const { value, done } = await chunks.next();
    if (done) break;
    taken.push(value);
    bytes += value.length;
  }
  return Buffer.concat(taken);
}

/** What was taken, and then the rest. */
export async function* joined(start: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start;
  yield* rest;
}

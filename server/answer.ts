import { hash } from "node:crypto";
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Request, Response } from "express";
import type { AnswerCache, Kept } from "./cache.ts";
import { remembered } from "./remembered.ts";

/** Larger answers are not kept: they go out piece by piece. */
const largestKept = 8 * 1024 * 1024;
/** Smaller ones are not worth compressing. */
const smallestPacked = 1024;

const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);
const unbrotli = promisify(zlib.brotliDecompress);
const brotliOptions = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } };

export type Coding = Kept["coding"];

const codings: Record<Exclude<Coding, "identity">, { pack(bytes: Buffer): Promise<Buffer>; stream(): Transform }> = {
  br: {
    pack: (bytes) => brotli(bytes, brotliOptions),
    stream: () => zlib.createBrotliCompress(brotliOptions),
  },
  gzip: { pack: (bytes) => gzip(bytes), stream: () => zlib.createGzip() },
};

/** An answer of data: what it depends on, and how it is made when the reader does not have it yet. */
export interface Answer {
  /** All that decides its bytes: source, scope, question, format. */
  key: readonly string[];
  contentType: string;
  pieces(): Promise<AsyncIterable<string | Uint8Array>>;
}

/** Sends it: 304 to a reader who has it, from the cache where it was made before, else made now. */
export async function sendAnswer(
  request: Request,
  response: Response,
  cache: AnswerCache,
  answer: Answer,
): Promise<void> {
  const coding = codingOf(request);
  const tag = tagOf([...answer.key, coding]);
  response.setHeader("ETag", tag);
  response.setHeader("Cache-Control", "private, no-cache");
  response.vary("Accept, Accept-Encoding");
  if (matches(request.get("if-none-match"), tag)) {
    response.status(304).end();
    return;
  }
  let large: Large | null = null;
  let plain: Buffer | null = null;
  const kept = await cache.once(keptIn(coding) === coding ? tag : tagOf([...answer.key, keptIn(coding)]), async () => {
    const made = await make(cache, answer, coding);
    if ("rest" in made) large = made;
    else plain = made;
    return plain && pack(plain, keptIn(coding));
  });
  if (kept && coding === "identity")
    return sendBytes(response, answer.contentType, { bytes: plain ?? (await unpacked(kept)), coding });
  if (kept) return sendBytes(response, answer.contentType, kept);
  // Nobody can share what goes out piece by piece: whoever waited for it makes it too.
  const { first, rest } = large ?? (await begin(answer));
  await stream(response, answer.contentType, coding, first, rest);
}

const codingBefore = remembered<Coding>();

/** How an answer is packed for a reader. */
export function codingOf(request: Request): Coding {
  return codingBefore(request.headers["accept-encoding"]?.toString(), () => {
    const accepted = request.acceptsEncodings("br", "gzip", "identity");
    return accepted === "br" || accepted === "gzip" ? accepted : "identity";
  });
}

/** Keeps an answer ready, packed, that nobody waits for yet; one that is too large to keep is left alone. */
export async function fillAnswer(cache: AnswerCache, answer: Answer, coding: Coding): Promise<void> {
  await cache.once(tagOf([...answer.key, keptIn(coding)]), async () => {
    const made = await make(cache, answer, coding);
    if (!("rest" in made)) return pack(made, keptIn(coding));
    await made.rest.return?.();
    return null;
  });
}

/** What is wanted as it is is kept packed, too: a page is made of a megabyte of answers, which its reader asks for packed. */
const keptIn = (coding: Coding): Coding => (coding === "identity" ? "br" : coding);

/** The whole of an answer as it is; a large one as far as it is made. What was made for another coding is not made again. */
async function make(cache: AnswerCache, answer: Answer, coding: Coding): Promise<Buffer | Large> {
  const other = coding === "gzip" ? await cache.known(tagOf([...answer.key, "br"])) : null;
  if (other) return unpacked(other);
  const begun = await begin(answer);
  return begun.whole ? Buffer.concat(begun.first) : begun;
}

/** As it was before it was packed; never of gzip, which nobody needs unpacked. */
const unpacked = async ({ bytes, coding }: Kept): Promise<Buffer> => (coding === "br" ? unbrotli(bytes) : bytes);

/** What is sent once is packed in a quarter of the time, to about as many bytes. */
const onceOptions = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } };

/** Sends an answer that is of this question only; a large one packed. */
export async function sendOnce(
  request: Request,
  response: Response,
  { contentType, text }: { contentType: string; text: string },
): Promise<void> {
  response.vary("Accept-Encoding");
  const bytes = Buffer.from(text);
  const coding = codingOf(request);
  const isPacked = coding === "br" && bytes.length >= smallestPacked;
  sendBytes(
    response,
    contentType,
    isPacked ? { bytes: await brotli(bytes, onceOptions), coding } : await pack(bytes, coding),
  );
}

/** An answer that is not kept: what is made of it already, and the rest. */
interface Large {
  first: Buffer[];
  rest: AsyncIterator<string | Uint8Array>;
}

async function begin(answer: Answer): Promise<Large & { whole: boolean }> {
  const rest = (await answer.pieces())[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let size = 0;
  for (;;) {
    const next = await rest.next();
    if (next.done) return { first, rest, whole: true };
    const bytes = Buffer.from(next.value as Uint8Array);
    first.push(bytes);
    size += bytes.length;
    if (size > largestKept) return { first, rest, whole: false };
  }
}

async function pack(whole: Buffer, coding: Coding): Promise<Kept> {
  if (coding === "identity" || whole.length < smallestPacked) return { bytes: whole, coding: "identity" };
  return { bytes: await codings[coding].pack(whole), coding };
}

function sendBytes(response: Response, contentType: string, { bytes, coding }: Kept): void {
  response.setHeader("Content-Type", contentType);
  if (coding !== "identity") response.setHeader("Content-Encoding", coding);
  response.setHeader("Content-Length", bytes.length);
  response.end(bytes);
}

/** A large answer goes out as it is made, at the pace of the reader. */
async function stream(
  response: Response,
  contentType: string,
  coding: Coding,
  first: Buffer[],
  rest: AsyncIterator<string | Uint8Array>,
): Promise<void> {
  response.setHeader("Content-Type", contentType);
  if (coding !== "identity") response.setHeader("Content-Encoding", coding);
  const pieces = Readable.from(all(first, rest), { objectMode: false });
  try {
    if (coding === "identity") await pipeline(pieces, response);
    else await pipeline(pieces, codings[coding].stream(), response);
  } catch (error) {
    // The reader went away; nobody is left to tell.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

async function* all(first: Buffer[], rest: AsyncIterator<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

const tagOf = (parts: readonly string[]): string =>
  `"${hash("sha256", JSON.stringify(parts), "base64url").slice(0, 27)}"`;

/** Whether `If-None-Match` names the answer; a weak tag of it counts too. */
function matches(header: string | undefined, tag: string): boolean {
  if (!header) return false;
  return header.trim() === "*" || header.split(",").some((each) => each.trim().replace(/^W\//, "") === tag);
}

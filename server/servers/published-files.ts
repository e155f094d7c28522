import { createWriteStream } from "node:fs";
import { open, stat, truncate } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Refusal, SourceFailure } from "../../pipelines/problem.ts";
import { redirected } from "../../pipelines/sources/http.ts";
import { ask, inWords, type Answered, type Network } from "../../pipelines/sources/request.ts";

/** A text that was fetched; `unchanged` where it is what it was. */
export type FetchedText = { unchanged: true } | { unchanged: false; text: string; etag: string | null };

const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** The files of a folder that is published elsewhere, by their names in it. */
export class PublishedFiles {
  readonly #folder: URL;
  readonly #token: string;
  readonly #network: Network;

  /** `address` is the folder's, with or without a slash at its end. */
  constructor(address: string, token: string, network: Network) {
    this.#folder = new URL(address.replace(/\/*$/, "/"));
    this.#token = token;
    this.#network = network;
  }

  /** A small file; null where there is none. */
  async text(name: string, most: number, etag: string | null = null): Promise<FetchedText | null> {
    const { answer, url } = await this.#get(name, etag === null ? {} : { "If-None-Match": etag });
    if (answer.status !== 200) drop(answer);
    if (answer.status === 304 && etag !== null) return { unchanged: true };
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw refused(url, answer.status);
    const pieces: Buffer[] = [];
    let size = 0;
    try {
      for await (const piece of answer.body as AsyncIterable<Buffer>) {
        size += piece.length;
        if (size > most) throw new Refusal(`${url.host} sends more than ${most} bytes for ${name}`);
        pieces.push(piece);
      }
    } catch (error) {
      throw inWords(error as Error, url.host);
    }
    return { unchanged: false, text: Buffer.concat(pieces).toString("utf8"), etag: answer.headers.etag ?? null };
  }

  /** Fetches a file to the end, from where an earlier try of it ended. Two who write the same file at once write the same bytes at the same places. */
  async into(file: string, name: string, most: number): Promise<void> {
    const there = await stat(file).catch(() => null);
    const { answer, url } = await this.#get(name, there?.size ? { Range: `bytes=${there.size}-` } : {});
    const from = startOf(answer, there?.size ?? 0);
    if (from === "whole") return drop(answer);
    if (from === null) {
      drop(answer);
      // What lies here goes on beyond the end of what is there.
      if (answer.status === 416) await truncate(file, 0);
      throw refused(url, answer.status);
    }
    const length = Number(answer.headers["content-length"] ?? 0);
    if (from + length > most) {
      drop(answer);
      throw new Refusal(`${name} has more than ${Math.round(most / 1024 / 1024)} MB; raise KVV_MAX_FILE_MB`);
    }
    await (await open(file, "a", 0o600)).close();
    let end = from;
    const counted = new Transform({
      transform(piece: Buffer, _encoding, done) {
        end += piece.length;
        if (end > most) done(new Refusal(`${name} goes on after ${Math.round(most / 1024 / 1024)} MB`));
        else done(null, piece);
      },
    });
    try {
      await pipeline(answer.body, counted, createWriteStream(file, { flags: "r+", start: from }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall === "write") throw error;
      throw inWords(error as Error, url.host);
    }
    // Of an earlier try that was of something else.
    await truncate(file, end);
  }

  async #get(name: string, headers: Record<string, string>): Promise<{ answer: Answered; url: URL }> {
    let url = new URL(name, this.#folder);
    const authorization = `Bearer ${this.#token}`;
    for (let step = 0; step <= mostRedirects; step++) {
      const answer = await ask({ method: "GET", url, headers: { authorization, ...headers } }, this.#network);
      if (!redirects.has(answer.status)) return { answer, url };
      drop(answer);
      url = redirected(url, answer.headers.location);
    }
    throw new SourceFailure(`${url.host} leads from one address to the next without end`, { again: false });
  }
}

/** Where the bytes of an answer belong; `whole` where there are no more, null where it has none. */
function startOf({ status, headers }: Pick<Answered, "status" | "headers">, there: number): number | "whole" | null {
  if (status === 200) return 0;
  const range = headers["content-range"];
  if (status === 416) return there > 0 && range === `bytes */${there}` ? "whole" : null;
  return status === 206 && range?.startsWith(`bytes ${there}-`) ? there : null;
}

function drop({ cut }: { cut(reason: Error): void }): void {
  cut(new SourceFailure("not needed"));
}

function refused({ host }: URL, status: number): SourceFailure {
  const why: Record<number, string> = {
    401: "does not take the secret (401): is KVV_PUBLISHED_TOKEN the same there?",
    403: "does not let this server in (403)",
    404: "has no such file (404): is KVV_PUBLISHED_URL right?",
  };
  return new SourceFailure(`${host} ${why[status] ?? `answers with status ${status}`}`);
}

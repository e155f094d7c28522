import http from "node:http";
import type { Parsed } from "./api.ts";

/** So much text of answers is remembered, in characters; as objects it takes some times as much. */
const mostKept = 12_000_000;
/** A connection that nobody used for so long is closed here before the server does. */
const idleMs = 30_000;
/** Of so many scopes for each question. */
const mostTags = 4;

interface Said extends Parsed {
  status: number;
}

/**
 * Asks the API from within the server, for one reader after another. What was answered before is asked for by its tag:
 * where a reader may see the same, only that is said, and nothing is read and taken apart again.
 */
export class Inside {
  private readonly agent = new http.Agent({ keepAlive: true, timeout: idleMs });
  /** By address, the one asked last at the end; each by its tags. */
  private readonly known = new Map<string, Map<string, Parsed>>();
  private size = 0;

  /** The answer in the shape that `reach` wants. */
  async fetch(address: string, headers: Record<string, string>): Promise<Response> {
    const { status, ...parsed } = await this.ask(address, headers);
    const answer = { ok: status < 300, status, parsed, json: async () => parsed.value };
    return answer as unknown as Response;
  }

  private ask(address: string, headers: Record<string, string>): Promise<Said> {
    // What is asked for by its tag is held until the answer: meanwhile others may take its place.
    const known = new Map(this.known.get(address));
    const tags = known.size > 0 ? { "if-none-match": [...known.keys()].join(", ") } : {};
    return new Promise((resolve, reject) => {
      const request = http.get(address, { agent: this.agent, headers: { ...headers, ...tags } }, (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", reject);
        response.on("end", () => {
          try {
            const { statusCode: status = 0 } = response;
            const tag = response.headers.etag ?? "";
            const before = status === 304 ? known.get(tag) : undefined;
            if (before) return resolve({ status: 200, ...before });
            const text = Buffer.concat(pieces).toString();
            const parsed = { value: JSON.parse(text) as unknown, size: text.length };
            if (status === 200 && tag) this.keep(address, tag, parsed);
            resolve({ status, ...parsed });
          } catch (error) {
            reject(error as Error);
          }
        });
      });
      request.on("error", (error: NodeJS.ErrnoException) => {
        // The server closed a connection that was kept in the moment in which it was used again: it heard nothing.
        if (request.reusedSocket && error.code === "ECONNRESET") resolve(this.ask(address, headers));
        else reject(error);
      });
    });
  }

  private keep(address: string, tag: string, parsed: Parsed): void {
    const tags = this.known.get(address) ?? new Map<string, Parsed>();
    this.known.delete(address);
    this.known.set(address, tags.set(tag, parsed));
    this.size += parsed.size;
    for (const oldest of tags.keys()) if (tags.size > mostTags) this.drop(tags, oldest);
    for (const [oldest, its] of this.known) {
      if (this.size <= mostKept) break;
      for (const each of its.keys()) this.drop(its, each);
      this.known.delete(oldest);
    }
  }

  private drop(tags: Map<string, Parsed>, tag: string): void {
    this.size -= tags.get(tag)?.size ?? 0;
    tags.delete(tag);
  }
}

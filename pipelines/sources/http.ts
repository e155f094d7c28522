import { PassThrough, type Readable } from "node:stream";
import { Refusal, SourceFailure } from "../problem.ts";
import type { ByteSource } from "../reading/source.ts";
import type { HttpSource } from "../schedule-file.ts";
import { ask, inWords, type Answered, type Network } from "./request.ts";
import { secretOf } from "./secret.ts";

/** What a source said of the file that was loaded last: sent back to ask whether it is another by now. */
export interface Validators {
  etag: string | null;
  last_modified: string | null;
}

/** What a source answers: the file as it is, or that it is still the same. */
export type Fetched =
  | { unchanged: true }
  | {
      unchanged: false;
      source: ByteSource;
      validators: Validators;
      /** Only what changed: it is the whole of nothing. */
      partial?: boolean;
      /** Cells of these months, that the source grouped; null for all months. */
      grouped?: { months: string[] | null };
      /** Nothing more of it is wanted, whether it was read or not. */
      close?(): void;
    };

export interface FetchOptions {
  network: Network;
  maxBytes: number;
  /** Environment variables that headers may name. */
  env: Record<string, string | undefined>;
}

const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Asks a source for its file, once. The bytes come as the reader takes them, and nothing is kept of them here. */
export async function openHttp(
  { url: address, headers }: Pick<HttpSource, "url" | "headers">,
  before: Validators | null,
  options: FetchOptions,
): Promise<Fetched> {
  let url = new URL(address);
  const secret = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, fromEnvironment(value, options.env)]),
  );
  const conditions = {
    ...(before?.etag ? { "If-None-Match": before.etag } : {}),
    ...(before?.last_modified ? { "If-Modified-Since": before.last_modified } : {}),
  };
  for (let step = 0; step <= mostRedirects; step++) {
    const answer = await ask({ method: "GET", url, headers: { ...secret, ...conditions } }, options.network);
    if (redirects.has(answer.status)) {
      drop(answer);
      url = redirected(url, answer.headers.location);
      continue;
    }
    if (answer.status === 304 && before) {
      drop(answer);
      return { unchanged: true };
    }
    if (answer.status !== 200) {
      drop(answer);
      throw refused(url, answer);
    }
    return opened(url, answer, options);
  }
  throw new SourceFailure(`${url.host} leads from one address to the next without end`, { again: false });
}

function drop({ cut }: Answered): void {
  cut(new SourceFailure("not needed"));
}

/** A redirect keeps to the host: a source may not send the monitor, and its secrets, elsewhere. */
export function redirected(from: URL, location: string | undefined): URL {
  if (!location || !URL.canParse(location, from))
    throw new SourceFailure(`${from.host} leads to no address`, { again: false });
  const to = new URL(location, from);
  const secure = from.protocol === "https:" && to.protocol === "http:";
  if (secure || !/^https?:$/.test(to.protocol))
    throw new SourceFailure(
      `${from.host} leads to ${to.protocol}//${to.host}, which is not secure; it is not followed`,
      { again: false },
    );
  // Only at their usual ports are http and https of one host the same server.
  const samePort = to.port === from.port && (to.port === "" || to.protocol === from.protocol);
  const sameHost = to.hostname === from.hostname && samePort;
  if (!sameHost || to.username || to.password)
    throw new SourceFailure(
      `${from.host} leads to another host, ${to.host}; if that is right, write its address in data/schedule.yaml`,
      { again: false },
    );
  return to;
}

function refused(url: URL, { status, headers }: Answered): SourceFailure {
  const why: Record<number, string> = {
    401: "does not know the monitor (401): is the environment variable of its header right?",
    403: "does not let the monitor in (403): is the environment variable of its header right?",
    404: "has no such file (404): is the address right?",
    410: "has no such file any more (410): is the address right?",
    429: "is asked too often (429)",
  };
  const again = passing.has(status);
  return new SourceFailure(`${url.host} ${why[status] ?? `answers with status ${status}`}`, {
    again,
    after: again ? retryAfterMs(headers["retry-after"]) : null,
  });
}

/** How long a source asks to be left alone, in milliseconds: as seconds, or as a moment of its own clock. */
function retryAfterMs(value: string | undefined, now = Date.now()): number | null {
  if (value === undefined) return null;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

export const tooLarge = (maxBytes: number): Refusal =>
  new Refusal(`the file has more than ${Math.round(maxBytes / 1024 / 1024)} MB; split it, or raise KVV_MAX_FILE_MB`);

function opened(url: URL, answer: Answered, options: FetchOptions): Fetched {
  const { headers } = answer;
  const length = headers["content-length"];
  const size = length !== undefined && /^\d+$/.test(length) ? Number(length) : null;
  if (size !== null && size > options.maxBytes) {
    drop(answer);
    throw tooLarge(options.maxBytes);
  }
  // Until it is read the body may break off: that is told to whoever reads it.
  let broken: Error | null = null;
  answer.body.on("error", (error) => (broken = inWords(error, url.host)));
  const open = (): Readable => {
    const counted = new PassThrough({ highWaterMark: 256 * 1024 });
    if (broken) return counted.destroy(broken);
    let bytes = 0;
    answer.body.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > options.maxBytes) answer.cut(tooLarge(options.maxBytes));
    });
    answer.body.on("error", (error) => counted.destroy(inWords(error, url.host)));
    counted.on("close", () => answer.body.destroy());
    answer.body.pipe(counted);
    return counted;
  };
  return {
    unchanged: false,
    source: { name: nameOf(url, headers["content-disposition"]), size, path: null, open },
    validators: { etag: headers.etag ?? null, last_modified: headers["last-modified"] ?? null },
  };
}

/** The base name of the file: as the source says, or the end of its path; never its query, which may hold a secret. */
function nameOf(url: URL, disposition: string | undefined): string {
  const said =
    /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "")?.[1] ?? /filename="?([^";]+)"?/i.exec(disposition ?? "")?.[1];
  const last = said ?? url.pathname.split("/").filter(Boolean).at(-1) ?? url.hostname;
  const name = decoded(last)
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\p{Cc}/gu, "")
    .trim();
  return name.slice(0, 120) || url.hostname;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `$NAME`, perhaps after a word, as the environment has it. */
function fromEnvironment(text: string, env: FetchOptions["env"]): string {
  const [, before, name] = /^(.*)\$([A-Z_][A-Z0-9_]*)$/.exec(text)!;
  const value = secretOf(name!, env, "a header of the source");
  if (/[\r\n\0]/.test(value))
    throw new SourceFailure(`the environment variable ${name} has a line end; a header cannot`, { again: false });
  return before! + value;
}

import http from "node:http";
import https from "node:https";
import net from "node:net";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import type { Logger } from "pino";
import { z } from "zod";
import { guardedLookup, refuseAddress, type AddressRule, type Resolve } from "../../pipelines/sources/addresses.ts";
import { inWords } from "../../pipelines/sources/request.ts";
import { checkOrigin } from "../guard.ts";
import { Problem } from "../problem.ts";
import type { Session } from "../session.ts";
import { bodyKey, framing } from "./frames.ts";
import type { SharedKeys } from "./keys.ts";
import type { SharedEnds } from "./receiver.ts";
import { ticketHeader, Tickets, type Ticket } from "./ticket.ts";

export interface WritesOptions {
  /** The address of the server that has what people write. */
  url: string;
  keys: SharedKeys;
  sessions: SharedEnds;
  rule: AddressRule;
  resolve: Resolve;
  log: Pick<Logger, "info" | "error">;
  now?: () => number;
  connectMs?: number;
  /** How long that server may say nothing before its answer. */
  silenceMs?: number;
}

/** What goes with a question, and what with an answer: no cookies, and nothing that is between two servers only. */
const asked = ["accept", "accept-encoding", "accept-language", "content-type", "content-length", "content-encoding", "if-none-match"]; // prettier-ignore
const answered = ["content-type", "content-length", "content-encoding", "content-disposition", "etag", "cache-control", "vary", "retry-after", "accept-encoding", "allow"]; // prettier-ignore
const told = z.object({
  start: z.string(),
  operations: z.string(),
  faults: z.string(),
  ended: z.array(z.string()).optional(),
  known: z.string(),
});
const mostTold = 4 * 1024 * 1024;
/** So many sessions that ended are told at once: they go in a header. */
const mostEnded = 50;
/** In characters: it goes in a header, of which a proxy takes 8 kB by default. */
const longestTicket = 8000;
/** A connection that nobody used for so long is not used again: the other side may have let go of it. */
const idleMs = 15_000;

const awayCode = "writes-away";

/** Whether nothing could be passed on. */
export const isAway = (error: unknown): boolean => error instanceof Problem && error.code === awayCode;

const reason = "what people wrote cannot be reached just now, as the server that has it does not answer";
const later = { headers: { "Retry-After": "5" } };

const away = () =>
  new Problem(503, `${reason}; nothing was changed, and figures are not affected`, { code: awayCode, ...later });

/** It was sent, and no answer came. */
const unsure = () =>
  new Problem(503, `${reason}; whether this was kept is not known, so look before you send it again`, {
    ...{ code: "writes-unsure", ...later },
  });

/** Not all of it was sent: its end, without which nothing of it counts, never came. */
const cutOff = () =>
  new Problem(
    503,
    "the connection to the server that has what people write broke off before all was sent; nothing of the file at hand was kept, nor of anything else but files that stood before it: send it again",
    { code: "cut-off", ...later },
  );

/** The server with which lives what people write, as another one reaches it: passes questions on to it, and hears how it is. */
export class Writes {
  readonly #options: Required<WritesOptions>;
  readonly #base: URL;
  readonly #tickets: Tickets;
  /** As many connections as there are questions: one that nobody reads to its end must not keep others waiting. */
  readonly #agent: http.Agent;
  #start: string | null = null;
  #turn = 0;
  #known = "";
  #operations = "none";
  #faults = "none";
  #theirs = new Set<string>();
  #looking: Promise<void> | null = null;
  #fault: string | null = null;

  constructor(options: WritesOptions) {
    this.#options = { now: Date.now, connectMs: 5000, silenceMs: 600_000, ...options };
    this.#base = new URL(options.url.replace(/\/*$/, "/"));
    this.#tickets = new Tickets(options.keys.tickets, this.#options.now);
    const agent = { keepAlive: true, timeout: idleMs };
    this.#agent = this.#base.protocol === "https:" ? new https.Agent(agent) : new http.Agent(agent);
  }

  /** Whether it answered last time. */
  get isThere(): boolean {
    return this.#start !== null;
  }

  /** Another after each time that it went away, came back, or left a question without an answer: what was made of several answers in between may be of both. */
  get turn(): number {
    return this.#turn;
  }

  /** For whoever looks from outside; names no host. */
  get trouble(): string | null {
    return this.isThere ? null : "what people write cannot be reached: the server that has it does not answer";
  }

  /** Names the state of the pipelines' work there, as far as it is known. */
  get operations(): string {
    return this.#operations;
  }

  /** Names what pages tell of late and faulty feeds there, as far as it is known. */
  get faults(): string {
    return this.#faults;
  }

  /** Asks how it is, and tells and hears which sessions ended. Nothing is thrown. */
  look(why?: Error): Promise<void> {
    this.#looking ??= this.#exchange()
      .catch((error: Error) => this.#lost(why ?? error))
      .finally(() => (this.#looking = null));
    return this.#looking;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Answers a question as that server does. Throws the problem `writes-away` where it does not. */
  async passOn(request: Request, response: Response, session: Session, inside: boolean): Promise<void> {
    // It knows this monitor by another name, so where a page comes from is seen here.
    const reads = request.method === "GET" || request.method === "HEAD";
    if (!reads) checkOrigin(request);
    for (let more = hasBody(request) ? 0 : 1; ; more--) {
      const answer = await this.#ask(request, response, session, inside);
      if (typeof answer === "object") return this.#send(answer, response);
      // What was started anew has done nothing; of what broke off nobody knows.
      if (answer === "cut-off") throw cutOff();
      if (answer === "broken" && !reads) throw unsure();
      if (answer === "refused" || more === 0 || response.destroyed) {
        this.#turn += 1;
        throw away();
      }
    }
  }

  async #ask(
    request: Request,
    response: Response,
    { id, user }: Session,
    inside: boolean,
  ): Promise<http.IncomingMessage | "other-start" | "cut-off" | "broken" | "refused"> {
    const start = this.#start;
    if (start === null) throw away();
    const body = hasBody(request);
    const { name, roles, units, subject } = user;
    const ticket = await this.#tickets.issue({
      ...{ to: start, path: pathOf(request), body, inside },
      method: request.method as Ticket["method"],
      headers: Object.fromEntries(
        asked.flatMap((header) => {
          const value = request.headers[header];
          return typeof value === "string" ? [[header, value]] : [];
        }),
      ),
      session: { id, user: { name, roles, units, subject } },
    });
    if (ticket.text.length > longestTicket)
      throw new Problem(431, "the address and the headers of the question are too long together");
    const onward = this.#open("servers/passed-on", ticket.text, !body);
    // Whoever is gone wants nothing more; what was answered before it was sent whole is not sent on.
    response.once("close", () => {
      if (!response.writableFinished || !onward.writableFinished) onward.destroy();
    });
    if (response.destroyed) onward.destroy();
    if (body) {
      request.once("error", () => onward.destroy());
      request.pipe(framing(bodyKey(this.#options.keys.bodies, ticket.jti))).pipe(onward);
    }
    let answer: http.IncomingMessage;
    try {
      answer = await answerOf(onward, this.#base.host);
    } catch (error) {
      request.unpipe();
      // One connection that broke off says little of that server.
      if (!response.destroyed) await this.look(error as Error);
      if (!wasSent(onward)) throw away();
      return body && !onward.writableEnded ? "cut-off" : "broken";
    }
    if (body) request.unpipe();
    const refused = answer.headers[ticketHeader.toLowerCase()];
    const isOurs = answer.headers["x-request-id"] !== undefined;
    if (refused === undefined && isOurs) return answer;
    answer.resume();
    if (refused === "other-start") {
      this.#begins(null);
      await this.look();
      return refused;
    }
    const { statusCode = 0 } = answer;
    const why = refused === undefined ? `answers ${statusCode}, not as a monitor` : "does not take our tickets";
    // It may be of this question alone.
    await this.look(
      new Error(`${this.#base.host} ${why}: are KVV_WRITES_URL, KVV_SERVERS_SECRET and the clocks right?`),
    );
    // A proxy before it that refuses has asked it nothing; of what else one says nobody knows whether it was done before.
    return refused !== undefined || (statusCode >= 400 && statusCode < 500) ? "refused" : "broken";
  }

  async #send(answer: http.IncomingMessage, response: Response): Promise<void> {
    response.status(answer.statusCode!);
    for (const header of answered) {
      const value = answer.headers[header];
      if (value !== undefined) response.setHeader(header, value);
    }
    // What breaks off on the way is cut off here too, so that nobody takes it for the whole.
    await pipeline(answer, response).catch(() => response.destroy());
  }

  async #exchange(): Promise<void> {
    const { sessions, log } = this.#options;
    const ended = (await sessions.endedIds()).filter((id) => !this.#theirs.has(id)).slice(0, mostEnded);
    const { text } = await this.#tickets.tell({ ended, known: this.#known });
    const request = this.#open("servers/state", text, true);
    // To its end: whoever waits for it must not wait for one that sends a byte now and then.
    const late = setTimeout(() => request.destroy(new Error("does not answer")), this.#options.connectMs);
    const [answer, found] = await answerOf(request, this.#base.host)
      .then(async (answer) => [answer, await readTold(answer)] as const)
      .finally(() => clearTimeout(late));
    if (answer.statusCode !== 200 || !found)
      throw new Error(
        `${this.#base.host} answers ${answer.statusCode}, not as a monitor that has what people write: are KVV_WRITES_URL, KVV_SERVERS_SECRET and the clocks right?`,
      );
    if (found.ended) {
      await sessions.endAll(found.ended);
      this.#theirs = new Set(found.ended);
    }
    [this.#known, this.#operations, this.#faults] = [found.known, found.operations, found.faults];
    if (this.#start === null && this.#fault !== null) log.info("what people write can be reached again");
    this.#begins(found.start);
    this.#fault = null;
  }

  #begins(start: string | null): void {
    if (start !== this.#start) this.#turn += 1;
    this.#start = start;
  }

  #lost(error: Error): void {
    if (error.message !== this.#fault) this.#options.log.error({ err: error }, "what people write cannot be reached");
    this.#fault = error.message;
    this.#begins(null);
  }

  #open(path: string, ticket: string, whole: boolean): http.ClientRequest {
    const { rule, resolve, connectMs, silenceMs } = this.#options;
    const url = new URL(path, this.#base);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    // A name is checked when it is looked up; a bare address is never looked up. The first who asks is `look`.
    if (net.isIP(host) && !rule.allows(host)) throw refuseAddress(host);
    const request = (url.protocol === "https:" ? https : http).request(url, {
      method: "POST",
      agent: this.#agent,
      lookup: guardedLookup(rule, resolve),
      headers: { Authorization: `Bearer ${ticket}`, ...(whole ? { "Content-Length": "0" } : {}) },
    });
    const connecting = setTimeout(
      () => request.destroy(new Error(`${url.host} does not take the connection`)),
      connectMs,
    );
    request.once("close", () => clearTimeout(connecting));
    request.once("socket", (socket) => {
      if (!socket.connecting) return clearTimeout(connecting);
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
        clearTimeout(connecting);
        const address = socket.remoteAddress;
        if (address !== undefined && !rule.allows(address)) request.destroy(refuseAddress(host));
      });
    });
    request.setTimeout(silenceMs, () => request.destroy(new Error(`${url.host} says nothing`)));
    if (whole) request.end();
    return request;
  }
}

/** Whether that server can have got anything of it. */
const wasSent = ({ socket, headersSent }: http.ClientRequest): boolean =>
  headersSent && socket !== null && (socket.bytesWritten > 0 || !socket.connecting);

/** The answer to a request, when it begins. Later errors are of its body. */
function answerOf(request: http.ClientRequest, host: string): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", (error) => reject(inWords(error, host)));
    request.once("close", () => reject(new Error(`${host} broke the connection off`)));
  });
}

async function readTold(answer: http.IncomingMessage): Promise<z.output<typeof told> | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > mostTold) return null;
    pieces.push(piece);
  }
  try {
    return told.parse(JSON.parse(Buffer.concat(pieces).toString("utf8")));
  } catch {
    return null;
  }
}

/** Without the host that a question to a proxy may name before it. */
const pathOf = ({ originalUrl }: Request): string => originalUrl.replace(/^[a-z]+:\/\/[^/?#]*/i, "");

const hasBody = ({ headers }: Request): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

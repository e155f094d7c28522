import { createHash, randomUUID } from "node:crypto";
import { IncomingMessage } from "node:http";
import type { Express, Request, RequestHandler } from "express";
import type { Logger } from "pino";
import { Faults } from "../faults.ts";
import type { Operations } from "../operations.ts";
import { Problem } from "../problem.ts";
import { named } from "../route-of.ts";
import type { Session } from "../session.ts";
import { bodyKey, unframed } from "./frames.ts";
import type { SharedKeys } from "./keys.ts";
import { ForServers } from "./for-servers.ts";
import { Tickets, type News, type Ticket } from "./ticket.ts";

/** What the others may know of this server. */
export interface Told {
  /** Names this start of it. */
  start: string;
  /** Names the state of the pipelines' work. */
  operations: string;
  /** Names what pages tell of late and faulty feeds. */
  faults: string;
  /** Sessions that ended before their time; left out for who has this list. */
  ended?: string[];
  known: string;
}

/** The sessions as others end them, and hear that they ended. */
export interface SharedEnds {
  /** Of those that would otherwise go on. */
  endedIds(): Promise<string[]>;
  endAll(ids: readonly string[]): Promise<void>;
}

export interface ReceiverOptions {
  keys: SharedKeys;
  sessions: SharedEnds;
  operations: Pick<Operations, "version" | "query">;
  log: Pick<Logger, "warn">;
  now?: () => number;
}

/** Somebody in whose name another server asks. */
export interface PassedOn {
  session: Session;
  inside: boolean;
}

/** Only questions to the API are passed on. */
const passable = /^\/api\/v1\//;
const complainedEachMs = 60_000;

/** Takes what other servers pass on to the one that has what people write: asks it anew, here, in the name of whom the ticket names. */
export class Receiver {
  /** Another after each start: a ticket for an earlier one is worth nothing. */
  readonly start = randomUUID();
  readonly #options: ReceiverOptions;
  readonly #faults: Faults;
  readonly #tickets: Tickets;
  readonly #passedOn = new WeakMap<IncomingMessage, PassedOn>();
  #complained = 0;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#faults = new Faults(options.operations);
    this.#tickets = new Tickets(options.keys.tickets, options.now ?? Date.now);
  }

  /** In whose name a question was passed on; null where it comes from a reader. */
  of(request: IncomingMessage): PassedOn | null {
    return this.#passedOn.get(request) ?? null;
  }

  /** `/servers/…`, before all that is for readers; `app` is asked what was passed on. */
  routes(app: Express): RequestHandler {
    const routes = new ForServers(
      "/servers",
      {
        ticket: async (request, response, next) => {
          response.locals.ticket = await this.#tickets.take(textOf(request), this.start);
          next();
        },
        news: async (request, response, next) => {
          response.locals.news = await this.#tickets.hear(textOf(request));
          next();
        },
      },
      this.#complaining,
    );
    routes.on("post", "/passed-on", (request, response) => {
      const ticket = response.locals.ticket as Ticket;
      delete response.locals.ticket;
      if (!passable.test(ticket.path)) throw new Problem(404, "only questions to the API are passed on");
      const inner = this.#asked(ticket, request);
      app(inner as Request, response);
    });
    routes.on("post", "/state", named("/servers/*"), async (_request, response) => {
      const { ended, known } = response.locals.news as News;
      const { sessions, operations } = this.#options;
      if (ended.length > 0) await sessions.endAll(ended);
      const ids = await sessions.endedIds();
      const now = `${this.start} ${createHash("sha256").update(ids.join()).digest("base64url")}`;
      const told: Told = {
        ...{ start: this.start, operations: await operations.version(), faults: await this.#faults.name(), known: now },
        ...(known === now ? {} : { ended: ids }),
      };
      response.setHeader("Cache-Control", "no-store");
      response.json(told);
    });
    return routes.router;
  }

  /** The question as its asker asked it. What its body brings is known to be right piece by piece. */
  #asked({ method, path, headers, body, session, inside, jti }: Ticket, outer: Request): IncomingMessage {
    const inner = new IncomingMessage(outer.socket);
    Object.assign(inner, { method, url: path, httpVersion: "1.1", httpVersionMajor: 1, httpVersionMinor: 1 });
    // Whether it came from a page of this monitor the other server has seen.
    inner.headers = { ...headers, host: "localhost" };
    if (body) bring(inner, unframed(outer as AsyncIterable<Buffer>, bodyKey(this.#options.keys.bodies, jti)));
    else endOf(inner);
    this.#passedOn.set(inner, { session: { ...session, signedIn: 0, seen: 0, idToken: null }, inside });
    return inner;
  }

  /** Says, now and then, that tickets are not taken. */
  readonly #complaining: RequestHandler = (_request, response, next) => {
    response.once("finish", () => {
      if (response.statusCode !== 403 || !response.hasHeader("X-KVV-Ticket")) return;
      if (Date.now() - this.#complained < complainedEachMs) return;
      this.#complained = Date.now();
      this.#options.log.warn("what another server passed on was refused: its ticket is not one of ours, or not of now");
    });
    next();
  };
}

/** Has a request read its body from elsewhere, at the pace of whoever reads it. */
function bring(request: IncomingMessage, pieces: AsyncGenerator<Buffer>): void {
  let wanted: (() => void) | null = null;
  let begun = false;
  request._read = () => {
    wanted?.();
    wanted = null;
    if (begun) return;
    begun = true;
    // The connection goes with what is not right: what was read of it is of no use.
    bringAll().catch((error: Error) => request.destroy(error));
  };
  async function bringAll(): Promise<void> {
    for await (const piece of pieces) if (!request.push(piece)) await new Promise<void>((go) => (wanted = go));
    endOf(request);
  }
}

function endOf(request: IncomingMessage): void {
  request.complete = true;
  request.push(null);
}

const textOf = (request: Request): string => /^Bearer ([\w.-]+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";

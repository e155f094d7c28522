import { randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { Problem } from "../problem.ts";
import { userShape } from "../session.ts";

/** What one server asks of another in somebody's name, whole but for its body: nothing that is not in it counts. */
const ticket = z.object({
  /** Used once. */
  jti: z.string().min(16),
  iat: z.number().int(),
  /** The start of the server that it is for; after a new one it is for nobody. */
  to: z.string(),
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
  /** As in an address, with what it asks. */
  path: z.string().startsWith("/"),
  headers: z.record(z.string(), z.string()),
  /** Whether a body comes with it. */
  body: z.boolean(),
  session: z.object({
    id: z.string(),
    user: userShape,
  }),
  /** Whether a server asks for a page that it makes. */
  inside: z.boolean(),
});
export type Ticket = z.output<typeof ticket>;

/** What a server tells the one that has what people write. */
const news = z.object({
  jti: z.string().min(16),
  iat: z.number().int(),
  /** Sessions that ended with it. */
  ended: z.array(z.string()),
  /** Which list of ended sessions it has. */
  known: z.string(),
});
export type News = z.output<typeof news>;

const algorithm = "HS256";
const kinds = { ticket: "kvv-ticket+jwt", news: "kvv-news+jwt" } as const;
/** For its way, and for clocks that differ. */
const longestMs = 60_000;

/** Signs what servers ask of each other, with a key that they share. */
export class Tickets {
  readonly #key: Uint8Array;
  readonly #now: () => number;
  /** What was used, each with the moment from which it is too old anyway; the oldest first. */
  readonly #used = new Map<string, number>();

  constructor(key: Uint8Array, now: () => number) {
    this.#key = key;
    this.#now = now;
  }

  /** A ticket, and its name. */
  issue(of: Omit<Ticket, "jti" | "iat">): Promise<{ text: string; jti: string }> {
    return this.#sign("ticket", of);
  }

  tell(of: Omit<News, "jti" | "iat">): Promise<{ text: string; jti: string }> {
    return this.#sign("news", of);
  }

  /** What a ticket says. 403 where it is not one of ours, not of now, for another start, or was used. */
  async take(text: string, start: string): Promise<Ticket> {
    const found = ticket.parse(await this.#read("ticket", text));
    if (found.to !== start)
      throw refused("is for this server before it was started anew; issue another", "other-start");
    this.#use(found.jti);
    return found;
  }

  async hear(text: string): Promise<News> {
    const found = news.parse(await this.#read("news", text));
    this.#use(found.jti);
    return found;
  }

  async #sign(kind: keyof typeof kinds, of: object): Promise<{ text: string; jti: string }> {
    const jti = randomUUID();
    const text = await new SignJWT({ ...of })
      .setProtectedHeader({ alg: algorithm, typ: kinds[kind] })
      .setJti(jti)
      .setIssuedAt(Math.floor(this.#now() / 1000))
      .sign(this.#key);
    return { text, jti };
  }

  async #read(kind: keyof typeof kinds, text: string): Promise<unknown> {
    try {
      const { payload } = await jwtVerify(text, this.#key, { algorithms: [algorithm], typ: kinds[kind] });
      if (Math.abs(this.#now() - Number(payload.iat) * 1000) <= longestMs) return payload;
    } catch {
      throw refused("was not signed with this server's KVV_SERVERS_SECRET", "bad-ticket");
    }
    throw refused("is not of now: are the clocks of both servers right?", "bad-ticket");
  }

  #use(jti: string): void {
    const now = this.#now();
    for (const [oldest, until] of this.#used) {
      if (until > now) break;
      this.#used.delete(oldest);
    }
    if (this.#used.has(jti)) throw refused("was used before", "bad-ticket");
    // A moment that is ahead by the most that is let pass is too old when twice that has gone.
    this.#used.set(jti, now + 2 * longestMs + 1000);
  }
}

/** The header by which a server says that the ticket itself is why. */
export const ticketHeader = "X-KVV-Ticket";

const refused = (why: string, code: "other-start" | "bad-ticket") =>
  new Problem(403, `what was passed on ${why}`, { code, headers: { [ticketHeader]: code } });

import type { Request, Response } from "express";
import type { Right } from "./access.ts";
import type { AuditLog, Deed } from "./audit.ts";
import { Problem } from "./problem.ts";
import { remembered } from "./remembered.ts";
import { gone } from "./request-log.ts";
import type { Session } from "./session.ts";

/** The same, looked at by the same person, is told once in so many milliseconds. */
const onceIn = 5 * 60_000;
const mostRemembered = 5000;
/** A part of a selection is told as far as this, in characters, so that none pushes out another. */
const longestPart = 150;

/** What a route itself tells of a question. */
export interface Told {
  /** What was chosen, in place of the address. */
  selection: string;
  /** The text that was sent, where it must be known afterwards what was asked. */
  text?: string;
}

/** Tells the audit log what people do. */
export class Recorder {
  private readonly log: AuditLog;
  readonly warn: (error: Error) => void;
  private readonly looked = new Map<string, number>();
  private readonly selections = remembered<string>(1000);

  constructor(log: AuditLog, warn: (error: Error) => void) {
    this.log = log;
    this.warn = warn;
  }

  /** 503 where what is about to be done could not be told: nothing leaves or changes unseen. */
  async check(): Promise<void> {
    if (await this.log.works()) return;
    throw new Problem(
      503,
      "who does what cannot be written down now, so nothing is changed or handed out; look at the disk",
      {
        code: "no-audit",
        headers: { "Retry-After": "10" },
      },
    );
  }

  /** Tells of a question to a route when it is answered. */
  follow(request: Request, response: Response, session: Session, route: string, right: Right): void {
    const url = request.originalUrl;
    const address = this.selections(url, () => selectionOf(url));
    // Also where who asked was gone before the answer: what they changed is changed.
    response.once("close", () => {
      const status = response.writableFinished ? response.statusCode : gone;
      const did = deedOf(request.method, route, { status, type: response.getHeader("Content-Type") }, right);
      const told = response.locals.told as Told | undefined;
      if (told && did !== "refused") this.tellAll(session, did ?? "looked", route, told, status);
      else if (did) this.tell(session, did, route, address, status);
    });
  }

  /** Tells that somebody opened a page. */
  page(address: string, session: Session, status = 200): void {
    const did = status === 403 ? "refused" : "looked";
    this.tell(session, did, `/${address.split(/[/?#]/)[1] ?? ""}`, selectionOf(address), status);
  }

  tell(session: Pick<Session, "id" | "user">, did: Deed, what: string, selection = "", status = 200): void {
    const often = did === "looked" || did === "refused";
    if (often && this.isToldAlready(`${session.id} ${did} ${what} ${selection}`)) return;
    const { name: user, roles } = session.user;
    this.log.append({ user, roles, did, what, selection, status }).catch(this.warn);
  }

  /** The same, each time anew. */
  private tellAll(session: Pick<Session, "user">, did: Deed, what: string, told: Told, status: number): void {
    const { name: user, roles } = session.user;
    this.log.append({ user, roles, did, what, ...told, status }).catch(this.warn);
  }

  private isToldAlready(key: string): boolean {
    const now = Date.now();
    const last = this.looked.get(key);
    if (last !== undefined && now - last < onceIn) return true;
    this.looked.delete(key);
    this.looked.set(key, now);
    for (const oldest of this.looked.keys()) if (this.looked.size > mostRemembered) this.looked.delete(oldest);
    return false;
  }
}

/** These shape an answer and choose nothing. */
const ofShape = /^(fields|locale|about)=/;

/** What was chosen, as the address has it. */
function selectionOf(address: string): string {
  const [path = "", query = ""] = address
    .replace(/^\/api\/v1/, "")
    .replaceAll(/\p{Cc}/gu, "")
    .split("?");
  const chosen = query.split("&").filter((each) => each !== "" && !ofShape.test(each));
  const told = chosen.map((each) => (each.length > longestPart ? `${each.slice(0, longestPart)}…` : each));
  return told.length > 0 ? `${path}?${told.join("&")}` : path;
}

function deedOf(
  method: string,
  route: string,
  { status, type = "application/json" }: { status: number; type?: number | string | string[] | undefined },
  right: Right,
): Deed | null {
  if (status === 403) return "refused";
  if (status >= 400 && status !== gone) return null;
  const reads = method === "GET" || method === "HEAD" || right === "plan" || right === "drafts";
  if (!reads) return route.endsWith("/sign") ? "signed" : right === "load" ? "uploaded" : "changed";
  if (!String(type).startsWith("application/json")) return "exported";
  return right === "know" ? null : "looked";
}

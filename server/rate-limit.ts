import type { Request, RequestHandler, Response } from "express";
import { rateLimit } from "express-rate-limit";
import { xlsxType } from "./format.ts";
import { Problem } from "./problem.ts";
import { methodOf, type Route } from "./route.ts";
import type { Session } from "./session.ts";

/** How often in a minute somebody may ask in one session. */
export interface Limits {
  /** Of the API, all that follows among it. */
  questions: number;
  /** Files that take long to make or to take in: PDF, XLSX, zip, uploads. */
  documents: number;
  /** What changes something. */
  writes: number;
}

/**
 * A page asks thirty questions at most, so whoever opens another one each second, all the minute long, asks 1800. Reports
 * of all units in both languages and forms are fifty files. A text is saved when its writer pauses, and nobody pauses
 * twice a second.
 */
export const usualLimits: Limits = { questions: 3000, documents: 60, writes: 120 };

const minute = 60_000;

/** Turns away who asks too much: by session, since all readers may come from one address. */
export interface RateLimiter {
  /** Before all routes of the API, when it is known who asks. */
  readonly questions: RequestHandler;
  /** Before one of them. */
  of(route: Route): RequestHandler[];
}

/** Without limits all may ask as they like. `isOwn` tells questions that the server asks itself, while it makes a page. */
export function createRateLimiter(limits: Limits | null, isOwn: (request: Request) => boolean): RateLimiter {
  if (!limits) return { questions: (_request, _response, next) => next(), of: () => [] };
  const documents = limiter("files", limits.documents, (request) => !isDocument(request));
  const writes = limiter("changes", limits.writes, () => false);
  return {
    questions: limiter("questions", limits.questions, isOwn),
    of: (route) => (changes(route) ? [writes, documents] : [documents]),
  };
}

function limiter(what: string, limit: number, isFree: (request: Request) => boolean): RequestHandler {
  const idOf = (response: Response) => (response.locals.session as Session | undefined)?.id;
  return rateLimit({
    windowMs: minute,
    limit,
    standardHeaders: false,
    legacyHeaders: false,
    // Whether it is made while a question is answered: it is not, and the look at the stack reads the map of all sources.
    validate: { creationStack: false },
    keyGenerator: (_request, response) => idOf(response)!,
    // Who is not in yet is told so, or is on the way in.
    skip: (request, response) => idOf(response) === undefined || isFree(request),
    handler(request) {
      const { resetTime } = (request as Request & { rateLimit: { resetTime: Date } }).rateLimit;
      const seconds = Math.max(1, Math.ceil((resetTime.getTime() - Date.now()) / 1000));
      throw new Problem(429, `more than ${limit} ${what} in a minute; wait ${seconds} seconds`, {
        code: "too-many",
        headers: { "Retry-After": String(seconds) },
      });
    },
  });
}

const changes = (route: Route): boolean =>
  methodOf(route) !== "get" && route.answers !== "plan" && !(route.answers === "workspace" && route.changes === false);

/** Whether a file is sent, or one is asked for that takes long to make. */
const isDocument = (request: Request): boolean =>
  /\.(pdf|xlsx|zip)$/.test(String(request.route?.path)) ||
  request.query.format === "xlsx" ||
  (request.headers.accept ?? "").includes(xlsxType) ||
  /^multipart\//i.test(request.headers["content-type"] ?? "");

import { randomBytes } from "node:crypto";
import { parseCookie, stringifySetCookie } from "cookie";
import type { Request, RequestHandler, Response } from "express";
import { everything, nameOfScope, rightOfPage, rightOfRoute, scopeOf, type Right, type Scope } from "./access.ts";
import type { Catalogue } from "./catalogue.ts";
import { checkWithin } from "./fields.ts";
import { labelOf } from "./label.ts";
import { Problem } from "./problem.ts";
import type { Recorder } from "./recorder.ts";
import { leastScope, type About } from "./scope.ts";
import { cookieName, nameOfCookie, type Session, type Sessions } from "./session.ts";
import type { Receiver } from "./servers/receiver.ts";
import type { ScopedSnapshots, Snapshots } from "./snapshot.ts";
import type { User } from "./user.ts";

/** Who asks, and what they may see of what they ask for. */
export interface Reader {
  session: Session;
  user: User;
  scope: Scope;
  snapshots: ScopedSnapshots;
  /** The snapshots that are asked, as any scope shows them. */
  all: Pick<Snapshots, "in">;
  /** Names what an answer may hold: alike for those who see the same. */
  seen: string;
}

/** Names the snapshot of which a page is made ahead. */
export const aheadHeader = "x-kvv-ahead";

/** A snapshot that is not served yet, for pages that are made of it before. */
interface Ahead {
  name: string;
  snapshots: Pick<Snapshots, "in">;
}

export interface GateOptions {
  sessions: Sessions;
  snapshots: Snapshots;
  recorder: Recorder;
  /** Whether people choose who they are: where nobody signs in for real. */
  personas: boolean;
  /** Whether the cookie is for encrypted connections only. */
  secure: boolean;
  /** What other servers pass on; left out, they pass on nothing. */
  receiver?: Pick<Receiver, "of"> | undefined;
}

/** Who may look at a page: whoever is in, or what to do first. */
export type PageReader = { session: Session; cookie: string } | "sign-in" | "pick";

/** Lets in who is signed in and has the right, and no other. */
export class Gate {
  /** What requests carry that this server sends to itself while it makes a page. */
  readonly inside = randomBytes(16).toString("base64url");
  readonly recorder: Recorder;
  /** What the server itself may ask already; null where that is what everybody asks. */
  ahead: Ahead | null = null;
  /** How far each right reaches for those who ask: with each of their questions it is the same. */
  private readonly scopes = new WeakMap<User, Map<Right, Scope | null>>();
  private readonly leasts = new WeakMap<About, { of: Catalogue; by: Map<string, Scope> }>();
  private readonly options: GateOptions;

  constructor(options: GateOptions) {
    this.options = options;
    this.recorder = options.recorder;
  }

  private get cookieName(): string {
    return nameOfCookie(cookieName, this.options.secure);
  }

  /** Whether people choose who they are. */
  get personas(): boolean {
    return this.options.personas;
  }

  /** Before all routes: 401 without a session, but for signing in. */
  readonly session: RequestHandler = async (request, response, next) => {
    const passedOn = this.options.receiver?.of(request);
    if (passedOn) {
      if (await this.options.sessions.isEnded(passedOn.session.id)) throw noSession();
      response.locals.session = passedOn.session;
      return next();
    }
    const session = await this.sessionOf(request);
    if (session) {
      response.locals.session = session;
      await this.goOn(session, response);
    } else if (request.path !== "/v1/session") throw noSession();
    next();
  };

  /** Before a route: 403 without its right, or for a unit or an indicator out of its reach. */
  admit(method: string, route: string): RequestHandler {
    const name = `${method.toUpperCase()} ${route}`;
    const right = rightOfRoute[name];
    if (!right) throw new Error(`${name} has no right in access.ts: nobody could ask it`);
    return async (request, response, next) => {
      if (right === "anyone") return next();
      const session = response.locals.session as Session;
      if (!this.isInside(request)) this.recorder.follow(request, response, session, name, right);
      const reader = this.readerOf(session, right, this.snapshotsOf(request));
      checkAsked(request, await this.outside(reader));
      if (!isRead(method, right) || handsOut(request, route)) await this.recorder.check();
      response.locals.reader = reader;
      next();
    };
  }

  /** Tells of a question to a route when it is answered. */
  follow(request: Request, response: Response, session: Session, route: string): void {
    const right = rightOfRoute[route]!;
    if (right !== "anyone") this.recorder.follow(request, response, session, route, right);
  }

  /** Whether this server asks itself, or another one for a page that it makes. */
  isInside(request: Request): boolean {
    return request.headers["x-kvv-inside"] === this.inside || this.options.receiver?.of(request)?.inside === true;
  }

  /** What a question is about: of its own server's, the snapshot that it names. */
  private snapshotsOf(request: Request): Pick<Snapshots, "in"> {
    const { ahead } = this;
    const { snapshots } = this.options;
    const name = request.headers[aheadHeader];
    if (name === undefined || !this.isInside(request) || name === snapshots.manifest?.snapshot) return snapshots;
    if (name === ahead?.name) return ahead.snapshots;
    throw new Problem(409, "the snapshot that this page was to be made of is not made ready any more");
  }

  /** What pages call somebody. */
  labelOf(user: User, language: "nl" | "en"): Promise<string> {
    const { personas, snapshots } = this.options;
    return snapshots.use(undefined, async ({ catalogue }) => labelOf(user, language, { personas, catalogue }));
  }

  /** Who is signed in; null where nobody is. */
  sessionOf(request: Request): Promise<Session | null> {
    return this.options.sessions.read(this.cookieOf(request));
  }

  cookieOf(request: Request): string | undefined {
    return parseCookie(request.headers.cookie ?? "")[this.cookieName];
  }

  /** The units that somebody may choose to be of, of the force and the units as they are now. */
  async unitsToPick(): Promise<{ unit_id: string; name: string }[]> {
    return this.options.snapshots.use(undefined, async ({ catalogue }) =>
      [...catalogue.units.values()]
        .map((periods) => periods.at(-1)!)
        .filter(({ level, valid_to }) => ["force", "unit"].includes(level) && valid_to === null)
        .sort((a, b) => a.level.localeCompare(b.level) || a.name.localeCompare(b.name, "nl"))
        .map(({ unit_id, name }) => ({ unit_id, name })),
    );
  }

  /** 403 where somebody lacks the right. */
  readerOf(session: Session, right: Right, all: Pick<Snapshots, "in"> = this.options.snapshots): Reader {
    const { user } = session;
    const scopes = this.scopes.get(user) ?? new Map<Right, Scope | null>();
    this.scopes.set(user, scopes);
    if (!scopes.has(right)) scopes.set(right, scopeOf(user, right));
    const scope = scopes.get(right);
    if (!scope)
      throw new Problem(403, `${user.roles.join(" and ") || "somebody without a role"} may not do this`, {
        code: "no-right",
      });
    return { session, user, scope, all, snapshots: all.in(scope), seen: nameOfScope(scope) };
  }

  /** The reader with no more of their scope than a question needs that is about these. */
  async least(reader: Reader, about: About): Promise<Reader> {
    if (reader.scope === everything) return reader;
    const scope = await reader.snapshots.use(undefined, async ({ catalogue }) =>
      this.leastOf(catalogue, reader, about),
    );
    return { ...reader, scope, snapshots: reader.all.in(scope), seen: nameOfScope(scope) };
  }

  /** The same question of the same reader comes often, and what a scope is called is worked out once. */
  private leastOf(catalogue: Catalogue, { scope }: Reader, about: About): Scope {
    const name = nameOfScope(scope);
    let known = this.leasts.get(about);
    if (known?.of !== catalogue) this.leasts.set(about, (known = { of: catalogue, by: new Map() }));
    const least = known.by.get(name) ?? leastScope(scope, about, catalogue);
    known.by.set(name, least);
    return least;
  }

  /** Signs in anew: what was there before ends, so that nobody can have prepared it. */
  async signIn(request: Request, response: Response, user: User, idToken: string | null = null): Promise<string> {
    const before = await this.sessionOf(request);
    if (before) await this.options.sessions.end(before).catch(this.recorder.warn);
    const cookie = await this.options.sessions.begin(user, idToken);
    this.recorder.tell({ id: "", user }, "signed_in", "session");
    this.give(response, cookie);
    return cookie;
  }

  async signOut(request: Request, response: Response): Promise<Session | null> {
    const before = await this.sessionOf(request);
    // First of all the reader is out, whatever the disk says.
    this.give(response, null);
    if (before) {
      await this.options.sessions.end(before).catch(this.recorder.warn);
      this.recorder.tell(before, "signed_out", "session");
    }
    return before;
  }

  /** Who looks at a page; with demo data and nobody to sign in, Control. */
  async pageReader(request: Request, response: Response): Promise<PageReader> {
    const session = await this.sessionOf(request);
    if (session) {
      const renewed = await this.goOn(session, response);
      return { session, cookie: renewed ?? this.cookieOf(request)! };
    }
    const { personas, snapshots, sessions } = this.options;
    if (!personas) return "sign-in";
    if (snapshots.manifest && !snapshots.manifest.demo) return "pick";
    const cookie = await this.signIn(request, response, { name: "control", roles: ["control"], units: [] });
    return { session: (await sessions.read(cookie))!, cookie };
  }

  private async goOn(session: Session, response: Response): Promise<string | null> {
    const renewed = await this.options.sessions.renewed(session);
    if (renewed) this.give(response, renewed);
    return renewed;
  }

  private give(response: Response, value: string | null): void {
    const options = { httpOnly: true, sameSite: "lax", path: "/", secure: this.options.secure } as const;
    const cookie = { name: this.cookieName, value: value ?? "", ...options };
    response.append("Set-Cookie", stringifySetCookie(value === null ? { ...cookie, maxAge: 0 } : cookie));
  }

  /** What there is that the reader may not see. */
  private async outside({
    scope,
    snapshots,
  }: Reader): Promise<{ units: ReadonlySet<string>; indicators: ReadonlySet<string> }> {
    if (scope === everything || !snapshots.manifest) return { units: new Set(), indicators: new Set() };
    return snapshots.use(undefined, async ({ catalogue }) => catalogue.outside);
  }
}

const noSession = () =>
  new Problem(401, "nobody is signed in; sign in at /sign-in, or with POST /api/v1/session", { code: "no-session" });

const isRead = (method: string, right: Right): boolean => method === "get" || right === "plan";

/** Whether what is asked for leaves the monitor as a file. */
const handsOut = (request: Request, route: string): boolean =>
  (typeof request.query.format === "string" && request.query.format !== "json") ||
  /\.(pdf|xlsx|zip|atom|sql|yaml|csv)$/.test(route) ||
  !/json|\*\/\*/i.test(request.headers.accept ?? "*/*");

/** The right of a page's address. */
export function rightOfAddress(path: string): Right | null {
  const page = path.split(/[/?#]/)[1] ?? "";
  return Object.hasOwn(rightOfPage, page) ? rightOfPage[page]! : null;
}

/** Names in the path and the query that a reader may not see are refused before anything is done. */
function checkAsked(request: Request, outside: { units: ReadonlySet<string>; indicators: ReadonlySet<string> }): void {
  const { params, query } = request;
  const isDefinition = request.route?.path === "/indicators/:id";
  const units = [params.unit, query.unit, query.best_for];
  const indicators = [params.indicator, query.indicator, isDefinition ? params.id : undefined];
  checkWithin(units.flatMap(names), outside.units, "unit");
  checkWithin(indicators.flatMap(names), outside.indicators, "indicator");
}

const names = (given: unknown): string[] =>
  typeof given === "string" ? given.split(",").map((each) => each.trim()) : [];

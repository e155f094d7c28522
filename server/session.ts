import { randomBytes, randomUUID } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { chmodSync, linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { User } from "./user.ts";

export const cookieName = "kvv_session";

/** What a cookie is called: over encrypted connections so that browsers take it from this very host only, and none that a neighbouring one of the same domain set for it. */
export const nameOfCookie = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name);

export interface SessionOptions {
  /** Where the key and the list of ended sessions are kept, for all servers of a home. */
  home: string;
  /** Longest time between two questions, in milliseconds. */
  idleMs: number;
  /** Where people sign in: the provider's address, or "personas". A cookie of another way in is none here. */
  way: string;
  /** Longest time from signing in, in milliseconds. */
  longestMs: number;
  now: () => Date;
  /** That of several machines; the home's own where left out. */
  key?: Uint8Array;
}

/** Somebody who is signed in. */
export interface Session {
  id: string;
  user: User;
  /** Seconds since 1970. */
  signedIn: number;
  seen: number;
  /** Of the provider, to sign out there too; null without one. */
  idToken: string | null;
}

/** As cookies have it, and what servers pass on in somebody's name. */
export const userShape = z.object({
  name: z.string(),
  roles: z.array(z.string()),
  units: z.array(z.string()),
  subject: z.string().optional(),
});

const claims = z.object({
  jti: z.string().min(1),
  iat: z.number().int(),
  seen: z.number().int(),
  user: userShape,
  id_token: z.string().nullable(),
});

const algorithm = "HS256";
const longestCookie = 3800;
/** So many cookies are known without looking at their signatures anew. */
const mostChecked = 2000;
/** A cookie is written anew when so much of the idle time has passed: not with every answer. */
const renewedAfter = 0.1;

/**
 * Who is signed in: all that is known of a session is in its cookie, signed with a key of the home, so every server of
 * that home knows it. What ended before its time stands in a list until it would have ended by itself.
 */
export class Sessions {
  private readonly options: SessionOptions;
  /** The home's own: for what only its servers may have written. */
  readonly key: Uint8Array;
  private readonly endedFolder: string;
  private readonly checked = new Map<string, z.output<typeof claims>>();
  private ended = new Set<string>();
  private endedVersion = "";
  private before: { files: readonly string[]; at: number; version: string } = { files: [], at: 0, version: "" };
  private files: { between: string; all: readonly string[] } = { between: "", all: [] };
  /** Also what could not be written down; each with its moment, as milliseconds since 1970. */
  private readonly endedHere = new Map<string, number>();
  /** Hears that somebody signed out here. */
  onEnd: () => void = () => undefined;

  constructor(options: SessionOptions) {
    this.options = options;
    this.key = options.key ?? keyOf(options.home);
    this.endedFolder = path.join(options.home, "ended-sessions");
  }

  /** The value of the cookie of somebody who signs in now. */
  begin(user: User, idToken: string | null = null): Promise<string> {
    const now = this.seconds();
    return this.write({ id: randomUUID(), user, signedIn: now, seen: now, idToken });
  }

  /** Whose cookie it is; null where it is no cookie of ours, too old, or ended. */
  async read(cookie: string | undefined): Promise<Session | null> {
    if (!cookie) return null;
    const { idleMs, longestMs, now } = this.options;
    try {
      const { jti, iat, seen, user, id_token } = await this.signedIn(cookie, now());
      const at = this.seconds();
      if (seen > at + graceMs / 1000 || at - seen > idleMs / 1000 || at - iat > longestMs / 1000) return null;
      if (await this.isEnded(jti)) return null;
      return { id: jti, user, signedIn: iat, seen, idToken: id_token };
    } catch {
      return null;
    }
  }

  /** The cookie to go on with; null while the one there is will do. */
  async renewed(session: Session): Promise<string | null> {
    const now = this.seconds();
    if (now - session.seen < (this.options.idleMs / 1000) * renewedAfter) return null;
    return this.write({ ...session, seen: now });
  }

  /** Ends a session: no cookie of it will do any more, at any server of the home. */
  async end(session: Pick<Session, "id">): Promise<void> {
    await this.endAll([session.id]).finally(this.onEnd);
  }

  /** Ends those that have not ended yet. */
  async endAll(ids: readonly string[]): Promise<void> {
    await this.isEnded("");
    const fresh = [...new Set(ids)].filter((id) => isId(id) && !this.ended.has(id) && !this.endedHere.has(id));
    if (fresh.length === 0) return;
    const now = this.options.now().getTime();
    for (const id of fresh) this.endedHere.set(id, now);
    await mkdir(this.endedFolder, { recursive: true, mode: 0o700 });
    const text = fresh.map((id) => `\n${id}\n`).join("");
    await appendFile(path.join(this.endedFolder, dayOf(this.options.now())), text, { mode: 0o600 });
    await this.forgetOld();
  }

  /** The sessions that ended before their time, and would otherwise go on; the last of them last. */
  async endedIds(): Promise<string[]> {
    await this.isEnded("");
    const longAgo = this.options.now().getTime() - this.options.longestMs - graceMs;
    for (const [id, at] of this.endedHere) if (at < longAgo) this.endedHere.delete(id);
    return [...new Set([...this.ended, ...this.endedHere.keys()])].filter(isId);
  }

  /** What a cookie of ours says; the same cookie comes with every question, so its signature is checked once. */
  private async signedIn(cookie: string, at: Date): Promise<z.output<typeof claims>> {
    const known = this.checked.get(cookie);
    if (known) return known;
    const { payload } = await jwtVerify(cookie, this.key, {
      ...{ algorithms: [algorithm], audience: this.options.way, currentDate: at },
    });
    const found = claims.parse(payload);
    this.checked.set(cookie, found);
    for (const oldest of this.checked.keys()) if (this.checked.size > mostChecked) this.checked.delete(oldest);
    return found;
  }

  private async write(session: Session): Promise<string> {
    const cookie = await this.sign(session);
    // A browser drops one that is too long; without the token the provider asks before it signs out.
    return cookie.length > longestCookie ? this.sign({ ...session, idToken: null }) : cookie;
  }

  private sign({ id, user, signedIn, seen, idToken }: Session): Promise<string> {
    const { name, roles, units, subject } = user;
    return new SignJWT({ user: { name, roles, units, subject }, seen, id_token: idToken })
      .setProtectedHeader({ alg: algorithm })
      .setJti(id)
      .setAudience(this.options.way)
      .setIssuedAt(signedIn)
      .sign(this.key);
  }

  private seconds(): number {
    return Math.floor(this.options.now().getTime() / 1000);
  }

  /** Whether somebody signed out; another server may have heard of it. */
  async isEnded(id: string): Promise<boolean> {
    const files = this.filesThatCount();
    const version = this.versionOf(files);
    if (version !== this.endedVersion) {
      const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
      this.ended = new Set(texts.join("").split("\n"));
      this.endedVersion = version;
    }
    return this.ended.has(id) || this.endedHere.has(id);
  }

  /** Of the days before only what is a second old may count: near midnight a server whose clock is late still writes there. */
  private versionOf(files: readonly string[]): string {
    const now = this.options.now().getTime();
    const isNear = now % dayMs <= graceMs;
    if (isNear || Math.abs(now - this.before.at) >= 1000 || this.before.files !== files)
      this.before = { files, at: now, version: files.slice(0, -1).map(versionOfFile).join() };
    return `${this.before.version} ${versionOfFile(files.at(-1)!)}`;
  }

  /** On these days sessions ended that would otherwise go on. */
  private daysThatCount(): string[] {
    const now = this.options.now().getTime();
    const days = new Set<string>();
    for (let at = now - this.options.longestMs; at < now; at += dayMs) days.add(dayOf(new Date(at)));
    return [...days.add(dayOf(new Date(now)))];
  }

  /** Of these days; they are others once a day only. */
  private filesThatCount(): readonly string[] {
    const now = this.options.now().getTime();
    const between = `${Math.floor((now - this.options.longestMs) / dayMs)} ${Math.floor(now / dayMs)}`;
    if (between !== this.files.between)
      this.files = { between, all: this.daysThatCount().map((day) => path.join(this.endedFolder, day)) };
    return this.files.all;
  }

  private async forgetOld(): Promise<void> {
    const [oldest] = this.daysThatCount();
    for (const day of await readdir(this.endedFolder)) if (day < oldest!) await rm(path.join(this.endedFolder, day));
  }
}

/** At once: with each question, it must not wait for threads that are busy. */
function versionOfFile(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return `${found?.mtimeMs} ${found?.size}`;
}

/** As they are made here: nothing else is written among them. */
const isId = (id: string): boolean => /^[\w-]{1,64}$/.test(id);

/** For servers whose clocks differ. */
const graceMs = 60_000;
const dayMs = 24 * 3600 * 1000;
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** The key of a home, made by whoever comes first. */
function keyOf(home: string): Uint8Array {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = path.join(home, "session-key");
  const own = `${file}-${process.pid}-${randomUUID()}`;
  writeFileSync(own, randomBytes(32).toString("base64url") + "\n", { mode: 0o600 });
  try {
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(own);
  }
  chmodSync(file, 0o600);
  const key = Buffer.from(readFileSync(file, "utf8").trim(), "base64url");
  if (key.length < 32) throw new Error(`${file} holds no key; remove it, and everyone signs in anew`);
  return key;
}

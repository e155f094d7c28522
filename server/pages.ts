import { readFileSync } from "node:fs";
import path from "node:path";
import compression from "compression";
import express, { type Express, type Request, type RequestHandler, type Response } from "express";
import { sendAnswer } from "./answer.ts";
import { piecesOf } from "./answers.ts";
import type { AnswerCache } from "./cache.ts";
import { rightOfAddress, type Gate } from "./gate.ts";
import { Problem } from "./problem.ts";
import { nameOfScope, rights, scopeOf } from "./access.ts";
import type { Session } from "./session.ts";
import { sendPacked } from "./packed.ts";
import { MadePages, type Wanted } from "./made-pages.ts";
import { hashOf, Shell } from "./shell.ts";
import { deniedPage, signInPage } from "./sign-in-page.ts";
import type { Renderer } from "./renderer.ts";

/** The web's built files, with what makes pages of them before they are sent; or, in development, what serves its sources and its page. */
export type Pages =
  | { dev: false; folder: string; renderer?: Renderer }
  | { dev: true; middleware: RequestHandler; page(address: string): Promise<string> };

/** What made pages depend on besides their address, and where they are kept. */
export interface Served {
  cache: AnswerCache;
  /** Names what the page at an address is made of, with the snapshot that is served or the one of that name; null before the first. */
  state(address: string, snapshot?: string): Promise<string[] | null>;
  gate: Gate;
  /** Another when something that pages ask for went away or came back. */
  turn(): number;
  /** Resolves when no reader waits. */
  pause(): Promise<void>;
}

/** Frames of charts on the screen of a telephone, and on others as wide as they are usually; in pixels. */
const frames = { narrow: 340, wide: 2000 };
/** A drawing is asked for frames within these, in pixels. */
const [narrowest, widest] = [120, 2000];

/** Somebody who looks at a page. */
interface Looking {
  cookie: string;
  session: Session;
  /** Names all that pages may be made of for them. */
  seen: string[];
}

/** Everything outside `/api`: files of the build by their names, and its one page for every address without one. Gives what makes pages ahead; null where none are made. */
export function servePages(app: Express, pages: Pages, served: Served): Pick<MadePages, "makeAhead"> | null {
  const { gate } = served;
  if (pages.dev) {
    app.use(pages.middleware);
    app.get(/.*/, async (request, response, next) => {
      if (!isPage(request.path) || !request.accepts("html")) return next();
      if (!(await lookingAt(request, response, gate, null))) return;
      response.type("html").send(await pages.page(request.originalUrl));
    });
    return null;
  }
  const { folder, renderer } = pages;
  const shell = new Shell(folder);
  const made = renderer ? new MadePages({ ...served, renderer, shell }) : null;
  if (renderer) app.get("/drawings/:chart", (request, response) => sendDrawing(request, response, renderer, served));
  const hashed = path.join(folder, "assets") + path.sep;
  app.get(
    file,
    sendPacked(folder),
    compression(),
    express.static(folder, {
      index: false,
      redirect: false,
      dotfiles: "ignore",
      lastModified: false,
      setHeaders(response, file) {
        const cached = file.startsWith(hashed) ? "public, max-age=31536000, immutable" : "no-cache";
        response.setHeader("Cache-Control", cached);
        // By what it is, not by when it came onto this machine: the same at every server.
        response.setHeader("ETag", tagOfFile(file, file.startsWith(hashed)));
      },
    }),
  );
  app.get(/.*/, async (request, response, next) => {
    if (!isPage(request.path) || !request.accepts("html")) return next();
    const looking = await lookingAt(request, response, gate, (await shell.read())?.text ?? null);
    if (!looking) return;
    const right = rightOfAddress(request.path);
    if (right && !scopeOf(looking.session.user, right)) {
      gate.recorder.page(request.originalUrl, looking.session, 403);
      const page = deniedPage((await shell.read())?.text ?? null, languageOf(request), gate);
      return void response.status(403).setHeader("Cache-Control", "no-store").type("html").send(page);
    }
    gate.recorder.page(request.originalUrl, looking.session);
    const label = () => gate.labelOf(looking.session.user, languageOf(request));
    if (made && (await made.send(request, response, wantedBy(request, gate, looking), label))) return;
    response.setHeader("Cache-Control", "no-cache");
    const empty = await shell.read();
    if (empty) response.setHeader("ETag", `W/"${empty.version}"`);
    response.sendFile("index.html", { root: folder, cacheControl: false, lastModified: false }, (error) => {
      if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") next(notBuilt());
      // Who asked is gone: nobody is left to tell.
      else if (error && (error as NodeJS.ErrnoException).code !== "ECONNABORTED") next(error);
    });
  });
  return made;
}

function wantedBy(request: Request, gate: Gate, { cookie, seen }: Looking): Wanted {
  const frame = isTelephone(request) ? frames.narrow : frames.wide;
  return { address: request.originalUrl, frame, seen, asker: asker(gate, cookie, seen) };
}

/** Who looks at a page; null where they were sent to sign in first. */
async function lookingAt(
  request: Request,
  response: Response,
  gate: Gate,
  shell: string | null,
): Promise<Looking | null> {
  const choosing = gate.personas && request.path === "/sign-in";
  const found = choosing ? "pick" : await gate.pageReader(request, response);
  if (typeof found === "object") return { ...found, seen: seenBy(found.session) };
  response.setHeader("Cache-Control", "no-store");
  if (found === "sign-in") {
    response.redirect(302, `/sign-in?${new URLSearchParams({ next: request.originalUrl }).toString()}`);
    return null;
  }
  const units = await gate.unitsToPick();
  const next = choosing ? String(request.query.next ?? "/") : request.originalUrl;
  response.type("html").send(signInPage(shell, { next, language: languageOf(request), units }));
  return null;
}

/** As the address says, or the one that it leads to. */
const languageOf = ({ query }: Request) =>
  query.lang === "en" || /[?&]lang=en(&|$)/.test(String(query.next ?? "")) ? "en" : "nl";

/** A page is made of what all rights of a reader show. */
function seenBy({ user }: Session): string[] {
  return rights.map((right) => {
    const scope = scopeOf(user, right);
    return scope ? nameOfScope(scope) : "";
  });
}

/** With whose eyes a page is made. */
const asker = (gate: Gate, cookie: string, seen: readonly string[]) => ({
  ...{ cookie, inside: gate.inside },
  scope: JSON.stringify(seen),
});

async function sendDrawing(
  request: Request,
  response: Response,
  renderer: Renderer,
  { cache, state, turn, gate }: Served,
): Promise<void> {
  const chart = String(request.params.chart);
  const page = String(request.query.page ?? "");
  const width = Number(request.query.width);
  if (!page.startsWith("/") || !(width >= narrowest && width <= widest))
    throw new Problem(
      400,
      `a drawing takes page, an address from the root, and width, ${narrowest} to ${widest} pixels`,
    );
  const session = await gate.sessionOf(request);
  if (!session) throw new Problem(401, "nobody is signed in; open a page first", { code: "no-session" });
  const right = rightOfAddress(page);
  if (right) gate.readerOf(session, right);
  gate.recorder.page(page, session);
  const seen = seenBy(session);
  const frame = Math.round(width);
  const now = await state(page);
  const cookie = gate.cookieOf(request)!;
  const of = now && [...now, ...seen, String(turn())];
  const svg = of && (await renderer.drawing(page, chart, frame, of, asker(gate, cookie, seen)));
  // No fault: the browser draws it then.
  if (!svg) return void response.status(204).setHeader("Cache-Control", "no-store").end();
  await sendAnswer(request, response, cache, {
    key: ["drawing", ...now, ...seen, page, chart, String(frame)],
    contentType: "image/svg+xml; charset=utf-8",
    pieces: async () => piecesOf([svg]),
  });
}

/** The built page for whoever dresses another in its clothes; null where there is none. */
export const shellOf = async (pages: Pages | undefined): Promise<string | null> =>
  pages && !pages.dev ? ((await new Shell(pages.folder).read())?.text ?? null) : null;

/** The name of a file of the build has its hash; of the few others it is taken, each time: they are small. */
const tagOfFile = (file: string, isHashed: boolean): string =>
  `W/"${isHashed ? path.basename(file) : hashOf(readFileSync(file))}"`;

const isTelephone = (request: Request): boolean =>
  request.get("sec-ch-ua-mobile") === "?1" || /\bMobi/.test(request.get("user-agent") ?? "");

const notBuilt = () =>
  new Problem(503, "the pages are being built; try again in a moment", { headers: { "Retry-After": "2" } });

/** An address whose last part has an extension names a file; all others are pages. */
const file = /\.[a-z0-9]{1,8}$/i;
const isPage = (address: string): boolean => !file.test(address);

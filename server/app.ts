import { parse, type ParsedUrlQuery } from "node:querystring";
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from "express";
import { sendAnswer } from "./answer.ts";
import { createAnswers, piecesOf } from "./answers.ts";
import { Asked } from "./asked.ts";
import { AuditLog } from "./audit.ts";
import { AnswerCache } from "./cache.ts";
import { Gate } from "./gate.ts";
import { json, negotiate } from "./format.ts";
import { checkHost, checkNear, secureHeaders } from "./guard.ts";
import { Metrics } from "./metrics.ts";
import { openApi } from "./openapi.ts";
import { PageState } from "./page-state.ts";
import { servePages, shellOf } from "./pages.ts";
import { Paths } from "./paths.ts";
import { Problem, shown, toProblem } from "./problem.ts";
import { createRateLimiter, usualLimits } from "./rate-limit.ts";
import { Readers } from "./readers.ts";
import { Recorder } from "./recorder.ts";
import { remembered } from "./remembered.ts";
import { requestLog } from "./request-log.ts";
import { methodOf, type OperationsRows, type Route } from "./route.ts";
import { named } from "./route-of.ts";
import { routes } from "./routes/index.ts";
import { livesWithWrites } from "./servers/lives.ts";
import { offerPublished } from "./servers/offer.ts";
import { Provider } from "./provider.ts";
import { isAway } from "./servers/writes.ts";
import type { Services } from "./services.ts";
import type { Session } from "./session.ts";
import { serveSignIn } from "./sign-in.ts";

/** Headers of an answer that a problem in its place must not have. */
const ofAnswers = ["ETag", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Disposition"];

/** How long a body that nobody wants may take, unless it is said otherwise. */
const usualDrainMs = 10_000;

const base = "/api/v1";

/** The monitor over HTTP, not yet listening. */
export function createApp(services: Services): Express {
  const { snapshots, operations, pipelines, sessions, receiver, writes, log } = services;
  const now = services.now ?? (() => new Date());
  const { drainMs = usualDrainMs } = services;
  const cache = new AnswerCache(services.cacheBytes ?? 128 * 1024 * 1024);
  const secure = services.address?.startsWith("https:") ?? false;
  const personas = !services.signIn;
  const audit =
    services.auditLog ??
    new AuditLog({ folder: services.audit, keepMonths: services.keepAuditMonths ?? 0, now: () => new Date() });
  const recorder = new Recorder(audit, (error) => log.error({ err: error }, "the audit log cannot be written"));
  const metrics = new Metrics({ snapshots, operations, pipelines, audit, fetcher: services.fetcher, writes, now });
  const gate = new Gate({ sessions, snapshots, recorder, personas, secure, receiver });
  const limits = services.limits === undefined ? usualLimits : services.limits;
  const limiter = createRateLimiter(limits, (request) => gate.isInside(request));
  const asked = new Asked();
  const readers = new Readers();
  const pause = () => readers.pause();
  const pageState = new PageState({ ...services, now });
  const answers = createAnswers({ services, gate, cache, asked });
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", readQuery());
  // A proxy that keeps an address from people knows it as it is written.
  app.enable("case sensitive routing");
  // Behind a proxy on this machine who asks is whom it names.
  app.set("trust proxy", "loopback");
  const provider = services.signIn?.issuer;
  // What is passed on comes back here as its asker asked it.
  if (receiver) app.use("/servers", receiver.routes(app));
  app.use(
    requestLog(log),
    metrics.count,
    readers.count((request) => gate.isInside(request)),
    letGoAfter(drainMs),
    secureHeaders(services.pages?.dev ?? false, { secure, ...(provider ? { provider } : {}) }),
  );
  // Other servers know this one by another name than people do, and show a secret.
  if (services.offers) app.use("/published", offerPublished({ ...services.offers, recorder, log }));
  app.use(checkHost(services.signIn ? services.address : undefined));

  if (services.extra) app.use(services.extra);

  app.get("/healthz", (_request, response) => void response.type("text").send("alive\n"));
  app.get("/readyz", (_request, response) => {
    const name = snapshots.manifest?.snapshot;
    const troubles = [snapshots.trouble, services.fetcher?.trouble, writes?.trouble].filter((each) => each);
    const lines = [name ? `serves ${name}` : "no snapshot yet", ...troubles];
    response
      .status(name ? 200 : 503)
      .type("text")
      .send(`${lines.join("\n")}\n`);
  });
  app.get("/metrics", checkNear, async (_request, response) => {
    response.type("text/plain; version=0.0.4").send(await metrics.text());
  });

  app.use("/api", gate.session, limiter.questions);
  const byPath = new Paths();
  // Path by path: a name that stands before a pattern which it fits, too, is that name for every method.
  for (const path of new Set(routes.map((route) => route.path))) {
    const own = routes.filter((route) => route.path === path);
    const router = byPath.of(path);
    for (const route of own) mount(router, route);
    otherMethods(router, path, own.map(methodOf));
  }
  const document = Buffer.from(JSON.stringify(openApi(routes, base)));
  const api = byPath.of("/openapi.json");
  api.get(
    "/openapi.json",
    named(`${base}/openapi.json`),
    gate.admit("get", "/openapi.json"),
    async (request, response) => {
      negotiate(request, [json]);
      await sendAnswer(request, response, cache, {
        key: ["openapi", services.version],
        contentType: json.contentType,
        pieces: async () => piecesOf([document]),
      });
    },
  );
  otherMethods(api, "/openapi.json", ["get"]);
  app.use(base, byPath.handle);
  app.use("/api", (request) => {
    throw new Problem(
      404,
      `nothing at ${shown(request.originalUrl.split("?")[0]!)}; ${base}/openapi.json lists what there is`,
    );
  });
  if (services.signIn)
    serveSignIn(app, {
      provider: new Provider({ ...services.signIn, address: services.address! }, sessions.key),
      ...{ mapping: services.signIn.mapping, gate, secure, log, shell: () => shellOf(services.pages) },
    });
  const turn = () => writes?.turn ?? 0;
  const state = (address: string, snapshot?: string) => pageState.of(address, snapshot);
  const made = services.pages ? servePages(app, services.pages, { cache, state, turn, gate, pause }) : null;
  snapshots.beforeServing = async (scoped, name) => {
    gate.ahead = { name, snapshots: { in: scoped } };
    try {
      await made?.makeAhead(name);
      await asked.answerAll(cache, scoped, pause);
    } finally {
      gate.ahead = null;
    }
  };
  app.use((request: Request) => {
    throw new Problem(404, `nothing at ${shown(request.path)}`);
  });
  // Express knows a handler of errors by its four parameters.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      // Too late to say so: what has begun is cut off, so that nobody takes it for the whole.
      response.locals.failure = error;
      return void request.socket.destroy();
    }
    sendProblem(error, request, response);
  });
  return app;

  function mount(router: express.Router, route: Route): void {
    const method = methodOf(route);
    const admit = gate.admit(method, route.path);
    const name = `${method.toUpperCase()} ${route.path}`;
    const before = [named(base + route.path), ...limiter.of(route)];
    if (writes && livesWithWrites(route))
      // That server says who may, and writes down who did.
      return void router[method](
        route.path,
        ...before,
        async (request, response, next) => {
          const session = response.locals.session as Session;
          try {
            await writes.passOn(request, response, session, gate.isInside(request));
          } catch (error) {
            // What is refused here that server does not hear of.
            if (error instanceof Problem && error.status === 403) gate.follow(request, response, session, name);
            if (!isAway(error) || route.answers !== "operations" || !route.inSnapshot) throw error;
            await admit(request, response, next);
          }
        },
        (request, response) => answers.answerOfSnapshot(route as OperationsRows, request, response),
      );
    if (receiver && !livesWithWrites(route)) before.push(notPassedOn);
    router[method](route.path, ...before, admit, (request, response) => answers.answer(route, request, response));
  }

  function notPassedOn(request: Request, _response: Response, next: NextFunction): void {
    if (receiver!.of(request)) throw new Problem(404, "every server answers this itself; it is not passed on");
    next();
  }

  function sendProblem(error: unknown, request: Request, response: Response): void {
    const problem = toProblem(error);
    letGo(request, drainMs);
    if (problem.status === 500) response.locals.failure = error;
    for (const header of ofAnswers) response.removeHeader(header);
    response
      .status(problem.status)
      .set({ ...problem.headers, "Cache-Control": "no-store", "Content-Type": "application/problem+json" })
      .end(JSON.stringify(problem.body));
  }
}

/** Reads what stands behind the question mark, which a request is asked for some times, and most ask the same. */
function readQuery(): (text: string | null) => ParsedUrlQuery {
  const known = remembered<ParsedUrlQuery>(1000);
  const read = (text: string) => {
    const query = parse(text);
    for (const value of Object.values(query)) if (Array.isArray(value)) Object.freeze(value);
    return Object.freeze(query);
  };
  return (text) => known(text ?? "", () => read(text ?? ""));
}

/** Who was answered already holds no connection by a body that nobody reads. */
function letGoAfter(drainMs: number): RequestHandler {
  return (request, response, next) => {
    response.once("finish", () => letGo(request, drainMs));
    next();
  };
}

/** Throws away what is still coming of a body, so that its sender gets to read the answer; not for ever. */
function letGo(request: Request, drainMs: number): void {
  if (request.complete) return;
  request.unpipe();
  request.resume();
  const impatient = setTimeout(() => request.destroy(), drainMs);
  impatient.unref();
  request.once("close", () => clearTimeout(impatient));
}

/** What else than its methods is asked of a path: what there is, or 405. */
function otherMethods(router: express.Router, path: string, methods: readonly string[]): void {
  const names = methods.flatMap((method) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]));
  const allow = [...names, "OPTIONS"].join(", ");
  router.all(path, (request, response) => {
    if (request.method === "OPTIONS") {
      response.setHeader("Allow", allow);
      response.status(204).end();
      return;
    }
    throw new Problem(405, `${request.method} is not for this address; there is: ${allow}`, {
      headers: { Allow: allow },
    });
  });
}

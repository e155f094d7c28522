import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from "express";
import type { Logger } from "pino";
import { sendAnswer } from "./answer.ts";
import { AuditLog } from "./audit.ts";
import { readJson } from "./body.ts";
import { AnswerCache } from "./cache.ts";
import type { CycleFile } from "./calendar/cycle.ts";
import type { Due } from "./calendar/items.ts";
import type { Contracts } from "./contracts.ts";
import { Gate, type Reader } from "./gate.ts";
import { formats, json, localeOf, negotiate, shapeOf } from "./format.ts";
import { tooLarge } from "./form.ts";
import { checkContentType, checkHost, checkNear, checkOrigin, secureHeaders } from "./guard.ts";
import { writeJson } from "./json.ts";
import { Metrics } from "./metrics.ts";
import { openApi } from "./openapi.ts";
import type { Operations } from "./operations.ts";
import { servePages, shellOf, type Pages } from "./pages.ts";
import type { Pipelines } from "./pipelines.ts";
import { Problem, shown, toProblem } from "./problem.ts";
import { readQuestion } from "./question.ts";
import { createRateLimiter, usualLimits, type Limits } from "./rate-limit.ts";
import { Recorder } from "./recorder.ts";
import { requestLog } from "./request-log.ts";
import { Registers, type RegisterOptions } from "./register/registers.ts";
import {
  methodOf,
  type AuditRoute,
  type FeedFile,
  type FeedObject,
  type OperationsRows,
  type PipelinesRoute,
  type PlanRoute,
  type RegisterFile,
  type RegisterRows,
  type Route,
  type SessionRoute,
  type SnapshotDocument,
  type SnapshotObject,
  type SnapshotRows,
  type WorkspaceFile,
  type WorkspaceRoute,
  type WorkspaceRows,
} from "./route.ts";
import { named } from "./route-of.ts";
import { routes } from "./routes/index.ts";
import type { About } from "./scope.ts";
import { Provider } from "./provider.ts";
import type { RoleMapping } from "./role-mapping.ts";
import { serveSignIn } from "./sign-in.ts";
import type { Session, Sessions } from "./session.ts";
import type { Snapshots } from "./snapshot.ts";
import { smallTable, type Table } from "./table.ts";
import type { Workspace } from "./workspace/workspace.ts";

/** What the app works with. */
export interface Services {
  snapshots: Snapshots;
  operations: Operations;
  contracts: Contracts;
  pipelines: Pipelines;
  workspace: Workspace;
  sessions: Sessions;
  /** The folder in which is written who did what. */
  audit: string;
  /** Whole months that it is kept; 0 or left out: for ever. */
  keepAuditMonths?: number;
  /** Where people sign in; left out, they choose who they are, on this machine only. */
  signIn?: { issuer: string; clientId: string; clientSecret: string; mapping: RoleMapping };
  /** What comes back; left out, nothing does. */
  cycle?: CycleFile;
  /** What the register of processing is made of besides contracts; left out, the settings as they are by default. */
  register?: Omit<RegisterOptions, "contracts">;
  /** Largest upload. */
  maxFileBytes: number;
  /** How much one session may ask; the usual where left out, null: as much as it likes. */
  limits?: Limits | null;
  /** Where readers reach the monitor, for links in documents that leave it; left out, as they asked. */
  address?: string;
  log: Pick<Logger, "info" | "warn" | "error">;
  /** Names the code that makes the answers: other code, other ETags. */
  version: string;
  /** The web's files, or its development server; none: the API only. */
  pages?: Pages;
  /** Bytes of answers kept ready. */
  cacheBytes?: number;
  now?: () => Date;
  /** Answers before all routes; for measurements. */
  extra?: RequestHandler;
}

/** Headers of an answer that a problem in its place must not have. */
const ofAnswers = ["ETag", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Disposition"];

/** What a form may have besides its files. */
const formBytes = 1024 * 1024;
/** How long a body that nobody wants may take. */
const drainMs = 10_000;

const base = "/api/v1";

/** The monitor over HTTP, not yet listening. */
export function createApp(services: Services): Express {
  const { snapshots, operations, contracts, pipelines, workspace, maxFileBytes, log } = services;
  const now = services.now ?? (() => new Date());
  const cache = new AnswerCache(services.cacheBytes ?? 128 * 1024 * 1024);
  const { sessions } = services;
  const secure = services.address?.startsWith("https:") ?? false;
  const personas = !services.signIn;
  const audit = new AuditLog({
    folder: services.audit,
    keepMonths: services.keepAuditMonths ?? 0,
    now: () => new Date(),
  });
  const recorder = new Recorder(audit, (error) => log.error({ err: error }, "the audit log cannot be written"));
  const metrics = new Metrics({ snapshots, operations, pipelines, audit, now });
  const gate = new Gate({ sessions, snapshots, recorder, personas, secure });
  const limits = services.limits === undefined ? usualLimits : services.limits;
  const limiter = createRateLimiter(limits, (request) => gate.isInside(request));
  const registers = new Registers({ contracts, ...services.register });
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  // Behind a proxy on this machine who asks is whom it names.
  app.set("trust proxy", "loopback");
  const provider = services.signIn?.issuer;
  app.use(
    requestLog(log),
    metrics.count,
    letGoAfter,
    secureHeaders(services.pages?.dev ?? false, { secure, ...(provider ? { provider } : {}) }),
    checkHost(services.signIn ? services.address : undefined),
  );

  if (services.extra) app.use(services.extra);

  app.get("/healthz", (_request, response) => void response.type("text").send("alive\n"));
  app.get("/readyz", (_request, response) => {
    const name = snapshots.manifest?.snapshot;
    const lines = [name ? `serves ${name}` : "no snapshot yet", ...(snapshots.trouble ? [snapshots.trouble] : [])];
    response
      .status(name ? 200 : 503)
      .type("text")
      .send(`${lines.join("\n")}\n`);
  });
  app.get("/metrics", checkNear, async (_request, response) => {
    response.type("text/plain; version=0.0.4").send(await metrics.text());
  });

  app.use("/api", gate.session, limiter.questions);
  const api = express.Router({ caseSensitive: true, strict: true });
  for (const route of routes) mount(api, route);
  for (const path of new Set(routes.map((route) => route.path)))
    otherMethods(api, path, routes.filter((route) => route.path === path).map(methodOf));
  const document = Buffer.from(JSON.stringify(openApi(routes, base)));
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
  app.use(base, api);
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
  if (services.pages) servePages(app, services.pages, { cache, state, gate });
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
    const before = [named(base + route.path), ...limiter.of(route), gate.admit(method, route.path)];
    router[method](route.path, ...before, (request, response) => {
      if (route.answers === "session") return answerSession(route, request, response);
      const reader = response.locals.reader as Reader;
      if (route.answers === "rows") return answerRows(route, reader, request, response);
      if (route.answers === "object") return answerObject(route, reader, request, response);
      if (route.answers === "document") return answerDocument(route, reader, request, response);
      if (route.answers === "plan") return answerPlan(route, reader, request, response);
      if (route.answers === "workspace") return answerWorkspace(route, reader, request, response);
      if (route.answers === "written") return answerWritten(route, reader, request, response);
      if (route.answers === "workspaceFile") return answerWorkspaceFile(route, reader, request, response);
      if (route.answers === "audit") return answerAudit(route, request, response);
      if (route.answers === "register") return answerRegister(route, request, response);
      if (route.answers === "registerFile") return answerRegisterFile(route, request, response);
      if (route.answers === "feed") return answerFeed(route, request, response);
      if (route.answers === "file") return answerFile(route, request, response);
      if (route.answers === "pipelines") return answerPipelines(route, request, response);
      return answerOperations(route, request, response);
    });
  }

  async function answerSession(route: SessionRoute, request: Request, response: Response): Promise<void> {
    if (route.method !== "get") checkOrigin(request);
    readQuestion(request, route.query, false);
    const session = response.locals.session as Session | undefined;
    const result = await route.answer({ request, response, gate, snapshots, user: session?.user ?? null });
    response.setHeader("Cache-Control", "no-store");
    if (result) return void response.setHeader("Content-Type", json.contentType).end(JSON.stringify(result));
    if (response.statusCode === 200) response.status(204);
    response.end();
  }

  async function answerRows(route: SnapshotRows, asker: Reader, request: Request, response: Response): Promise<void> {
    const format = negotiate(request, formats);
    const shape = shapeOf(request);
    const query = readQuestion(request, route.query, true);
    const day = typeof query.as_of === "string" ? query.as_of : undefined;
    const { due, dated } = await dueNow(route);
    const reader = route.bounded ? await gate.least(asker, query as About) : asker;
    await reader.snapshots.use(day, (snapshot) =>
      sendAnswer(request, response, cache, {
        key: [snapshot.manifest.snapshot, ...dated, ...keyOf(route, query, reader), format.name, JSON.stringify(shape)],
        contentType: format.contentType,
        pieces: async () => {
          const table = await route.rows(snapshot, query, due);
          return format.write(table, shape, { path: route.path, question: query, from: snapshot });
        },
      }),
    );
  }

  async function answerWritten(
    route: WorkspaceRows,
    reader: Reader,
    request: Request,
    response: Response,
  ): Promise<void> {
    const format = negotiate(request, formats);
    const shape = shapeOf(request);
    const query = readQuestion(request, route.query, true);
    await reader.snapshots.use(undefined, async (snapshot) => {
      const table = await route.rows(snapshot, { query, workspace, at: now() });
      let text = "";
      for await (const piece of writeJson(table)) text += piece;
      await sendAnswer(request, response, cache, {
        // What it depends on is what it says.
        key: [snapshot.manifest.snapshot, ...keyOf(route, query, reader), format.name, JSON.stringify(shape), text],
        contentType: format.contentType,
        pieces: async () =>
          format === json
            ? piecesOf([text])
            : format.write(table, shape, { path: route.path, question: query, from: snapshot }),
      });
    });
  }

  async function answerObject(
    route: SnapshotObject,
    reader: Reader,
    request: Request,
    response: Response,
  ): Promise<void> {
    negotiate(request, [json]);
    const query = readQuestion(request, route.query, false);
    const asker = { user: reader.user, personas, inside: gate.isInside(request) };
    await reader.snapshots.use(undefined, (snapshot) =>
      sendAnswer(request, response, cache, {
        key: [
          snapshot.manifest.snapshot,
          ...keyOf(route, query, reader),
          ...(route.ofUser ? [JSON.stringify(asker)] : []),
        ],
        contentType: json.contentType,
        pieces: async () => piecesOf([JSON.stringify(await route.object(snapshot, query, asker))]),
      }),
    );
  }

  async function answerDocument(
    route: SnapshotDocument,
    reader: Reader,
    request: Request,
    response: Response,
  ): Promise<void> {
    const query = readQuestion(request, route.query, false);
    const address = services.address ?? `${request.protocol}://${request.get("host")}`;
    const { due, dated } = await dueNow(route);
    await reader.snapshots.use(undefined, (snapshot) =>
      sendAnswer(request, response, cache, {
        key: [snapshot.manifest.snapshot, ...dated, ...keyOf(route, query, reader), address],
        contentType: `${route.mediaType}; charset=utf-8`,
        pieces: async () => piecesOf([await route.make(snapshot, query, address, due)]),
      }),
    );
  }

  async function answerFeed(route: FeedObject, request: Request, response: Response): Promise<void> {
    negotiate(request, [json]);
    const query = readQuestion(request, route.query, false);
    const contract = await contracts.of(String(query.feed));
    await sendAnswer(request, response, cache, {
      key: [contract.hash, ...keyOf(route, query)],
      contentType: json.contentType,
      pieces: async () => piecesOf([JSON.stringify(route.object(contract))]),
    });
  }

  async function answerFile(route: FeedFile, request: Request, response: Response): Promise<void> {
    const format = negotiate(request, route.formats);
    const locale = localeOf(request);
    const query = readQuestion(request, route.query, true);
    const contract = await contracts.of(String(query.feed));
    response.attachment(`${route.name(contract)}.${format.name}`);
    await sendAnswer(request, response, cache, {
      key: [contract.hash, ...keyOf(route, query), format.name, locale],
      contentType: format.contentType,
      pieces: async () => piecesOf([await format.make(contract, locale)]),
    });
  }

  async function answerRegister(route: RegisterRows, request: Request, response: Response): Promise<void> {
    const format = negotiate(request, formats);
    const shape = shapeOf(request);
    const query = readQuestion(request, route.query, true);
    // Of all figures, whoever asks: a register without some of them would be false.
    await snapshots.use(undefined, async (snapshot) => {
      const { name, of } = await registers.now(snapshot);
      await sendAnswer(request, response, cache, {
        key: [name, ...keyOf(route, query), format.name, JSON.stringify(shape)],
        contentType: format.contentType,
        pieces: async () =>
          format.write(route.rows(await of()), shape, { path: route.path, question: query, from: snapshot }),
      });
    });
  }

  async function answerRegisterFile(route: RegisterFile, request: Request, response: Response): Promise<void> {
    const query = readQuestion(request, route.query, true);
    const locale = localeOf(request, "nl");
    response.setHeader("Content-Disposition", `attachment; filename="${route.name(locale)}"`);
    await snapshots.use(undefined, async (snapshot) => {
      const { name, of } = await registers.now(snapshot);
      await sendAnswer(request, response, cache, {
        key: [name, ...keyOf(route, query), locale],
        contentType: route.mediaType,
        pieces: async () => all([await route.make(await of(), snapshot.manifest, locale)]),
      });
    });
  }

  async function answerOperations(route: OperationsRows, request: Request, response: Response): Promise<void> {
    const format = negotiate(request, formats);
    const shape = shapeOf(request);
    const query = readQuestion(request, route.query, true);
    await sendAnswer(request, response, cache, {
      key: [await operations.version(), ...keyOf(route, query), format.name, JSON.stringify(shape)],
      contentType: format.contentType,
      pieces: async () => {
        const writtenAt = (await operations.writtenAt()) ?? "-";
        const table = await operationsTable(route, query);
        return format.write(table, shape, { path: route.path, question: query, from: { writtenAt } });
      },
    });
  }

  async function answerAudit(route: AuditRoute, request: Request, response: Response): Promise<void> {
    const format = negotiate(request, formats);
    const shape = shapeOf(request);
    const query = readQuestion(request, route.query, true);
    const table = await route.rows(services.audit, query);
    const from = { writtenAt: now().toISOString() };
    response.set({ "Cache-Control": "no-store", "Content-Type": format.contentType });
    for await (const piece of await format.write(table, shape, { path: route.path, question: query, from }))
      response.write(piece);
    response.end();
  }

  async function answerPipelines(route: PipelinesRoute, request: Request, response: Response): Promise<void> {
    if (route.method === "post") checkOrigin(request);
    negotiate(request, [json]);
    const query = readQuestion(request, route.query, false);
    if (route.body) checkContentType(request, route.body.contentType);
    if (Number(request.headers["content-length"] ?? 0) > maxFileBytes + formBytes) throw tooLarge(maxFileBytes);
    const result = await route.answer({ request, query, pipelines, contracts, maxFileBytes });
    response
      .status(200)
      .set({ "Cache-Control": "no-store", "Content-Type": json.contentType })
      .end(JSON.stringify(result));
  }

  async function answerPlan(route: PlanRoute, reader: Reader, request: Request, response: Response): Promise<void> {
    checkOrigin(request);
    negotiate(request, [json]);
    readQuestion(request, route.query, false);
    checkContentType(request, route.body.contentType);
    const body = await readJson(request, route.body.schema);
    const result = await reader.snapshots.use(undefined, (snapshot) => route.answer(snapshot, body));
    response
      .status(200)
      .set({ "Cache-Control": "no-store", "Content-Type": json.contentType })
      .end(JSON.stringify(result));
  }

  async function answerWorkspace(
    route: WorkspaceRoute,
    reader: Reader,
    request: Request,
    response: Response,
  ): Promise<void> {
    if (route.method !== "get") checkOrigin(request);
    negotiate(request, [json]);
    const query = readQuestion(request, route.query, false);
    if (route.body) checkContentType(request, route.body.contentType);
    const body = route.body ? await bodyOf(route.body, request) : undefined;
    const { user } = reader;
    const result = await route.answer({
      ...{ query, body, workspace, contracts, user },
      ...{ snapshots: reader.snapshots, whole: snapshots },
      at: now(),
    });
    const text = JSON.stringify(result);
    if (route.method === "get")
      // What it depends on is what it says.
      return sendAnswer(request, response, cache, {
        key: [services.version, reader.seen, text],
        contentType: json.contentType,
        pieces: async () => piecesOf([text]),
      });
    response.status(200).set({ "Cache-Control": "no-store", "Content-Type": json.contentType }).end(text);
  }

  async function answerWorkspaceFile(
    route: WorkspaceFile,
    reader: Reader,
    request: Request,
    response: Response,
  ): Promise<void> {
    const query = readQuestion(request, route.query, true);
    const locale = localeOf(request, "nl");
    const made = await route.file({
      ...{ query, locale, workspace, at: now() },
      ...{ snapshots: reader.snapshots, whole: snapshots },
    });
    response.attachment(made.name);
    await sendAnswer(request, response, cache, {
      key: [services.version, reader.seen, route.path, locale, ...made.key],
      contentType: route.mediaType,
      pieces: async () => all(await made.pieces()),
    });
  }

  function bodyOf(body: NonNullable<WorkspaceRoute["body"]>, request: Request): Promise<unknown> {
    if (body.contentType === "application/json") return readJson(request, body.schema, body.mostBytes);
    if (Number(request.headers["content-length"] ?? 0) > body.mostBytes + formBytes) throw tooLarge(body.mostBytes);
    return body.read(request);
  }

  async function operationsTable(route: OperationsRows, query: Record<string, unknown>): Promise<Table> {
    const { sql, parameters } = route.sql(query);
    const names = route.fields.map((field) => `"${field.name}"`).join(", ");
    const fields = [...route.fields];
    return (await operations.query(sql.replace("{fields}", names), parameters)) ?? smallTable(fields, []);
  }

  /** What is due, for a route that asks for it, and what names the day and the file that say so. */
  async function dueNow(route: { due?: boolean }): Promise<{ due: Due | null; dated: string[] }> {
    if (!route.due) return { due: null, dated: [] };
    const [today, version] = await datedNow();
    return { due: { duties: (await services.cycle?.duties()) ?? [], today }, dated: [today, version] };
  }

  async function datedNow(): Promise<[today: string, version: string]> {
    return [snapshots.dayOf(now()), (await services.cycle?.version()) ?? "none"];
  }

  /** What pages depend on besides their address and who looks at them. */
  async function state(): Promise<string[] | null> {
    const name = snapshots.manifest?.snapshot;
    return name ? [services.version, name, await operations.version(), ...(await datedNow())] : null;
  }

  function keyOf(route: Route, query: object, reader?: Reader): string[] {
    return [services.version, reader?.seen ?? "", route.path, JSON.stringify(query)];
  }

  function sendProblem(error: unknown, request: Request, response: Response): void {
    const problem = toProblem(error);
    letGo(request);
    if (problem.status === 500) response.locals.failure = error;
    for (const header of ofAnswers) response.removeHeader(header);
    response
      .status(problem.status)
      .set({ ...problem.headers, "Cache-Control": "no-store", "Content-Type": "application/problem+json" })
      .end(JSON.stringify(problem.body));
  }
}

/** Who was answered already holds no connection by a body that nobody reads. */
function letGoAfter(request: Request, response: Response, next: NextFunction): void {
  response.once("finish", () => letGo(request));
  next();
}

/** Throws away what is still coming of a body, so that its sender gets to read the answer; not for ever. */
function letGo(request: Request): void {
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

async function* all<T>(pieces: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* pieces;
}

async function* piecesOf(pieces: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* pieces;
}

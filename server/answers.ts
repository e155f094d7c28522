import type { Request, Response } from "express";
import { projectFolder } from "../pipelines/settings.ts";
import { codingOf, sendAnswer, sendOnce, type Answer } from "./answer.ts";
import type { Asked, Question } from "./asked.ts";
import { readJson } from "./body.ts";
import type { AnswerCache } from "./cache.ts";
import type { Due } from "./calendar/items.ts";
import { formats, json, localeOf, negotiate, shapeOf } from "./format.ts";
import { tooLarge } from "./form.ts";
import type { Gate, Reader } from "./gate.ts";
import { checkContentType, checkOrigin } from "./guard.ts";
import { JsonText, writeJson } from "./json.ts";
import { readQuestion, textOf } from "./question.ts";
import { Registers } from "./register/registers.ts";
import type {
  AuditRoute,
  FeedFile,
  FeedObject,
  OperationsRows,
  PipelinesRoute,
  PlanRoute,
  RegisterFile,
  RegisterRows,
  Route,
  SessionRoute,
  SnapshotDocument,
  SnapshotObject,
  SnapshotRows,
  WorkspaceFile,
  WorkspaceRoute,
  WorkspaceRows,
} from "./route.ts";
import type { About } from "./scope.ts";
import type { Services } from "./services.ts";
import type { Session } from "./session.ts";
import type { Snapshot } from "./snapshot.ts";
import { smallTable, type Table } from "./table.ts";
import { DefinitionTexts } from "./workbench/standing-texts.ts";

/** What a form may have besides its files. */
const formBytes = 1024 * 1024;

/** Answers what is admitted. */
export interface Answers {
  /** Answers a question to a route, by the kind of what it gives. */
  answer(route: Route, request: Request, response: Response): Promise<void>;
  /** Answers what is known of the pipelines' work as it was when the snapshot was published. */
  answerOfSnapshot(route: OperationsRows, request: Request, response: Response): Promise<void>;
}

export function createAnswers({
  services,
  gate,
  cache,
  asked,
}: {
  services: Services;
  gate: Gate;
  cache: AnswerCache;
  asked: Asked;
}): Answers {
  const { snapshots, operations, contracts, pipelines, workspace, maxFileBytes } = services;
  const { personas } = gate;
  const now = services.now ?? (() => new Date());
  const definitions = services.definitions ?? new DefinitionTexts({ config: projectFolder, home: workspace.folder });
  const registers = new Registers({ contracts, ...services.register });
  return { answer, answerOfSnapshot };

  function answer(route: Route, request: Request, response: Response): Promise<void> {
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
    const key = [...dated, ...keyOf(route, query, reader), format.name, JSON.stringify(shape)];
    const answerOf = (snapshot: Snapshot): Answer => ({
      key: [snapshot.manifest.snapshot, ...key],
      contentType: format.contentType,
      pieces: async () => {
        const table = await route.rows(snapshot, query, due);
        return format.write(table, shape, { path: route.path, question: query, from: snapshot });
      },
    });
    if (day === undefined && !due) note(request, reader, key, answerOf);
    await reader.snapshots.use(day, (snapshot) => sendAnswer(request, response, cache, answerOf(snapshot)));
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
      const table = await route.rows(snapshot, { query, workspace, definitions, at: now() });
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
    const key = [...keyOf(route, query, reader), ...(route.ofUser ? [JSON.stringify(asker)] : [])];
    const answerOf = (snapshot: Snapshot): Answer => ({
      key: [snapshot.manifest.snapshot, ...key],
      contentType: json.contentType,
      pieces: async () => piecesOf([JSON.stringify(await route.object(snapshot, query, asker))]),
    });
    if (!route.ofUser) note(request, reader, key, answerOf);
    await reader.snapshots.use(undefined, (snapshot) => sendAnswer(request, response, cache, answerOf(snapshot)));
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

  async function answerOfSnapshot(route: OperationsRows, request: Request, response: Response): Promise<void> {
    const format = negotiate(request, formats);
    const shape = shapeOf(request);
    const query = readQuestion(request, route.query, true);
    await snapshots.use(undefined, (snapshot) =>
      sendAnswer(request, response, cache, {
        key: ["published", snapshot.manifest.snapshot, ...keyOf(route, query), format.name, JSON.stringify(shape)],
        contentType: format.contentType,
        pieces: async () => {
          const { sql, parameters } = statementOf(route, query);
          const table = await snapshot.query(sql, parameters);
          return format.write(table, shape, { path: route.path, question: query, from: snapshot });
        },
      }),
    );
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
    const at = now();
    const result = await route.answer({
      ...{ query, body, workspace, contracts, pipelines, definitions, user },
      ...{ snapshots: reader.snapshots, whole: snapshots },
      ...{ publisher: services.publisher, at, today: snapshots.dayOf(at), gone: goneOf(response) },
      tell: (told) => (response.locals.told = told),
    });
    const text = result instanceof JsonText ? result.text : JSON.stringify(result);
    if (route.method === "get")
      // What it depends on is what it says.
      return sendAnswer(request, response, cache, {
        key: [services.version, reader.seen, text],
        contentType: json.contentType,
        pieces: async () => piecesOf([text]),
      });
    response.status(200).setHeader("Cache-Control", "no-store");
    await sendOnce(request, response, { contentType: json.contentType, text });
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
    const { sql, parameters } = statementOf(route, query);
    return (await operations.query(sql, parameters)) ?? smallTable([...route.fields], []);
  }

  function statementOf(route: OperationsRows, query: Record<string, unknown>): ReturnType<OperationsRows["sql"]> {
    const { sql, parameters } = route.sql(query);
    const names = route.fields.map((field) => `"${field.name}"`).join(", ");
    return { sql: sql.replace("{fields}", names), parameters };
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

  function note(request: Request, { scope }: Reader, key: string[], answerOf: Question["answerOf"]): void {
    // Pages are made ahead themselves.
    if (gate.isInside(request)) return;
    const coding = codingOf(request);
    asked.note(`${coding} ${key.join(" ")}`, { scope, coding, answerOf });
  }

  function keyOf(route: Route, query: object, reader?: Reader): string[] {
    return [services.version, reader?.seen ?? "", route.path, textOf(query)];
  }
}

/** Aborted when the answer will reach nobody. */
function goneOf(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return gone.signal;
}

async function* all<T>(pieces: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* pieces;
}

/** An answer in one piece, or some. */
export async function* piecesOf(pieces: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* pieces;
}

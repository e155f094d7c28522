import type { Request, Response } from "express";
import type { z } from "zod";
import type { Contract } from "../pipelines/contracts/contract.ts";
import type { Due } from "./calendar/items.ts";
import type { Contracts } from "./contracts.ts";
import type { FileFormat, Locale } from "./format.ts";
import type { Gate } from "./gate.ts";
import type { JsonText } from "./json.ts";
import type { Manifest } from "./manifest.ts";
import type { Pipelines } from "./pipelines.ts";
import type { Parameters } from "./queries.ts";
import type { Told } from "./recorder.ts";
import type { Assessed } from "./register/registers.ts";
import type { ScopedSnapshots, Snapshot, Snapshots } from "./snapshot.ts";
import type { Field, Table } from "./table.ts";
import type { User } from "./user.ts";
import type { Publisher } from "./workbench/publisher.ts";
import type { DefinitionTexts } from "./workbench/standing-texts.ts";
import type { Workspace } from "./workspace/workspace.ts";

interface Base<Query extends z.ZodObject> {
  /** Below `/api/v1`, as Express writes it; its `:names` are fields of `query`. */
  path: string;
  summary: string;
  /** Checks the request, and is written into the OpenAPI document. */
  query: Query;
}

/** Answers rows of the snapshot: JSON, CSV, Arrow or XLSX. With a field `as_of` in its query, of the snapshot that was current then. */
export interface SnapshotRows<Query extends z.ZodObject = z.ZodObject> extends Base<Query> {
  answers: "rows";
  row: z.ZodObject;
  /** Whether it asks what is due, and so depends on the day too. */
  due?: boolean;
  /** Whether all its rows are of the units that the question names in `unit`, or else of its `level`; or of no unit, and so everyone's. */
  bounded?: boolean;
  /** `due` is null for a route that does not ask for it. */
  rows(snapshot: Snapshot, query: z.output<Query>, due: Due | null): Promise<Table>;
}

/** Answers one object, made of the snapshot: JSON only. */
export interface SnapshotObject<Query extends z.ZodObject = z.ZodObject> extends Base<Query> {
  answers: "object";
  schema: z.ZodType;
  /** Whether it tells who asks, and so is another for each of them. */
  ofUser?: boolean;
  object(snapshot: Snapshot, query: z.output<Query>, asker: Asker): Promise<object>;
}

/** Who asks. */
export interface Asker {
  user: User;
  /** Whether people choose here who they are. */
  personas: boolean;
  /** Whether the server asks itself, for a page that is made for all who see the same. */
  inside: boolean;
}

/** Answers rows about the pipelines' work; none before the first. `{fields}` in the statement stands for the fields, in their order. */
export interface OperationsRows<Query extends z.ZodObject = z.ZodObject> extends Base<Query> {
  answers: "operations";
  row: z.ZodObject;
  fields: readonly Field[];
  /** Whether a snapshot has the same table, as it was when that was published. */
  inSnapshot?: boolean;
  sql(query: z.output<Query>): { sql: string; parameters: Parameters };
}

/** Answers a document that other programs read, made of the snapshot. */
export interface SnapshotDocument<Query extends z.ZodObject = z.ZodObject> extends Base<Query> {
  answers: "document";
  mediaType: string;
  due?: boolean;
  /** `address` is where readers reach the monitor, without a slash at its end; `due` is null for a route that does not ask for it. */
  make(snapshot: Snapshot, query: z.output<Query>, address: string, due: Due | null): Promise<string>;
}

/** Answers one object, made of the feed's contract: JSON only. */
export interface FeedObject extends Base<z.ZodObject> {
  answers: "feed";
  schema: z.ZodType;
  object(contract: Contract): object;
}

/** A shape of a file that a feed's contract makes. */
export interface FeedFileFormat extends FileFormat {
  make(contract: Contract, locale: Locale): string | Promise<Buffer>;
}

/** Answers a file to keep, made of the feed's contract. */
export interface FeedFile extends Base<z.ZodObject> {
  answers: "file";
  formats: readonly FeedFileFormat[];
  /** The name that it is kept under, without the ending. */
  name(contract: Contract): string;
}

/** What a route works with that asks the pipelines. */
export interface Asking {
  request: Request;
  query: Record<string, unknown>;
  pipelines: Pipelines;
  contracts: Contracts;
  /** Largest body of files. */
  maxFileBytes: number;
}

/** Answers what the pipelines say: made anew each time, JSON only. */
export interface PipelinesRoute extends Base<z.ZodObject> {
  answers: "pipelines";
  method: "get" | "post";
  /** What comes with it; it is read by `answer`, when nothing else stands in the way. */
  body: { contentType: "application/json" | "multipart/form-data"; schema: z.ZodType } | null;
  schema: z.ZodType;
  answer(asking: Asking): Promise<object>;
}

/** Answers what is reckoned of a question and the snapshot: JSON only, nothing is kept. */
export interface PlanRoute<Body extends z.ZodType = z.ZodType> extends Base<z.ZodObject> {
  answers: "plan";
  body: { contentType: "application/json"; schema: Body };
  schema: z.ZodType;
  answer(snapshot: Snapshot, body: z.output<Body>): Promise<object>;
}

/** What a route works with that reads or writes what people wrote. */
export interface Writing<Query, Body> {
  query: Query;
  body: Body;
  snapshots: ScopedSnapshots;
  /** Without bounds: for a document that is one thing, whoever may read it. */
  whole: ScopedSnapshots;
  workspace: Workspace;
  user: User;
  contracts: Contracts;
  pipelines: Pipelines;
  /** The definitions that stand, and those adopted here. */
  definitions: DefinitionTexts;
  /** Of approved drafts; without one they wait. */
  publisher: Pick<Publisher, "tick"> | undefined;
  /** The moment of the request. */
  at: Date;
  /** Its day, where the monitor is. */
  today: string;
  /** Aborted when who asked is gone before the answer. */
  gone: AbortSignal;
  /** What the audit log is told of the question, in place of its address. */
  tell(told: Told): void;
}

/** A body that a route reads by itself, when nothing else stands in the way. */
export interface FormBody<Body> {
  contentType: "multipart/form-data";
  schema: z.ZodType;
  mostBytes: number;
  read(request: Request): Promise<Body>;
}

/** Answers what people wrote, with the figures that it is about: made anew each time, JSON only. */
export interface WorkspaceRoute<
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
> extends Base<Query> {
  answers: "workspace";
  method: "get" | "post" | "put" | "patch";
  /** False for a question that is too long for an address. */
  changes?: false;
  body: { contentType: "application/json"; schema: Body; mostBytes?: number } | FormBody<z.output<Body>> | null;
  schema: z.ZodType;
  answer(writing: Writing<z.output<Query>, z.output<Body>>): Promise<object | JsonText>;
}

/** What a file is made with. */
export interface Reading<Query> extends Pick<
  Writing<Query, undefined>,
  "query" | "snapshots" | "whole" | "workspace" | "at"
> {
  locale: Locale;
}

/** A file that is made when it is asked for. */
export interface MadeFile {
  /** What its bytes depend on. */
  key: string[];
  /** The name that it is kept under. */
  name: string;
  pieces(): Promise<AsyncIterable<Uint8Array> | Uint8Array[]>;
}

/** Answers a file to keep, made of what people wrote and the figures that it is about. */
export interface WorkspaceFile<Query extends z.ZodObject = z.ZodObject> extends Base<Query> {
  answers: "workspaceFile";
  mediaType: string;
  file(reading: Reading<z.output<Query>>): Promise<MadeFile>;
}

/** Answers rows of what people wrote, beside what the snapshot has of it: JSON, CSV, Arrow or XLSX; made anew each time. */
export interface WorkspaceRows<Query extends z.ZodObject = z.ZodObject> extends Base<Query> {
  answers: "written";
  row: z.ZodObject;
  rows(
    snapshot: Snapshot,
    reading: Pick<Writing<z.output<Query>, never>, "query" | "workspace" | "definitions" | "at">,
  ): Promise<Table>;
}

/** Answers rows of who did what: made anew each time. */
export interface AuditRoute<Query extends z.ZodObject = z.ZodObject> extends Base<Query> {
  answers: "audit";
  row: z.ZodObject;
  rows(folder: string, query: z.output<Query>): Promise<Table>;
}

/** Answers rows of the register of processing: JSON, CSV, Arrow or XLSX. The same for everyone: it has no figures. */
export interface RegisterRows extends Base<z.ZodObject> {
  answers: "register";
  row: z.ZodObject;
  rows(register: Assessed): Table;
}

/** Answers the register as a file to keep. */
export interface RegisterFile extends Base<z.ZodObject> {
  answers: "registerFile";
  mediaType: string;
  /** The name that it is kept under. */
  name(locale: Locale): string;
  make(register: Assessed, served: Manifest, locale: Locale): Promise<Uint8Array>;
}

/** What a route works with that signs people in and out. */
export interface Signing {
  request: Request;
  response: Response;
  gate: Gate;
  snapshots: Snapshots;
  /** Who is signed in; null where nobody is. */
  user: User | null;
}

/** Signs in and out, and tells who is in. What it answers is no data; null: nothing. */
export interface SessionRoute extends Base<z.ZodObject> {
  answers: "session";
  method: "get" | "post" | "delete";
  body: { contentType: "application/json"; schema: z.ZodType } | null;
  schema: z.ZodType | null;
  answer(signing: Signing): Promise<object | null>;
}

export type Route =
  | SnapshotRows
  | SnapshotObject
  | SnapshotDocument
  | OperationsRows
  | FeedObject
  | FeedFile
  | PipelinesRoute
  | PlanRoute
  | WorkspaceRoute
  | WorkspaceFile
  | WorkspaceRows
  | AuditRoute
  | RegisterRows
  | RegisterFile
  | SessionRoute;

/** The method that a route answers. */
export function methodOf(route: Route): "get" | "post" | "put" | "patch" | "delete" {
  if (route.answers === "plan") return "post";
  return "method" in route ? route.method : "get";
}

/** Keeps the type of the query within the route, and forgets it outside. */
export const snapshotRows = <Query extends z.ZodObject>(route: Omit<SnapshotRows<Query>, "answers">): Route =>
  ({ ...route, answers: "rows" }) as unknown as Route;

export const snapshotObject = <Query extends z.ZodObject>(route: Omit<SnapshotObject<Query>, "answers">): Route =>
  ({ ...route, answers: "object" }) as unknown as Route;

export const snapshotDocument = <Query extends z.ZodObject>(route: Omit<SnapshotDocument<Query>, "answers">): Route =>
  ({ ...route, answers: "document" }) as unknown as Route;

/** Rows of what is due. */
export const dueRows = <Query extends z.ZodObject>(
  route: Omit<SnapshotRows<Query>, "answers" | "due" | "rows"> & {
    rows(snapshot: Snapshot, query: z.output<Query>, due: Due): Promise<Table>;
  },
): Route => ({ ...route, answers: "rows", due: true }) as unknown as Route;

/** A document of what is due. */
export const dueDocument = <Query extends z.ZodObject>(
  route: Omit<SnapshotDocument<Query>, "answers" | "due" | "make"> & {
    make(snapshot: Snapshot, query: z.output<Query>, address: string, due: Due): Promise<string>;
  },
): Route => ({ ...route, answers: "document", due: true }) as unknown as Route;

export const operationsRows = <Query extends z.ZodObject>(route: Omit<OperationsRows<Query>, "answers">): Route =>
  ({ ...route, answers: "operations" }) as unknown as Route;

export const planRoute = <Body extends z.ZodType>(route: Omit<PlanRoute<Body>, "answers">): Route =>
  ({ ...route, answers: "plan" }) as unknown as Route;

export const workspaceRoute = <Query extends z.ZodObject, Body extends z.ZodType>(
  route: Omit<WorkspaceRoute<Query, Body>, "answers">,
): Route => ({ ...route, answers: "workspace" }) as unknown as Route;

export const workspaceFile = <Query extends z.ZodObject>(route: Omit<WorkspaceFile<Query>, "answers">): Route =>
  ({ ...route, answers: "workspaceFile" }) as unknown as Route;

export const workspaceRows = <Query extends z.ZodObject>(route: Omit<WorkspaceRows<Query>, "answers">): Route =>
  ({ ...route, answers: "written" }) as unknown as Route;

export const auditRoute = <Query extends z.ZodObject>(route: Omit<AuditRoute<Query>, "answers">): Route =>
  ({ ...route, answers: "audit" }) as unknown as Route;

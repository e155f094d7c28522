import { readdirSync } from "node:fs";
import path from "node:path";
import type { Dialect, SourceColumn } from "./grouping/dialect.ts";

/** A database that a feed's rows can be asked of: a file in `engines/`, named as a job names it. */
export interface Engine {
  /** How its addresses begin, such as `postgresql:`. */
  protocols: readonly string[];
  /** Whether a connection to this address is secured, and the server's certificate checked. */
  isSecure(address: URL): boolean;
  /** A name of a table or schema in its SQL. */
  quoted(name: string): string;
  /** A text in its SQL. */
  textual(text: string): string;
  /** What its SQL is like where events are grouped in it. */
  dialect: Dialect;
  /** The columns that a query gives; runs nothing of it. */
  columns(question: Question): Promise<SourceColumn[]>;
  /** Asks for the rows of a query, which can only read. Trouble is told as a SourceFailure that names its reason, and nothing of the rows. */
  ask(question: Question): Promise<Rows>;
}

/** A question to an engine. */
export interface Question {
  /** With user and password. */
  address: URL;
  sql: string;
  /** Certificate of the authority that signed the server's (PEM); null for those that the machine knows. */
  ca: string | null;
  connectMs: number;
  /** Until the first rows are there, and then for all of them. */
  totalMs: number;
  /** Of one row, as JSON. */
  maxLineBytes: number;
  /** As IANA names it: moments are told in it. */
  timeZone: string;
  /** Its text has values of rows: nothing that the engine says of it may be told. */
  holdsValues?: boolean;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/** Rows as they come: nothing is fetched before it is taken. */
export interface Rows {
  /** Whole lines, each one row as a JSON object. */
  lines: AsyncGenerator<Buffer, void, undefined>;
  /** Breaks it off, wherever it is. */
  close(): void;
}

const folder = path.join(import.meta.dirname, "engines");

/** Names of all engines: those of the files. */
export const engineNames = (): string[] =>
  readdirSync(folder)
    .map((file) => path.basename(file, ".ts"))
    .sort();

/** The engine of one of these names. */
export async function loadEngine(name: string): Promise<Engine> {
  const module = (await import(`./engines/${name}.ts`)) as { engine: Engine };
  return module.engine;
}

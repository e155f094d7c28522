import { readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { Refusal, SourceFailure } from "../problem.ts";
import type { ByteSource } from "../reading/source.ts";
import { nameOf, type DatabaseSource } from "../schedule-file.ts";
import { loadEngine, type Engine, type Question } from "./engine.ts";
import { openGrouped, type GroupedFeed } from "./grouped.ts";
import { tooLarge, type Fetched, type FetchOptions, type Validators } from "./http.ts";
import { secretOf } from "./secret.ts";

/** What asking takes. */
export interface DatabaseOptions extends FetchOptions {
  maxLineBytes: number;
  timeZone: string;
  /** Folder of the configuration. */
  config: string;
  now: Date;
  /** Of a feed whose events are to be grouped there. */
  feed?: Omit<GroupedFeed, "isFullDue" | "now">;
}

/** Days after which all rows are asked for. */
const usualFullEvery = 7;
const aDay = 24 * 3600 * 1000;

/**
 * Asks a database for a feed's rows. They come as the loader takes them, as lines of JSON, and nothing is kept of them
 * here. Where the source has a watermark, only those are asked for that changed since: `before` holds the highest of
 * then, and when all rows were asked for last.
 */
export async function openDatabase(
  source: DatabaseSource,
  { env, network, maxBytes, maxLineBytes, timeZone, config, now, feed }: DatabaseOptions,
  before: Validators | null = null,
): Promise<Fetched> {
  const engine = await loadEngine(source.engine);
  const question = {
    address: addressOf(source, engine, env),
    ca: source.ca === undefined ? null : textOf(path.resolve(config, source.ca), "ca"),
    ...{ connectMs: network.connectMs, totalMs: network.totalMs, signal: network.signal },
    ...{ maxLineBytes, timeZone },
  };
  const all = sqlOf(source, config, engine);
  const fullBefore = Date.parse(before?.last_modified ?? "");
  const isFullDue = !(now.getTime() - fullBefore < (source.full_every ?? usualFullEvery) * aDay);
  if (feed) {
    const asking = { ...question, sql: all };
    const grouped = await openGrouped(engine, asking, all, { ...feed, isFullDue, now }, before);
    if (grouped.unchanged) return grouped;
    const { lines, months, validators, close } = grouped;
    return {
      unchanged: false,
      source: streamOf(source, lines, maxBytes, close),
      validators,
      grouped: { months },
      close,
    };
  }
  const { watermark } = source;
  const column = watermark && engine.quoted(watermark);
  const mark = column
    ? await firstOf(engine, { ...question, sql: `select max(${column}) as mark from (${all}\n) as asked` })
    : null;
  const since = before?.etag && !isFullDue ? before.etag : null;
  if (since !== null && since === mark) return { unchanged: true };
  const sql = since === null ? all : `select * from (${all}\n) as asked where ${column} >= ${marked(since, engine)}`;
  const rows = await engine.ask({ ...question, sql });
  return {
    unchanged: false,
    source: streamOf(source, rows.lines, maxBytes, () => rows.close()),
    validators: { etag: mark, last_modified: mark && (since === null ? now.toISOString() : before!.last_modified) },
    partial: since !== null,
    close: () => rows.close(),
  };
}

/** What an engine answers, as a file that can be read once. */
function streamOf(
  source: DatabaseSource,
  lines: AsyncGenerator<Buffer, void, undefined>,
  maxBytes: number,
  close: () => void,
): ByteSource {
  const open = () => {
    const stream = Readable.from(counted(lines, maxBytes), { objectMode: false, highWaterMark: 256 * 1024 });
    stream.on("close", close);
    return stream;
  };
  return { name: `${nameOf(source)}.ndjson`, size: null, path: null, open };
}

/** The one value of a question, as text; null for none. */
async function firstOf(engine: Engine, question: Question): Promise<string | null> {
  const { lines, close } = await engine.ask(question);
  try {
    const { value } = await lines.next();
    // As it is written: of a large number the last digits would be lost, and rows with them.
    const mark = /^\{"mark":(.*)\}/.exec((value as Buffer).toString())![1]!;
    return mark.startsWith('"') ? (JSON.parse(mark) as string) : mark === "null" ? null : mark;
  } finally {
    close();
  }
}

/** A watermark in SQL: numbers as they are, all else as a text that the engine takes for what the column is. */
const marked = (mark: string, engine: Engine): string => (/^-?\d+(\.\d+)?$/.test(mark) ? mark : engine.textual(mark));

async function* counted(lines: AsyncGenerator<Buffer, void, undefined>, most: number) {
  let bytes = 0;
  for await (const chunk of lines) {
    bytes += chunk.length;
    if (bytes > most) throw tooLarge(most);
    yield chunk;
  }
}

/** Where the database is, with user and password; never told. */
function addressOf({ engine: name, connection }: DatabaseSource, engine: Engine, env: FetchOptions["env"]): URL {
  const text = secretOf(connection, env, "the source");
  const form = `${engine.protocols[0]}//user:password@host/database`;
  const wrong = (why: string) => new SourceFailure(`the address of ${name} in ${connection} ${why}`, { again: false });
  const schemes = engine.protocols.map((each) => `${each}//`).join(" or ");
  if (!engine.protocols.some((each) => text.startsWith(`${each}//`))) throw wrong(`does not begin with ${schemes}`);
  if (!URL.canParse(text)) throw wrong(`is none; write ${form}`);
  const address = new URL(text);
  // Of a password with such a sign half would be taken for the machine's name, and told.
  if (
    !address.hostname ||
    !address.username ||
    /@/.test(address.pathname + address.search + address.hash) ||
    !isDecodable(address)
  )
    throw wrong(`is not as it should be; write ${form}, and % # / ? @ in the password as %25 %23 %2F %3F %40`);
  if (!engine.isSecure(address) && !isThisMachine(address))
    throw wrong("is not secured with TLS, and leads to another machine; password and rows could be read on the way");
  return address;
}

function isDecodable({ username, password, pathname }: URL): boolean {
  try {
    [username, password, pathname].forEach(decodeURIComponent);
    return true;
  } catch {
    return false;
  }
}

const isThisMachine = ({ hostname }: URL) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

function sqlOf({ table, query }: DatabaseSource, config: string, engine: Engine): string {
  if (table !== undefined) return `select * from ${table.split(".").map(engine.quoted).join(".")}`;
  return textOf(path.resolve(config, query!), "query").replace(/[\s;]+$/, "");
}

function textOf(file: string, key: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new Refusal(
      `there is no file ${path.basename(file)}, which ${key} of the source names, or it may not be read`,
    );
  }
}

import { readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { Refusal, SourceFailure } from "../problem.ts";
import { nameOf, type DatabaseSource } from "../schedule-file.ts";
import { loadEngine, type Engine } from "./engine.ts";
import { tooLarge, type Fetched, type FetchOptions } from "./http.ts";
import { secretOf } from "./secret.ts";

/** Asks a database for a feed's rows. They come as the loader takes them, as lines of JSON, and nothing is kept of them here. */
export async function openDatabase(
  source: DatabaseSource,
  config: string,
  { env, network, maxBytes }: FetchOptions,
): Promise<Fetched> {
  const engine = await loadEngine(source.engine);
  const address = addressOf(source, engine, env);
  const { connectMs, totalMs } = network;
  const sql = sqlOf(source, config, engine);
  const ca = source.ca === undefined ? null : textOf(path.resolve(config, source.ca), "ca");
  const rows = await engine.ask({ address, sql, ca, connectMs, totalMs });
  const open = () => {
    const stream = Readable.from(counted(rows.lines, maxBytes), { objectMode: false, highWaterMark: 256 * 1024 });
    stream.on("close", () => rows.close());
    return stream;
  };
  return {
    unchanged: false,
    source: { name: `${nameOf(source)}.ndjson`, size: null, path: null, open },
    validators: { etag: null, last_modified: null },
  };
}

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
  const wrong = (why: string) => new SourceFailure(`the address of ${name} in ${connection} ${why}`, { again: false });
  const form = `${engine.protocols[0]}//user:password@host/database`;
  if (!URL.canParse(text)) throw wrong(`is none; write ${form}`);
  const address = new URL(text);
  if (!engine.protocols.includes(address.protocol))
    throw wrong(`begins with ${address.protocol}//; write ${engine.protocols.map((each) => `${each}//`).join(" or ")}`);
  if (!engine.isSecure(address) && !isThisMachine(address))
    throw wrong("is not secured with TLS, and leads to another machine; password and rows could be read on the way");
  return address;
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

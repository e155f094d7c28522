import type { Readable } from "node:stream";
import { SourceFailure } from "../../problem.ts";
import { inWords } from "../request.ts";
import type { Engine, Question, Rows } from "../engine.ts";

/** ClickHouse, over HTTP: rows as lines of JSON, as the engine itself writes them. */
export const engine: Engine = {
  protocols: ["https:", "http:"],
  isSecure: ({ protocol }) => protocol === "https:",
  quoted: (name) => `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``,
  textual: (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
  ask,
};

async function ask({ address, sql, ca, totalMs }: Question): Promise<Rows> {
  // Only whoever asks one waits for its client to be read.
  const { ClickHouseLogLevel, createClient } = await import("@clickhouse/client");
  const client = createClient({
    url: address.origin,
    username: decodeURIComponent(address.username) || "default",
    password: decodeURIComponent(address.password),
    database: decodeURIComponent(address.pathname.slice(1)) || "default",
    request_timeout: totalMs,
    max_open_connections: 1,
    keep_alive: { enabled: false },
    // It would write the query, and what the engine says of it.
    log: { level: ClickHouseLogLevel.OFF },
    ...(ca === null ? {} : { tls: { ca_cert: Buffer.from(ca) } }),
  });
  const gone = new AbortController();
  let isLate = false;
  const close = () => {
    clearTimeout(total);
    gone.abort();
    void client.close().catch(() => undefined);
  };
  const total = setTimeout(() => {
    isLate = true;
    gone.abort();
  }, totalMs);
  total.unref();
  const told = (error: unknown) => (isLate ? tooLate(address) : reasonOf(error as Error, address));
  try {
    const { stream } = await client.exec({
      query: `${sql}\nformat JSONEachRow`,
      abort_signal: gone.signal,
      // 2: it reads only, and may still be told so.
      clickhouse_settings: { readonly: "2", max_execution_time: Math.ceil(totalMs / 1000) },
    });
    return { lines: linesOf(stream as Readable), close };
  } catch (error) {
    close();
    throw told(error);
  }

  async function* linesOf(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
    let rest: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of stream) {
        const bytes: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
        const end = bytes.lastIndexOf(10) + 1;
        rest = bytes.subarray(end);
        if (end > 0) yield onlyRows(bytes.subarray(0, end), address);
      }
      if (rest.length > 0) yield onlyRows(rest, address);
    } catch (error) {
      throw told(error);
    } finally {
      close();
    }
  }
}

/** What fails after the first rows the engine says among them, as a line that is no row. */
function onlyRows(lines: Buffer, address: URL): Buffer {
  for (let at = 0; at < lines.length; at = next(lines, at))
    if (lines[at] !== brace) {
      const code = /Code: (\d+)/.exec(lines.toString("utf8", at))?.[1] ?? "";
      throw reasonOf(Object.assign(new Error(""), { code }), address);
    }
  return lines;
}

const brace = 0x7b;

function next(lines: Buffer, at: number): number {
  const end = lines.indexOf(10, at);
  return end < 0 ? lines.length : end + 1;
}

const tooLate = ({ host }: URL) =>
  new SourceFailure(`${host} took longer than KVV_SOURCE_SECONDS over the query; make it quicker, or raise that`, {
    again: false,
  });

/** By the engine's number of the error. */
const reasons: Record<string, string> = {
  "81": "has no such database",
  "192": "does not let the monitor in: is the user right?",
  "193": "does not let the monitor in: is the password right?",
  "194": "does not let the monitor in: is the password right?",
  "516": "does not let the monitor in: are user and password right?",
  "202": "answers too many questions now",
  "241": "has not enough memory for the query",
};

/** Mistakes in a query: what the engine says of them are names. */
const mistakes = new Set(["46", "47", "53", "60", "62", "63", "164", "42", "43", "215"]);

function reasonOf(error: Error & { code?: string }, address: URL): Error {
  if (error instanceof SourceFailure) return error;
  const { host } = address;
  // Old servers word it in a way that the client does not take apart.
  const [, number, said] = /^Code: (\d+)[.,].*?DB::Exception: (.*?)(, e\.what\(\)|$)/m.exec(error.message) ?? [];
  const code = number ?? error.code ?? "";
  if (code === "159") return tooLate(address);
  if (reasons[code]) return new SourceFailure(`${host} ${reasons[code]}`, { again: code === "202" });
  const why = (said ?? error.message).split("\n")[0]!.slice(0, 300);
  if (mistakes.has(code) && why) return new SourceFailure(`${host} refuses the query: ${why}`, { again: false });
  if (/^\d+$/.test(code)) return new SourceFailure(`${host} fails over the query (code ${code})`, { again: false });
  if (/Timeout error|aborted|socket hang up/i.test(error.message))
    return new SourceFailure(`${host} broke the connection off`);
  return inWords(error, host);
}

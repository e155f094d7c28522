import { Refusal, SourceFailure } from "../../problem.ts";
import { Limit } from "../limit.ts";
import { inWords } from "../request.ts";
import type { Engine, Question, Rows } from "../engine.ts";

/** PostgreSQL: rows through a cursor, in a transaction that only reads. */
export const engine: Engine = {
  protocols: ["postgresql:", "postgres:"],
  isSecure: (address) => sslModes[address.searchParams.get("sslmode") ?? "verify-full"] ?? false,
  quoted: (name) => `"${name.replaceAll('"', '""')}"`,
  textual: (text) => `'${text.replaceAll("'", "''")}'`,
  ask,
};

/** Modes that encrypt are taken for the strictest: a certificate that is not checked protects from nobody. */
const sslModes: Record<string, boolean> = { disable: false, require: true, "verify-ca": true, "verify-full": true };

/** So many rows come first; then as many as make so many bytes. */
const firstRows = 50;
const bytesAtOnce = 1_000_000;
const mostRows = 5000;

/** What the query is called within ours; whoever has a column of that name would get another row. */
const asked = "kvv_asked_rows";

async function ask(question: Question): Promise<Rows> {
  // Only whoever asks one waits for its client to be read.
  const [{ default: pg }, { default: Cursor }] = await Promise.all([import("pg"), import("pg-cursor")]);
  const { address, sql, ca, connectMs, totalMs } = question;
  const client = new pg.Client({
    host: address.hostname.replace(/^\[|\]$/g, ""),
    port: Number(address.port || 5432),
    user: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password),
    database: decodeURIComponent(address.pathname.slice(1)),
    ssl: engine.isSecure(address) && { rejectUnauthorized: true, ...(ca === null ? {} : { ca }) },
    connectionTimeoutMillis: connectMs,
    application_name: "kvv-monitor",
  });
  const limit = new Limit({ ...question, host: address.host }, () => void client.end().catch(() => undefined));
  const close = () => {
    limit.done();
    client.end().catch(() => undefined);
  };
  // Of a connection that breaks off while nobody asks; whoever asks next hears it.
  let broken: Error | null = null;
  client.on("error", (error) => (broken = error));
  let isRead = false;
  const told = (error: unknown) => limit.reason ?? reasonOf(broken ?? (error as Error), address, isRead);
  const cursor = new Cursor<{ line: string }>(`select row_to_json(${asked})::text as line from (${sql}\n) as ${asked}`);
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    await client.query(`set local statement_timeout = ${Math.ceil(totalMs)}`);
    // A moment is of the day that it was where the monitor is.
    await client.query("select set_config('timezone', $1, true)", [question.timeZone]);
    const { fields } = await client.query(`select * from (${sql}\n) as ${asked} limit 0`);
    refuseDoubled(fields.map(({ name }) => name));
    isRead = true;
    client.query(cursor);
    const first = await cursor.read(firstRows);
    limit.pause();
    return { lines: linesOf(first), close };
  } catch (error) {
    close();
    throw told(error);
  }

  async function* linesOf(first: { line: string }[]): AsyncGenerator<Buffer, void, undefined> {
    limit.count();
    try {
      for (let rows = first, next = firstRows; rows.length > 0; rows = await cursor.read(next)) {
        const lines = Buffer.concat(rows.map(({ line }) => Buffer.from(`${line}\n`)));
        next = Math.max(1, Math.min(mostRows, Math.floor(bytesAtOnce / (lines.length / rows.length))));
        yield lines;
      }
      if (limit.reason) throw limit.reason;
    } catch (error) {
      throw told(error);
    } finally {
      close();
    }
  }
}

/** Of two columns of one name JSON has the last, without a word. */
function refuseDoubled(names: string[]): void {
  const doubled = names.find((name, i) => names.indexOf(name) !== i);
  if (doubled !== undefined)
    throw new Refusal(`the query gives two columns named "${doubled}"; name them apart, or leave one out`);
}

/** By SQLSTATE (PostgreSQL 15, appendix A). */
const reasons: Record<string, string> = {
  "28P01": "does not let the monitor in: is the password right?",
  "28000": "does not let the monitor in: is the user right?",
  "3D000": "has no such database",
  "53300": "has too many connections now",
  "57P01": "was stopped while it answered",
  "57P03": "is starting",
  "57014": "gave the query up after KVV_SOURCE_SECONDS, or was told to; make it quicker, or raise that",
  "25006": "refuses the query: it writes, and the monitor only reads",
};

/** `isRead` says that rows are being read: whatever the engine says then may repeat one. */
function reasonOf(error: Error & { code?: string }, address: URL, isRead: boolean): Error {
  if (error instanceof Refusal || error instanceof SourceFailure) return error;
  const { host } = address;
  const code = error.code ?? "";
  const again = /^(53|57P|08)/.test(code);
  if (reasons[code]) return new SourceFailure(`${host} ${reasons[code]}`, { again });
  if (code.startsWith("42") && !isRead)
    return new SourceFailure(`${host} refuses the query: ${error.message}`, { again: false });
  if (/^[0-9A-Z]{5}$/.test(code))
    return new SourceFailure(`${host} fails over the query (SQLSTATE ${code})`, { again });
  if (/does not support SSL/.test(error.message))
    return new SourceFailure(
      `${host} does not speak TLS; let it, or write sslmode=disable where it is this very machine`,
      { again: false },
    );
  if (/timeout expired/.test(error.message)) return new SourceFailure(`${host} does not answer`);
  if (/Connection terminated/.test(error.message)) return new SourceFailure(`${host} broke the connection off`);
  return inWords(error, host);
}

import { SourceFailure } from "../../problem.ts";
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

/** So many rows come at once. */
const rowsAtOnce = 2000;

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
    ssl: engine.isSecure(address) && (ca === null ? true : { ca }),
    connectionTimeoutMillis: connectMs,
    statement_timeout: totalMs,
    application_name: "kvv-monitor",
  });
  let isLate = false;
  const close = () => {
    clearTimeout(total);
    client.end().catch(() => undefined);
  };
  const total = setTimeout(() => {
    isLate = true;
    client.end().catch(() => undefined);
  }, totalMs);
  total.unref();
  // Of a connection that breaks off while nobody asks; whoever asks next hears it.
  let broken: Error | null = null;
  client.on("error", (error) => (broken = error));
  const told = (error: unknown) => (isLate ? tooLate(address) : reasonOf(broken ?? (error as Error), address));
  const cursor = new Cursor<{ line: string }>(`select row_to_json(asked)::text as line from (${sql}\n) as asked`);
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    client.query(cursor);
    const first = await cursor.read(rowsAtOnce);
    return { lines: linesOf(first), close };
  } catch (error) {
    close();
    throw told(error);
  }

  async function* linesOf(first: { line: string }[]): AsyncGenerator<Buffer, void, undefined> {
    try {
      for (let rows = first; rows.length > 0; rows = await cursor.read(rowsAtOnce))
        yield Buffer.from(rows.map(({ line }) => `${line}\n`).join(""));
    } catch (error) {
      throw told(error);
    } finally {
      close();
    }
  }
}

const tooLate = ({ host }: URL) =>
  new SourceFailure(`${host} took longer than KVV_SOURCE_SECONDS over the query; make it quicker, or raise that`, {
    again: false,
  });

/** By SQLSTATE (PostgreSQL 15, appendix A). */
const reasons: Record<string, string> = {
  "28P01": "does not let the monitor in: is the password right?",
  "28000": "does not let the monitor in: is the user right?",
  "3D000": "has no such database",
  "53300": "has too many connections now",
  "57P01": "was stopped while it answered",
  "57P03": "is starting",
};

function reasonOf(error: Error & { code?: string }, address: URL): Error {
  const { host } = address;
  const code = error.code ?? "";
  const again = code.startsWith("53") || code.startsWith("57P") || code.startsWith("08");
  if (code === "57014") return tooLate(address);
  if (reasons[code]) return new SourceFailure(`${host} ${reasons[code]}`, { again });
  // Names of the query and the schema; whatever else an engine says may repeat a row.
  if (/^(42|25006)/.test(code))
    return new SourceFailure(`${host} refuses the query: ${error.message}`, { again: false });
  if (/^[0-9A-Z]{5}$/.test(code))
    return new SourceFailure(`${host} fails over the query (SQLSTATE ${code})`, { again });
  if (/does not support SSL/.test(error.message))
    return new SourceFailure(
      `${host} does not speak TLS; let it, or write sslmode=disable where it is this very machine`,
      {
        again: false,
      },
    );
  if (/timeout expired|Connection terminated/.test(error.message))
    return new SourceFailure(
      `${host} ${/timeout/.test(error.message) ? "does not answer" : "broke the connection off"}`,
    );
  return inWords(error, host);
}

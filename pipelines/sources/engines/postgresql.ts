import { Refusal, SourceFailure } from "../../problem.ts";
import { Limit } from "../limit.ts";
import { inWords } from "../request.ts";
import type { Engine, Question, Rows } from "../engine.ts";
import type { Dialect, SourceColumn } from "../grouping/dialect.ts";

const textual = (text: string) => `'${text.replaceAll("'", "''")}'`;

const dialect: Dialect = {
  // Else it would put the whole expression wherever its name stands.
  once: " offset 0",
  text: (x) => `nullif(btrim(${x}::text, ' ' || chr(9) || chr(160)), '')`,
  day: (x) => `case when ${x} between date '0001-01-01' and date '9999-12-31' then ${x}::date end`,
  // A day that no calendar has would end the query: each part is looked at before the next.
  calendar: (year, month, day) =>
    `(select case when y > 0 and m between 1 and 12 and d > 0 then
        case when d <= extract(day from make_date(y, m, 1) + interval '1 month' - interval '1 day') then make_date(y, m, d) end
      end from (values (${year}::int, ${month}::int, ${day}::int)) as parts(y, m, d))`,
  matches: (x, pattern) => `${x} ~ ${textual(pattern)}`,
  captured: (x, pattern) => `substring(${x} from ${textual(pattern)})`,
  dayOfMonth: (day) => `extract(day from ${day})::int`,
  month: (day) => `(${day} - (extract(day from ${day})::int - 1))`,
  before: (day, days) => `(${day} - ${days})`,
  after: (day, days) => `(${day} + ${days})`,
  daysBetween: (from, to) => `(${to} - ${from})`,
  date: (iso) => `date ${textual(iso)}`,
  iso: (day) => `to_char(${day}, 'YYYY-MM-DD')`,
  word: (columns) => `jsonb_build_array(${columns.join(", ")})::text`,
  meaning: (word, pairs) =>
    pairs.length === 0
      ? "null::text"
      : `case ${word} ${pairs.map(([from, to]) => `when ${textual(from)} then ${textual(to)}`).join(" ")} end`,
  // Most end in their only number, and are spared the general way.
  order: (
    x,
  ) => `case when translate(rtrim(${x}, '0123456789'), '0123456789', '') = rtrim(${x}, '0123456789') and length(${x}) - length(rtrim(${x}, '0123456789')) between 1 and 20
      then rtrim(${x}, '0123456789') || lpad(substr(${x}, length(rtrim(${x}, '0123456789')) + 1), 20, '0')
      else (select string_agg(case when part[1] ~ '^[0-9]' then lpad(part[1], greatest(20, length(part[1])), '0') else part[1] end, '' order by n)
        from regexp_matches(${x}, '[0-9]+|[^0-9]+', 'g') with ordinality as parts(part, n)) end collate "C"`,
  joined: (texts) => `(${texts.join(" || '|' || ")})`,
  fingerprint: (columns) => `coalesce(sum(hashtextextended(row(${columns.join(", ")})::text, 0)), 0)::text`,
  repeated: (column, from) =>
    `select coalesce(sum(kvv_many - 1), 0) as n from (
  select count(*) as kvv_many from (${from}) as kvv_read where ${column} is not null group by ${column} having count(*) > 1
) as kvv_repeated`,
  united: ({ from, columns, sound, group, order, words }) => {
    const all = words.map(([word], at) => `array_agg(${word}) filter (where ${sound}) over of_group as kvv_all${at}`);
    const lists = words.map(
      ([, list], at) =>
        `case when kvv_place = 1 then case when cardinality(kvv_all${at}) = 1 then array_remove(kvv_all${at}, null)
      else array(select distinct each from unnest(kvv_all${at}) as each where each is not null order by each) end end as ${list}`,
    );
    return `select ${[...columns, ...lists].join(", ")} from (
  select ${columns.join(", ")}, ${all.join(", ")},
    case when ${sound} then row_number() over (of_group order by ${order.join(", ")}) end as kvv_place
  from (${from}) as kvv_judged
  window of_group as (partition by case when ${sound} then ${group} end)
) as kvv_placed`;
  },
};

/** PostgreSQL: rows through a cursor, in a transaction that only reads. */
export const engine: Engine = {
  protocols: ["postgresql:", "postgres:"],
  isSecure: (address) => sslModes[address.searchParams.get("sslmode") ?? "verify-full"] ?? false,
  quoted: (name) => `"${name.replaceAll('"', '""')}"`,
  textual,
  dialect,
  async columns(question) {
    const rows = await ask({ ...question, sql: `select * from (${question.sql}\n) as ${asked} limit 0` });
    rows.close();
    return rows.columns;
  },
  ask,
};

/** Types with a day, and types of texts, by their number. */
const days: Record<number, string> = { 1082: "date", 1114: "timestamp", 1184: "timestamp with time zone" };
const texts: Record<number, string> = { 25: "text", 1043: "varchar", 1042: "char", 19: "name" };

/** Modes that encrypt are taken for the strictest: a certificate that is not checked protects from nobody. */
const sslModes: Record<string, boolean> = { disable: false, require: true, "verify-ca": true, "verify-full": true };

/** So many rows come first; then as many as make so many bytes. */
const firstRows = 50;
const bytesAtOnce = 1_000_000;
const mostRows = 5000;

/** What the query is called within ours; whoever has a column of that name would get another row. */
const asked = "kvv_asked_rows";

async function ask(question: Question): Promise<Rows & { columns: SourceColumn[] }> {
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
  // The client tells nobody who waits for a cursor where the engine said that it ends before the connection did.
  let broken: Error | null = null;
  let waiting: ((error: Error) => void) | null = null;
  const lost = (error: Error) => {
    broken ??= error;
    waiting?.(broken);
  };
  client.on("error", lost);
  client.once("end", () => lost(new Error("Connection terminated")));
  /** What is waited for, as long as there is a connection. */
  const answered = <T>(asked: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (broken) return reject(broken);
      waiting = reject;
      asked().then(resolve, reject);
    });
  let isRead = question.holdsValues ?? false;
  const told = (error: unknown) => limit.reason ?? reasonOf(broken ?? (error as Error), address, isRead);
  const cursor = new Cursor<{ line: string }>(`select row_to_json(${asked})::text as line from (${sql}\n) as ${asked}`);
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    await client.query(`set local statement_timeout = ${Math.ceil(totalMs)}`);
    // A moment is of the day that it was where the monitor is.
    await client.query("select set_config('timezone', $1, true)", [question.timeZone]);
    // As the texts in our queries are written.
    await client.query("set local standard_conforming_strings = on");
    const { fields } = await client.query(`select * from (${sql}\n) as ${asked} limit 0`);
    refuseDoubled(fields.map(({ name }) => name));
    isRead = true;
    client.query(cursor);
    const first = await answered(() => cursor.read(firstRows));
    limit.pause();
    const columns = fields.map(({ name, dataTypeID: type }) => ({
      name,
      kind: days[type] ? ("date" as const) : texts[type] ? ("text" as const) : ("other" as const),
      type: days[type] ?? texts[type] ?? String(type),
    }));
    return { lines: linesOf(first), close, columns };
  } catch (error) {
    close();
    throw told(error);
  }

  async function* linesOf(first: { line: string }[]): AsyncGenerator<Buffer, void, undefined> {
    limit.count();
    try {
      for (let rows = first, next = firstRows; rows.length > 0; rows = await answered(() => cursor.read(next))) {
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

/** `isRead` says that rows are being read, or stand in the query: whatever the engine says then may repeat one. */
export function reasonOf(error: Error & { code?: string }, address: URL, isRead: boolean): Error {
  if (error instanceof Refusal || error instanceof SourceFailure) return error;
  const { host } = address;
  // Codes of the operating system may look like the engine's own: EPIPE has five capitals too.
  if ("syscall" in error) return inWords(error, host);
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

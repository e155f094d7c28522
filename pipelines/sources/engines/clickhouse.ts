import https from "node:https";
import type { Readable } from "node:stream";
import { Refusal, SourceFailure } from "../../problem.ts";
import { Limit } from "../limit.ts";
import { inWords } from "../request.ts";
import type { Engine, Question, Rows } from "../engine.ts";
import type { Dialect, SourceColumn } from "../grouping/dialect.ts";

const textual = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** Of servers as old as 18.16: no windows, and functions that read 31 February as 2 March. */
const dialect: Dialect = {
  once: "",
  text: (x) => orNull(`replaceRegexpAll(toString(${x}), '^[ \\t\\\\x{a0}]+|[ \\t\\\\x{a0}]+$', '')`, "= ''"),
  // A zero is what it has for a day that it does not know.
  day: (x) => `if(toUInt16(toDate(${x})) = 0, NULL, toDate(${x}))`,
  calendar: (year, month, day) => {
    const iso = `concat(${year}, '-', substring(concat('0', ${month}), -2), '-', substring(concat('0', ${day}), -2))`;
    return `if(toString(toDateOrNull(${iso})) = ${iso}, toDateOrNull(${iso}), NULL)`;
  },
  matches: (x, pattern) => `match(ifNull(${x}, ''), ${textual(pattern)})`,
  captured: (x, pattern) => `extract(ifNull(${x}, ''), ${textual(pattern)})`,
  dayOfMonth: (day) => `toInt32(toDayOfMonth(${day}))`,
  month: (day) => `toStartOfMonth(${day})`,
  before: (day, days) => `(${day} - ${days})`,
  after: (day, days) => `(${day} + ${days})`,
  daysBetween: (from, to) => `toInt32(${to} - ${from})`,
  // It knows no others, and takes them for some day between.
  date: (iso) => `toDate(${textual(iso < "1970-01-02" ? "1970-01-02" : iso > "2105-12-31" ? "2105-12-31" : iso)})`,
  iso: (day) => `toString(${day})`,
  word: (columns) =>
    columns.length === 0
      ? "''"
      : `concat(${[...columns.map((x) => `ifNull(toString(${x}), '\\\\N')`), "''"].join(", '\\x1f', ")})`,
  meaning: (word, pairs) =>
    pairs.length === 0
      ? "''"
      : `transform(${word}, [${pairs.map(([from]) => textual(from)).join(", ")}], [${pairs.map(([, to]) => textual(to)).join(", ")}], '')`,
  order: (x) =>
    `arrayStringConcat(arrayMap(part -> if(match(part, '^[0-9]'), concat(substring('00000000000000000000', 1, toUInt64(greatest(0, 20 - toInt32(length(part))))), part), part), extractAll(ifNull(${x}, ''), '[0-9]+|[^0-9]+')))`,
  joined: (texts) => `concat(${texts.join(", '|', ")})`,
  fingerprint: (columns) =>
    `toString(sum(cityHash64(${columns.flatMap((x) => [`assumeNotNull(${x})`, `isNull(${x})`]).join(", ")})))`,
  // By hashes, which take a fraction of the memory: of fifty million ids two share one in a case of ten thousand.
  repeated: (column, from) =>
    `select count() - uniqExact(cityHash64(assumeNotNull(${column}))) as n from (${from}) where ${column} is not null`,
  united: ({ from, columns, sound, group, order, words }) => {
    const row = `(${[...order, ...columns].join(", ")})`;
    const carried = columns.map((name, at) => `tupleElement(kvv_row, ${order.length + at + 1}) as ${name}`);
    const lists = words.map(([, list]) => `if(kvv_place = 1, kvv_all_${list}, emptyArrayString()) as ${list}`);
    const all = words.map(
      ([word, list]) => `arraySort(arrayFilter(each -> each != '', groupUniqArray(${word}))) as kvv_all_${list}`,
    );
    return `select ${[...carried, ...lists].join(", ")} from (
  select arraySort(groupArray(${row})) as kvv_rows, ${all.join(", ")}
  from (${from}) where ${sound} group by ${group}
) array join kvv_rows as kvv_row, arrayEnumerate(kvv_rows) as kvv_place
union all
select ${[...columns, ...words.map(([, list]) => `emptyArrayString() as ${list}`)].join(", ")} from (${from}) where not (${sound})`;
  },
};

function orNull(x: string, condition: string): string {
  return `if(${x} ${condition}, NULL, ${x})`;
}

/** ClickHouse, over HTTP: rows as lines of JSON, as the engine itself writes them. */
export const engine: Engine = {
  protocols: ["https:", "http:"],
  isSecure: ({ protocol }) => protocol === "https:",
  quoted: (name) => `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``,
  textual,
  dialect,
  async columns(question) {
    const { lines, close } = await ask({ ...question, sql: `describe table (${question.sql}\n)` });
    const found: SourceColumn[] = [];
    try {
      for await (const chunk of lines)
        for (const line of chunk.toString().split("\n").filter(Boolean)) {
          const { name, type } = JSON.parse(line) as { name: string; type: string };
          found.push({ name, type, kind: kindOf(type) });
        }
    } finally {
      close();
    }
    return found;
  },
  ask,
};

const kindOf = (type: string): SourceColumn["kind"] =>
  /^((Nullable|LowCardinality)\()*Date/.test(type)
    ? "date"
    : /^((Nullable|LowCardinality)\()*(Fixed)?String/.test(type)
      ? "text"
      : "other";

/** What an account may be kept from setting: without these a limit of its own would cut rows off in silence, and what is no number would be nothing. */
const strict = Object.fromEntries([
  ...["result", "read", "timeout", "group_by", "sort", "set", "join", "distinct"].map(
    (what) => [`${what}_overflow_mode`, "throw"] as const,
  ),
  ["output_format_json_quote_denormals", 1] as const,
  // What does not fit in its memory it puts on its disk.
  ["max_bytes_before_external_group_by", 500_000_000] as const,
  ["max_bytes_before_external_sort", 500_000_000] as const,
  // Words of a feed that is grouped stand in the query.
  ["max_query_size", 64 * 1024 * 1024] as const,
  ["max_ast_elements", 5_000_000] as const,
  ["max_expanded_ast_elements", 5_000_000] as const,
]);

async function ask(question: Question): Promise<Rows> {
  try {
    // 2: it reads only, and may still be told so.
    const seconds = Math.ceil(question.totalMs / 1000);
    return await askWith(question, { ...strict, readonly: "2", max_execution_time: seconds });
  } catch (error) {
    // An account that may set nothing only reads anyway.
    if (error instanceof SetNothing) return askWith(question, {});
    throw error;
  }
}

class SetNothing extends Error {}

async function askWith(question: Question, settings: Record<string, string | number>): Promise<Rows> {
  // Only whoever asks one waits for its client to be read.
  const { ClickHouseLogLevel, createClient } = await import("@clickhouse/client");
  const { address, sql, ca, totalMs, maxLineBytes } = question;
  const client = createClient({
    url: address.origin,
    username: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password),
    database: decodeURIComponent(address.pathname.slice(1)) || "default",
    request_timeout: totalMs,
    max_open_connections: 1,
    keep_alive: { enabled: false },
    // It would write the query, and what the engine says of it.
    log: { level: ClickHouseLogLevel.OFF },
    ...(engine.isSecure(address)
      ? { http_agent: new https.Agent({ rejectUnauthorized: true, ...(ca === null ? {} : { ca }) }) }
      : {}),
  });
  const gone = new AbortController();
  let stream: Readable | null = null;
  const stop = () => {
    gone.abort();
    // Once it answers the client no longer listens.
    stream?.destroy();
  };
  const limit = new Limit({ ...question, host: address.host }, stop);
  const close = () => {
    limit.done();
    stop();
    void client.close().catch(() => undefined);
  };
  const told = (error: unknown) => limit.reason ?? reasonOf(error as Error, address, question.holdsValues);
  try {
    const answer = await client.exec({
      query: `${sql}\nformat JSONEachRow`,
      abort_signal: gone.signal,
      clickhouse_settings: settings,
    });
    stream = answer.stream as Readable;
    limit.pause();
    return { lines: linesOf(stream), close };
  } catch (error) {
    close();
    if (/Cannot (?:override|modify).*readonly/.test((error as Error).message) && "readonly" in settings)
      throw new SetNothing();
    throw told(error);
  }

  async function* linesOf(rows: Readable): AsyncGenerator<Buffer, void, undefined> {
    limit.count();
    let rest: Buffer[] = [];
    let length = 0;
    try {
      for await (const chunk of rows as AsyncIterable<Buffer>) {
        const end = chunk.lastIndexOf(10) + 1;
        if (end > 0) yield onlyRows(Buffer.concat([...rest, chunk.subarray(0, end)]), address);
        if (end > 0) [rest, length] = [[], 0];
        rest.push(chunk.subarray(end));
        length += chunk.length - end;
        if (length > maxLineBytes)
          throw new Refusal(
            `a row has more than ${Math.round(maxLineBytes / 1024)} KB; leave long texts out, or raise KVV_MAX_LINE_KB`,
          );
      }
      // One that was broken off may end without a word.
      if (limit.reason) throw limit.reason;
      if (length > 0) yield onlyRows(Buffer.concat(rest), address);
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

/** By the engine's number of the error. */
const reasons: Record<string, string> = {
  "81": "has no such database",
  "192": "does not let the monitor in: is the user right?",
  "193": "does not let the monitor in: is the password right?",
  "194": "does not let the monitor in: is the password right?",
  "516": "does not let the monitor in: are user and password right?",
  "159": "gave the query up after KVV_SOURCE_SECONDS; make it quicker, or raise that",
  // Before its time: by what it has read so far it would take longer.
  "160": "gave the query up, which would take longer than KVV_SOURCE_SECONDS; make it quicker, or raise that",
  "202": "answers too many questions now",
  "241": "has not enough memory for the query",
};

/** Mistakes in a query: what the engine says of them are names. */
const mistakes = new Set(["46", "47", "53", "60", "62", "63", "164", "42", "43", "215"]);

export function reasonOf(error: Error & { code?: string }, address: URL, holdsValues = false): Error {
  if (error instanceof SourceFailure || error instanceof Refusal) return error;
  const { host } = address;
  // Old servers word it in a way that the client does not take apart.
  const [, number, said] = /^Code: (\d+)[.,].*?DB::Exception: (.*?)(, e\.what\(\)|$)/m.exec(error.message) ?? [];
  const code = number ?? error.code ?? "";
  if (reasons[code]) return new SourceFailure(`${host} ${reasons[code]}`, { again: code === "202" });
  const why = (said ?? error.message).split("\n")[0]!.slice(0, 300);
  if (code === "62" && error.message.includes("Max query size exceeded"))
    return new SourceFailure(
      `${host} does not take a query that is so long; give the account readonly 2, or a higher max_query_size`,
      { again: false },
    );
  if (mistakes.has(code) && why && !holdsValues)
    return new SourceFailure(`${host} refuses the query: ${why}`, { again: false });
  if (/^\d+$/.test(code)) return new SourceFailure(`${host} fails over the query (code ${code})`, { again: false });
  if (/Timeout error|aborted|socket hang up/i.test(error.message))
    return new SourceFailure(`${host} broke the connection off`);
  return inWords(error, host);
}

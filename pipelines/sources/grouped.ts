import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Column } from "../contracts/contract.ts";
import type { FoldedContract } from "../loading/fold.ts";
import type { Verdict } from "../loading/judge.ts";
import { Refusal } from "../problem.ts";
import type { Mapping } from "../reading/mapping.ts";
import { weightHeader } from "../reading/rows.ts";
import type { Engine, Question, Rows } from "./engine.ts";
import { planGrouping, type Plan } from "./grouping/plan.ts";
import { cellsSql, countsSql, repeatedSql, unreadSql, wordsSql, type Grouping, type Judged } from "./grouping/query.ts";
import type { Validators } from "./http.ts";

/** What grouping needs to know of the feed, and of the warehouse. */
export interface GroupedFeed {
  contract: FoldedContract;
  mapping: Mapping | null;
  /** Days within a month on which a unit came, went or moved. */
  bounds: string[];
  today: string;
  /** Whether all months are to come, whatever is known of them. */
  isFullDue: boolean;
  now: Date;
  /** Judges the values of a column, given as lines of JSON; of the filters for null. */
  judge(column: Column | null, lines: string[]): Promise<Verdict>;
}

/** What an engine has of a feed: cells of the months that changed, or nothing new. */
export type Grouped =
  | { unchanged: true }
  | {
      unchanged: false;
      lines: AsyncGenerator<Buffer, void, undefined>;
      /** First days of the months; null for all. */
      months: string[] | null;
      validators: Validators;
      close(): void;
    };

/** Most values of a column of codes or units, and most rows whose day cannot be read, that are looked at. */
const mostWords = 50_000;
const mostUnread = 1000;

/** Asks an engine for a feed's cells. Before that it tells how many events each month has, with a print of them: only those of months that changed since come. */
export async function openGrouped(
  engine: Engine,
  question: Question,
  asked: string,
  feed: GroupedFeed,
  before: Validators | null,
): Promise<Grouped> {
  const { contract, mapping, bounds, today } = feed;
  const plan = planGrouping(contract, mapping, await engine.columns({ ...question, sql: asked }));
  const grouping: Grouping = { engine, contract, plan, asked, bounds, today, judged: new Map() };
  // What the loader refuses stands in the query then.
  const ask = (sql: string) => engine.ask({ ...question, sql, holdsValues: grouping.judged.size > 0 });
  const isUnited = Object.keys(contract.fold.unites).length > 0;
  if (isUnited) grouping.judged = await judgeWords(grouping, feed, (sql) => rowsOf(ask(sql)));
  const counts = await countEvents(grouping, (sql) => rowsOf(ask(sql)));
  if (counts.prints.size === 0) throw new Refusal("there are no rows; what was loaded before stays");
  const key = hashOf([asked, mapping?.hash ?? "", ...lookupHashes(mapping), JSON.stringify(plan)]);
  const known = feed.isFullDue ? null : readState(before?.etag ?? null, key);
  const months = known && changedMonths(known, counts.prints);
  if (months?.length === 0) return { unchanged: true };
  await refuseRepeated(grouping, (sql) => rowsOf(ask(sql)));
  let open: Rows | null = await ask(cellsSql(grouping, months));
  const unread = [...counts.unread].filter(([month]) => !months || months.includes(month));
  const lines = async function* () {
    yield* open!.lines;
    if (unread.length === 0) return;
    open = await ask(unreadSql(grouping, months, mostUnread));
    const all = unread.reduce((sum, [, n]) => sum + n, 0);
    yield* withRest(open.lines, all, plan, contract.weight!);
  };
  const full = months ? before!.last_modified : feed.now.toISOString();
  return {
    unchanged: false,
    lines: lines(),
    months,
    validators: { etag: stateText(key, counts), last_modified: full },
    close: () => open?.close(),
  };
}

type Ask = (sql: string) => Promise<Record<string, unknown>[]>;

/** All rows of a short answer. */
async function rowsOf(asked: Promise<Rows>): Promise<Record<string, unknown>[]> {
  return (await linesOf(asked)).map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function linesOf(asked: Promise<Rows>): Promise<string[]> {
  const { lines, close } = await asked;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of lines) chunks.push(chunk);
  } finally {
    close();
  }
  return Buffer.concat(chunks).toString().split("\n").filter(Boolean);
}

/** Learns of which values the loader refuses a row, so that none that it refuses stands for the others of its group. */
async function judgeWords(grouping: Grouping, feed: GroupedFeed, ask: Ask): Promise<Map<string | null, Judged>> {
  const { plan, contract } = grouping;
  const judged = new Map<string | null, Judged>();
  const words = [
    ...plan.columns.map(({ column, word }) => [column, word] as const),
    ...(plan.filters ? [[null, plan.filters] as const] : []),
  ];
  for (const [column, word] of words) {
    const rows = await ask(wordsSql(grouping, word, mostWords + 1));
    if (rows.length > mostWords)
      throw new Refusal(
        `${column?.name ?? "what the filters look at"} has more than ${mostWords} different values, so it is no code or unit; mend that in the query`,
      );
    if (rows.length === 0) continue;
    const said = rows.map((row) => String(row.kvv_word));
    const verdict = await feed.judge(column, rows.map((row) => JSON.stringify(row))); // prettier-ignore
    judged.set(column?.name ?? null, {
      bad: verdict.bad.map((row) => said[row]!),
      periods: alike(verdict.periods, said),
      meanings: Object.values(contract.fold.unites).includes(column?.name ?? "")
        ? verdict.codes.map(({ row, codes }) => [said[row]!, codes])
        : [],
    });
  }
  return judged;
}

/** Words with the days on which they are units, those of the same days together. */
function alike(periods: Verdict["periods"], said: string[]): Judged["periods"] {
  const ofWord = new Map<string, [string, string][]>();
  for (const { row, from, to } of periods) ofWord.set(said[row]!, [...(ofWord.get(said[row]!) ?? []), [from, to]]);
  const found = new Map<string, Judged["periods"][number]>();
  for (const [word, days] of ofWord) {
    const key = JSON.stringify(days);
    const same = found.get(key) ?? { words: [], days };
    same.words.push(word);
    found.set(key, same);
  }
  return [...found.values()];
}

/** What an engine says of each month, by its first day; of those without a day under an empty text. */
interface Counts {
  /** How many events it has, with a print of them. */
  prints: Map<string, string>;
  /** How many of its events have another day that cannot be read. */
  unread: Map<string, number>;
}

async function countEvents(grouping: Grouping, ask: Ask): Promise<Counts> {
  const counts: Counts = { prints: new Map(), unread: new Map() };
  const rows = await ask(countsSql(grouping));
  for (const row of rows.sort((a, b) => Number(a.unread) - Number(b.unread))) {
    const month = String(row.month ?? "");
    const before = counts.prints.get(month);
    counts.prints.set(month, `${before ? `${before} ` : ""}${String(row.n)} ${String(row.print)}`);
    if (Number(row.unread) === 1) counts.unread.set(month, Number(row.n));
  }
  return counts;
}

/** The months that are to come, null for all; none where nothing has changed. What has no day changes no figure, and waits until all months come. */
function changedMonths(known: Counts["prints"], now: Counts["prints"]): string[] | null {
  const all = new Set([...known.keys(), ...now.keys()].filter(Boolean));
  const changed = [...all].filter((month) => known.get(month) !== now.get(month)).sort();
  // Where all of them are empty by now, a load of them would have no rows, and say nothing.
  return changed.length === 0 || changed.some((month) => now.has(month)) ? changed : null;
}

/** The prints that are remembered, as text; null where they are of another query or mapping. */
function readState(text: string | null, key: string): Counts["prints"] | null {
  if (text === null) return null;
  const state = JSON.parse(text) as { key: string; prints: Record<string, string> };
  return state.key === key ? new Map(Object.entries(state.prints)) : null;
}

const stateText = (key: string, { prints }: Counts) => JSON.stringify({ key, prints: Object.fromEntries(prints) });

/** Of the files that a mapping looks things up in: cells of the same events are others where these are. */
const lookupHashes = (mapping: Mapping | null): string[] =>
  Object.values(mapping?.lookups ?? {}).map(({ file }) => {
    try {
      return createHash("sha256").update(readFileSync(path.resolve(mapping!.folder, file))).digest("hex"); // prettier-ignore
    } catch {
      // The loader says what is wrong with it.
      return "";
    }
  });

const hashOf = (parts: string[]) => createHash("sha256").update(parts.join("\n")).digest("hex");

async function refuseRepeated(grouping: Grouping, ask: Ask): Promise<void> {
  const [found] = await ask(repeatedSql(grouping));
  const n = Number(found?.n ?? 0);
  if (n > 0)
    throw new Refusal(
      `${n} ${n === 1 ? "row repeats" : "rows repeat"} the id of another, and where events are grouped each row counts; give a query that has each id once`,
    );
}

/** Rows that stand for those whose day cannot be read, and one for all that are too many to come. */
async function* withRest(
  lines: AsyncGenerator<Buffer, void, undefined>,
  all: number,
  { days }: Plan,
  weight: string,
): AsyncGenerator<Buffer, void, undefined> {
  let told = 0;
  let last: Record<string, unknown> | null = null;
  for await (const chunk of lines) {
    for (const line of chunk.toString().split("\n").filter(Boolean)) {
      last = JSON.parse(line) as Record<string, unknown>;
      told += Number(last[weightHeader]);
    }
    yield chunk;
  }
  if (!last || told >= all) return;
  const rest = all - told;
  const unread = Object.fromEntries(days.map(({ column }) => [column.name, "…"]));
  yield Buffer.from(JSON.stringify({ ...last, ...unread, [weight]: rest, [weightHeader]: rest }) + "\n");
}

import { headerKeys } from "./definition-text.ts";
import type { WorkColumn, WorkFeed } from "./vocabulary.ts";

/** Something that may stand where somebody writes. */
export interface Suggestion {
  text: string;
  /** What it is, beside it. */
  detail: string;
  kind: "feed" | "column" | "value" | "key" | "word";
}

/** What may stand in a place; `from` is where the word begins that it takes the place of. */
export interface Suggestions {
  from: number;
  options: Suggestion[];
}

const choices: Record<string, string[]> = {
  kind: ["share", "rate", "count", "score", "cumulative", "coverage", "ratio", "duration", "change"],
  focus: ["connection", "inclusion", "discrimination", "composition"],
  polarity: ["up", "down", "balance", "neutral"],
  exposure: ["mean", "sum"],
  covered_by: ["all", "any"],
  interval: ["none"],
  stock: ["true", "false"],
  levels: ["force", "unit", "district", "service", "team", "bureau"],
  grains: ["month", "quarter", "half", "year", "r12", "target"],
};
export { choices };

const clauses = [
  ...["select", "from", "where", "group by", "filter ()", "and", "or", "not", "in ()", "is null", "is not null", "as"],
  ...["case when", "then", "else", "end", "join", "union all", "sum()", "count(*)", "coalesce()", "list_has_any()"],
];

/** What may stand at a place of a definition file. */
export function suggestionsAt(text: string, at: number, feeds: readonly WorkFeed[]): Suggestions | null {
  const end = text.search(/^---\*\/\s*$/m);
  if (text.startsWith("/*---") && (end < 0 || at <= end)) return inHeader(text, at);
  return inQuery(text.slice(0, at), text.slice(end < 0 ? 0 : end), feeds);
}

/** In the header: keys that are not there yet, and what a key may say. */
function inHeader(text: string, at: number): Suggestions | null {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const [, key, value] = /^(\w+):\s*(.*)$/.exec(line) ?? [];
  if (key) {
    const word = /[\w-]*$/.exec(value!)![0];
    const options = (choices[key] ?? []).map((each): Suggestion => ({ text: each, detail: "", kind: "value" }));
    return options.length > 0 ? { from: at - word.length, options } : null;
  }
  if (!/^\w*$/.test(line)) return null;
  const has = new Set([...text.matchAll(/^(\w+):/gm)].map(([, name]) => name));
  const options = headerKeys.filter((each) => !has.has(each));
  return {
    from: at - line.length,
    options: options.map((each) => ({ text: `${each}: `, detail: "", kind: "key" })),
  };
}

/** In the query: feeds after FROM and JOIN, values within quotes, else the columns of what is read. */
function inQuery(before: string, query: string, feeds: readonly WorkFeed[]): Suggestions | null {
  const at = before.length;
  const columns = columnsOf(query, feeds);
  const inText = /(\w+)\s*(?:=|<>|(?:not\s+)?in\s*\(|,\s*\[)[^()[\]]*?'([^']*)$/i.exec(lastText(before));
  if (inText) {
    const [, name, begun] = inText;
    const column = columns.find((each) => each.name === name!.toLowerCase());
    const options = (column?.values ?? []).map(({ code, called }): Suggestion => ({
      text: code,
      detail: called,
      kind: "value",
    }));
    return options.length > 0 ? { from: at - begun!.length, options } : null;
  }
  if (isInText(before)) return null;
  const word = /\w*$/.exec(before)![0];
  const from = at - word.length;
  const feedWords = feeds.map(({ feed, title }): Suggestion => ({ text: feed, detail: title.nl, kind: "feed" }));
  if (/\b(from|join)\s+\w*$/i.test(before)) return { from, options: feedWords };
  const columnWords = columns.map(({ name, called }): Suggestion => ({ text: name, detail: called, kind: "column" }));
  const plain = clauses.map((text): Suggestion => ({ text, detail: "", kind: "word" }));
  return { from, options: [...columnWords, ...plain] };
}

/** What stands before a place since the last condition began. */
const lastText = (before: string): string => before.slice(-400);

/** Whether a place is within quotes. */
const isInText = (before: string): boolean => (before.match(/'/g)?.length ?? 0) % 2 === 1;

/** The columns of the feeds that a query reads; of all where it reads none yet. */
function columnsOf(query: string, feeds: readonly WorkFeed[]): WorkColumn[] {
  const named = new Set([...query.matchAll(/\b(?:from|join)\s+(\w+)/gi)].map(([, name]) => name!.toLowerCase()));
  const read = feeds.filter(({ feed }) => named.has(feed));
  const all = (read.length > 0 ? read : feeds).flatMap(({ columns }) => columns);
  return all.filter((column, i) => all.findIndex(({ name }) => name === column.name) === i);
}

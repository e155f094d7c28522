/** A word, number, text or sign of a query, with its place. */
export interface Token {
  kind: "word" | "name" | "text" | "number" | "sign";
  /** Words in small letters; names and texts without their quotes. */
  value: string;
  from: number;
  to: number;
}

const patterns: readonly [Token["kind"] | "space" | "comment", RegExp][] = [
  ["space", /\s+/y],
  ["comment", /--[^\n]*|\/\*[^]*?\*\//y],
  ["word", /[a-z_][a-z0-9_]*/iy],
  ["name", /"(?:[^"]|"")*"/y],
  ["text", /'(?:[^']|'')*'/y],
  ["number", /\d+(?:\.\d+)?/y],
  ["sign", /<=|>=|<>|!=|[(),*=<>\-[\]]/y],
];

/** The tokens of a query and where its comments stand; null where it has signs that none of them is. */
export function tokensOf(sql: string): { tokens: Token[]; comments: number[] } | null {
  const tokens: Token[] = [];
  const comments: number[] = [];
  for (let at = 0; at < sql.length;) {
    const found = patterns.map(([kind, pattern]) => ({ kind, text: match(pattern, sql, at) })).find(({ text }) => text);
    if (!found) return null;
    const { kind, text } = found;
    if (kind === "comment") comments.push(at);
    else if (kind !== "space") tokens.push({ kind, value: valueOf(kind, text), from: at, to: at + text.length });
    at += text.length;
  }
  return { tokens, comments };
}

function match(pattern: RegExp, sql: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0] ?? "";
}

function valueOf(kind: Token["kind"], text: string): string {
  if (kind === "word") return text.toLowerCase();
  if (kind === "name") return text.slice(1, -1).replaceAll('""', '"');
  return kind === "text" ? text.slice(1, -1).replaceAll("''", "'") : text;
}

/** Words that mean something else unless they are quoted. */
const reserved = new Set(
  (
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default " +
    "deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect " +
    "into lambda lateral leading limit not null offset on only or order pivot placing primary qualify references returning " +
    "select show some summarize symmetric table then to trailing true union unique unpivot using variadic when where window with"
  ).split(" "),
);

/** A name as it stands in a query. */
export const named = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** A text as it stands in a query. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Whether a token can be a name where it stands. */
export const isName = (token: Token): boolean =>
  token.kind === "name" || (token.kind === "word" && !reserved.has(token.value));

import { LineCounter, parseDocument } from "yaml";
import { addItem, at, lineEndings, removeItem, setIn, valueOf, type Path, type Yaml } from "./yaml-splice.ts";

/** A definition file as text, with its two parts. The form and the text are one: each edit of the form is one of the text, and leaves all else as it stands. */
export interface DefinitionText {
  text: string;
  /** What the header says; null where it cannot be read, and then `fault` says where and why. */
  header: Record<string, unknown> | null;
  fault: { line: number; message: string } | null;
  /** The query without the space around it and the semicolon after it. */
  sql: string;
  /** Where header and query stand in the text. */
  at: { header: Span; sql: Span };
}

export interface Span {
  from: number;
  to: number;
}

const opening = "/*---";
const closing = "---*/";

/** The keys of a header in the order in which they are written. */
export const headerKeys = [
  ...["title", "question", "description", "why", "caveats", "sentence", "focus", "owner", "source", "kind", "stock"],
  ...["per", "exposure", "of", "least", "baseline", "interval", "covered_by", "polarity", "polarity_note"],
  ...["numerator", "denominator", "excluded", "waiting", "breakdowns", "levels", "grains", "decimals", "disclosure"],
  ...["chart", "version", "reviewed"],
] as const;

/** Reads a definition file; one whose header cannot be read has its query none the less. */
export function readDefinitionText(text: string): DefinitionText {
  const spans = spansOf(text);
  if (!spans) {
    const message = `begin with ${opening} on a line of its own, YAML, and ${closing} on a line`;
    return {
      text,
      header: null,
      fault: { line: 1, message },
      sql: text.trim(),
      at: { header: { from: 0, to: 0 }, sql: { from: 0, to: text.length } },
    };
  }
  const { header, sql } = spans;
  const yaml = text.slice(header.from, header.to);
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  const shared = { text, sql: text.slice(sql.from, sql.to), at: spans };
  if (error) {
    const fault = { line: 1 + lines.linePos(error.pos[0]).line, message: error.message };
    return { ...shared, header: null, fault };
  }
  try {
    const value = (document.toJS() ?? {}) as unknown;
    if (typeof value === "object" && !Array.isArray(value))
      return { ...shared, header: value as Record<string, unknown>, fault: null };
    return { ...shared, header: null, fault: { line: 2, message: "the header is no list of keys" } };
  } catch (thrown) {
    return { ...shared, header: null, fault: { line: 2, message: (thrown as Error).message } };
  }
}

/** Where header and query stand; null where the text has no such parts. */
function spansOf(text: string): DefinitionText["at"] | null {
  const first = /^\/\*---\r?\n/.exec(text);
  const last = /^---\*\/(\r?\n|$)/m.exec(first ? text.slice(first[0].length) : "");
  if (!first || !last) return null;
  const header = { from: first[0].length, to: first[0].length + last.index };
  const after = header.to + last[0].length;
  const query = /^\s*([^]*?)\s*$/.exec(text.slice(after))!;
  const from = after + (query[0].length - query[0].trimStart().length);
  const to = from + query[1]!.replace(/;$/, "").length;
  return { header, sql: { from, to } };
}

const edited = (definition: DefinitionText, part: "header" | "sql", insert: string): string => {
  const { from, to } = definition.at[part];
  return definition.text.slice(0, from) + insert + definition.text.slice(to);
};
const headerOf = ({ text, at: { header } }: DefinitionText): string => text.slice(header.from, header.to);

/** The text with a value in its header; undefined takes a key away. Where the header cannot be read nothing changes. */
export function setField(definition: DefinitionText, path: Path, value: Yaml | undefined): string {
  if (!definition.header) return definition.text;
  return edited(definition, "header", setIn(headerOf(definition), path, value, headerKeys));
}

/** The text with one more item in a list of its header. */
export function addField(definition: DefinitionText, path: Path, item: Yaml): string {
  if (!definition.header) return definition.text;
  return edited(definition, "header", addItem(headerOf(definition), path, item, headerKeys));
}

/** The text without an item of a list of its header. */
export function removeField(definition: DefinitionText, path: Path, index: number): string {
  if (!definition.header) return definition.text;
  return edited(definition, "header", removeItem(headerOf(definition), path, index));
}

/** The text with another query. */
export function setQuery(definition: DefinitionText, sql: string): string {
  const query = lineEndings(definition.text, sql.trim().replace(/;$/, ""));
  return query === definition.sql ? definition.text : edited(definition, "sql", query);
}

/** What the header says in a place; undefined where it says nothing. */
export const fieldOf = (definition: DefinitionText, path: Path): unknown => at(definition.header, path);

export { valueOf, type Path, type Yaml };

import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  Scalar,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import { isSame } from "./same.ts";

/** What YAML can say. */
export type Yaml = string | number | boolean | null | Yaml[] | { [key: string]: Yaml };
export type Path = readonly (string | number)[];

/** A piece of a text that something else takes the place of. */
interface Splice {
  from: number;
  to: number;
  insert: string;
}

/**
 * Edits of a YAML text that leave all else as it stands: layout, quotes, comments. Each is tried on the text and taken
 * only if it then says what it should, and nothing else has changed; so how a value is written can be guessed.
 */

/** The text with a value in its place: one that lacks is put after the last of `order` that goes before it, undefined takes it away. Throws where the text is no YAML. */
export function setIn(text: string, path: Path, value: Yaml | undefined, order: readonly string[] = []): string {
  const document = sound(text);
  const before = document.toJS() as unknown;
  const wanted = withValue(before, path, value);
  if (isSame(before, wanted)) return text;
  for (const splices of waysToSet(text, document, path, value, order)) {
    const result = apply(text, splices);
    if (says(result, wanted)) return result;
  }
  // What cannot be put in place is written anew with what is around it.
  if (path.length === 0) return lineEndings(text, rendered(wanted as Yaml).join("\n") + "\n");
  const around = path.slice(0, -1);
  return setIn(text, around, at(wanted, around) as Yaml, order);
}

/** The text with an item put into a list, at its end where no place is given. */
export function addItem(text: string, path: Path, item: Yaml, order: readonly string[] = []): string {
  const list = at(valueOf(text), path);
  const items = Array.isArray(list) ? list : [];
  const wanted = withValue(valueOf(text), path, [...items, item]);
  const node = nodeAt(parse(text), path);
  if (isSeq(node) && !node.flow && node.items.length > 0) {
    const last = node.items.at(-1) as Node;
    const indent = " ".repeat(columnOf(text, dashOf(text, last)));
    const end = endOfLine(text, last.range![1]);
    const lines = rendered(item).map((line, i) => `${indent}${i === 0 ? "- " : "  "}${line}\n`);
    const result = apply(text, [{ from: end.at, to: end.at, insert: end.lead + lineEndings(text, lines.join("")) }]);
    if (says(result, wanted)) return result;
  }
  return setIn(text, path, [...items, item], order);
}

/** The text without an item of a list; a list that has none left goes away. */
export function removeItem(text: string, path: Path, index: number): string {
  const list = at(valueOf(text), path);
  if (!Array.isArray(list) || index >= list.length) return text;
  const left = list.filter((_, i) => i !== index);
  if (left.length === 0) return setIn(text, path, undefined);
  const node = nodeAt(parse(text), path);
  if (isSeq(node) && !node.flow) {
    const item = node.items[index] as Node;
    const from = startOfLine(text, dashOf(text, item));
    const result = apply(text, [{ from, to: endOfLine(text, item.range![1]).at, insert: "" }]);
    if (says(result, withValue(valueOf(text), path, left))) return result;
  }
  return setIn(text, path, left);
}

/** What a YAML text says. Throws with the parser's words where it is none. */
export const valueOf = (text: string): unknown => sound(text).toJS() as unknown;

/** The parse of a text. Throws where it is no YAML. */
function sound(text: string): Document {
  const document = parse(text);
  const [error] = document.errors;
  if (error) throw error;
  return document;
}

const parse = (text: string): Document => parseDocument(text, { prettyErrors: false });

/** Whether a text says just this. */
function says(text: string, wanted: unknown): boolean {
  try {
    return isSame(valueOf(text) ?? null, wanted ?? null);
  } catch {
    return false;
  }
}

/** Ways to put a value into its place, the one that changes least first. */
function* waysToSet(
  text: string,
  document: Document,
  path: Path,
  value: Yaml | undefined,
  order: readonly string[],
): Generator<Splice[]> {
  if (path.length === 0) return;
  const node = nodeAt(document, path);
  const parent = nodeAt(document, path.slice(0, -1));
  const pair = isMap(parent) ? parent.items.find((each) => keyOf(each) === path.at(-1)) : undefined;
  if (value === undefined) {
    if (pair) yield* waysToRemove(text, parent!, pair);
    return;
  }
  if (node?.range && !(isMap(node) || isSeq(node))) yield* waysToReplace(text, node, value);
  else if (node?.range) yield* waysToReplaceWhole(text, node, value);
  else if (pair) yield* ends(text, pair, value);
  else if (isMap(parent)) yield* waysToAdd(text, parent, String(path.at(-1)), value, path.length === 1 ? order : []);
}

/** In the place of a single value, written as that was where it can be. */
function* waysToReplace(text: string, node: Node, value: Yaml): Generator<Splice[]> {
  const [from, to] = node.range!;
  const block = isScalar(node) && (node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL);
  if (block && isBlock(value)) {
    const indent = /\n( *)/.exec(text.slice(from, to))?.[1] ?? "";
    const insert = lineEndings(text, ["|", ...linesOf(value).map((line) => indent + line)].join("\n") + "\n");
    yield [{ from, to, insert }];
  }
  for (const written of waysToWrite(value, isScalar(node) ? node.type : undefined)) {
    yield [{ from, to, insert: block ? `${written}\n` : written }];
    // Where there is no value yet there is no space before it either.
    if (from === to) yield [{ from, to, insert: ` ${written}` }];
  }
}

/** In the place of a list or a map: part by part where it stays one, else as a whole. */
function* waysToReplaceWhole(text: string, node: Node, value: Yaml): Generator<Splice[]> {
  const [from, to] = node.range!;
  const tail = /\s*$/.exec(text.slice(from, to))![0];
  const flow = (isMap(node) || isSeq(node)) && node.flow;
  if (flow || value === null || typeof value !== "object") {
    yield [{ from, to: to - tail.length, insert: inFlow(value) }];
    return;
  }
  const indent = columnOf(text, from);
  const lines = rendered(value).map((line, i) => (i === 0 ? line : " ".repeat(indent) + line));
  yield [{ from, to: to - tail.length, insert: lineEndings(text, lines.join("\n")) }];
}

/** After a key that has nothing beside it. */
function* ends(text: string, pair: Pair, value: Yaml): Generator<Splice[]> {
  const key = pair.key as Node;
  const colon = text.indexOf(":", key.range![1]) + 1;
  for (const written of waysToWrite(value)) yield [{ from: colon, to: colon, insert: ` ${written}` }];
}

/** A key that a map lacks. */
function* waysToAdd(
  text: string,
  map: YAMLMap,
  key: string,
  value: Yaml,
  order: readonly string[],
): Generator<Splice[]> {
  const place = order.indexOf(key);
  const goesBefore = (pair: unknown) => place < 0 || order.indexOf(keyOf(pair)) < place;
  const before = map.items.filter(goesBefore).at(-1);
  const written = keyWritten(key);
  if (map.flow) {
    const last = map.items.at(-1);
    const [from, to] = map.range!;
    if (!last) yield [{ from, to, insert: `{ ${written}: ${inFlow(value)} }` }];
    else {
      const end = (last.value as Node | null)?.range?.[1] ?? (last.key as Node).range![1];
      yield [{ from: end, to: end, insert: `, ${written}: ${inFlow(value)}` }];
    }
    return;
  }
  const first = map.items[0];
  if (!first) return;
  const indent = " ".repeat(columnOf(text, (first.key as Node).range![0]));
  const lines = keyLines(written, value).map((line) => `${indent}${line}\n`);
  const insert = lineEndings(text, lines.join(""));
  if (before) {
    const end = endOfLine(text, endOfPair(before));
    yield [{ from: end.at, to: end.at, insert: end.lead + insert }];
  } else {
    const from = startOfLine(text, (first.key as Node).range![0]);
    yield [{ from, to: from, insert }];
  }
}

/** A key with its value, and what joined it to the others. */
function* waysToRemove(text: string, map: Node, pair: Pair): Generator<Splice[]> {
  const from = (pair.key as Node).range![0];
  const to = endOfPair(pair);
  if ((map as { flow?: boolean }).flow) {
    const after = /^\s*,\s*/.exec(text.slice(to))?.[0].length;
    if (after !== undefined) yield [{ from, to: to + after, insert: "" }];
    const before = /,\s*$/.exec(text.slice(0, from))?.[0].length;
    if (before !== undefined) yield [{ from: from - before, to, insert: "" }];
    return;
  }
  yield [{ from: startOfLine(text, from), to: endOfLine(text, to).at, insert: "" }];
}

const endOfPair = (pair: Pair): number => (pair.value as Node | null)?.range?.[1] ?? (pair.key as Node).range![1];

/** How a value may be written on a line, the way it was written before first. */
function waysToWrite(value: Yaml, was?: string): string[] {
  if (typeof value !== "string") return [inFlow(value)];
  const ways = {
    [Scalar.PLAIN]: value,
    [Scalar.QUOTE_SINGLE]: `'${value.replaceAll("'", "''")}'`,
    [Scalar.QUOTE_DOUBLE]: JSON.stringify(value),
  };
  const kept = ways[was as keyof typeof ways];
  // A plain text that is broken over lines, or looks like a comment, is not what was meant: that is tried, not foreseen.
  return [...(kept === undefined ? [] : [kept]), ways[Scalar.PLAIN], ways[Scalar.QUOTE_DOUBLE]];
}

/** A value as it stands within braces, on one line. */
function inFlow(value: Yaml): string {
  if (Array.isArray(value)) return `[${value.map(inFlow).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const pairs = Object.entries(value).map(([key, each]) => `${keyWritten(key)}: ${inFlow(each)}`);
    return pairs.length > 0 ? `{ ${pairs.join(", ")} }` : "{}";
  }
  if (typeof value !== "string") return String(value);
  return says(`[${value}]`, [value]) && says(`{ a: ${value} }`, { a: value }) ? value : JSON.stringify(value);
}

const keyWritten = (key: string): string => (says(`${key}: 1`, { [key]: 1 }) ? key : JSON.stringify(key));

/** So long a line may be before its parts stand under each other. */
const longest = 110;

/** A value in lines: short maps within braces, longer ones and lists of maps a line each. */
function rendered(value: Yaml): string[] {
  const isMaps = Array.isArray(value) && value.some((each) => each !== null && typeof each === "object");
  if (isMaps) return value.flatMap((each) => rendered(each).map((line, i) => `${i === 0 ? "- " : "  "}${line}`));
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [oneLine(value)];
  return Object.entries(value).flatMap(([key, each]) => keyLines(keyWritten(key), each));
}

/** A key with its value in lines, its indent left to whoever places it. */
function keyLines(key: string, value: Yaml): string[] {
  if (isBlock(value)) return [`${key}: |`, ...linesOf(value).map((line) => `  ${line}`)];
  const line = `${key}: ${oneLine(value)}`;
  const isEmpty = value === null || typeof value !== "object" || Object.keys(value).length === 0;
  const isShort = !/.[{]|\\n/.test(JSON.stringify(value)) && line.length <= longest;
  if (isEmpty || isShort || (Array.isArray(value) && !value.some((each) => typeof each === "object"))) return [line];
  return [`${key}:`, ...rendered(value).map((each) => `  ${each}`)];
}

/** Whether a text may stand in lines of its own, each as it is. */
const isBlock = (value: Yaml): value is string =>
  typeof value === "string" && /^\S[^\r\t]*\S\n$/.test(value) && !/\n\s*\n/.test(value);
const linesOf = (value: string): string[] => value.slice(0, -1).split("\n");

/** A value as it stands on a line of its own. */
function oneLine(value: Yaml): string {
  if (typeof value !== "string") return inFlow(value);
  return says(`a: ${value}`, { a: value }) ? value : JSON.stringify(value);
}

function apply(text: string, splices: Splice[]): string {
  return splices.reduce((result, { from, to, insert }) => result.slice(0, from) + insert + result.slice(to), text);
}

/** Where the line ends in which a part ends; `lead` is the line break that it lacks. */
function endOfLine(text: string, end: number): { at: number; lead: string } {
  // A part that is broken over lines ends after its last line break.
  if (end > 0 && text[end - 1] === "\n") return { at: end, lead: "" };
  const next = text.indexOf("\n", end);
  return next < 0 ? { at: text.length, lead: lineEndings(text, "\n") } : { at: next + 1, lead: "" };
}

const startOfLine = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;
const columnOf = (text: string, at: number): number => at - startOfLine(text, at);

/** Where the dash of a list's item stands. */
const dashOf = (text: string, item: Node): number => text.lastIndexOf("-", item.range![0] - 1);

/** Lines that end as those of the text do. */
export const lineEndings = (text: string, lines: string): string =>
  /\r\n/.test(text) ? lines.replace(/\r?\n/g, "\r\n") : lines;

function nodeAt(document: Document, path: Path): Node | undefined {
  if (path.length === 0) return (document.contents as Node | null) ?? undefined;
  return document.getIn(path, true) as Node | undefined;
}

const keyOf = (pair: unknown): string => (isPair(pair) && isScalar(pair.key) ? String(pair.key.value) : "");

/** A part of what a text says. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);
}

/** What a text says with another value in a place. */
function withValue(whole: unknown, path: Path, value: Yaml | undefined): unknown {
  if (path.length === 0) return value;
  const [key, ...rest] = path as [string | number, ...(string | number)[]];
  const inner = withValue((whole as Record<string, unknown> | null | undefined)?.[key], rest, value);
  if (Array.isArray(whole)) return whole.map((each: unknown, i) => (i === key ? inner : each));
  const others = whole !== null && typeof whole === "object" ? Object.entries(whole) : [];
  const isKnown = others.some(([name]) => name === key);
  const all = isKnown ? others.map(([name, each]) => [name, name === key ? inner : each]) : [...others, [key, inner]];
  return Object.fromEntries(all.filter(([, each]) => each !== undefined) as [string, unknown][]);
}

import { at, setIn, valueOf, type Yaml } from "./yaml-splice.ts";

/** A table in a text: names of columns, then a row a line, parted by spaces. Nothing is `-`. */
export interface ExampleTable {
  columns: string[];
  rows: string[][];
}

/** A worked example as it is written: a remark, the rows of its feeds, and the figures worked by hand. */
export interface ExampleText {
  text: string;
  /** Null where it cannot be read; `fault` says why. */
  example: {
    today: string;
    from: string;
    to: string;
    feeds: Record<string, ExampleTable>;
    expect: ExampleTable;
  } | null;
  fault: string | null;
}

export function readExampleText(text: string): ExampleText {
  let value: unknown;
  try {
    value = valueOf(text);
  } catch (error) {
    return { text, example: null, fault: (error as Error).message };
  }
  const said = (path: string[]) => at(value, path);
  const feeds = said(["feeds"]) ?? {};
  const all = typeof feeds === "object" ? Object.entries(feeds as Record<string, unknown>) : [];
  const example = {
    today: String(said(["today"]) ?? ""),
    from: String(said(["covers", "from"]) ?? ""),
    to: String(said(["covers", "to"]) ?? ""),
    feeds: Object.fromEntries(all.map(([feed, rows]) => [feed, readTable(String(rows ?? ""))])),
    expect: readTable(String(said(["expect"]) ?? "")),
  };
  return { text, example, fault: null };
}

/** Where a table stands: under a feed, or the figures. */
export type TablePlace = readonly ["feeds", string] | readonly ["expect"];

const order = ["today", "covers", "feeds", "expect"];

/** The text with another value beside a key. */
export const setExample = (text: string, path: readonly string[], value: Yaml): string =>
  setIn(text, path, value, order);

/** The text with a feed's table, or without it where there is none. */
export const setTable = (text: string, place: TablePlace, table: ExampleTable | null): string =>
  setIn(text, place, table ? writeTable(table, lineOf(text, place)) : undefined, order);

/** The lines of a table as they stand, so that those which say the same stay so. */
function lineOf(text: string, place: TablePlace): string[] {
  const standing = at(valueOf(text), place);
  return typeof standing === "string" ? standing.split("\n").filter((line) => line.trim() !== "") : [];
}

export function readTable(text: string): ExampleTable {
  const [columns = [], ...rows] = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.trim().split(/\s+/));
  // A row that is too short lacks what comes last.
  return { columns, rows: rows.map((row) => columns.map((_, i) => row[i] ?? "-")) };
}

/** A table with its columns under each other; where the lines that stand have room for it, they stay as they are. */
export function writeTable({ columns, rows }: ExampleTable, standing: readonly string[] = []): string {
  const lines = [columns, ...rows].map((row) => row.map((cell) => cell.trim().replaceAll(/\s+/g, "_") || "-"));
  const kept = keptLayout(lines, standing);
  if (kept) return `${kept.join("\n")}\n`;
  const widths = columns.map((_, i) => Math.max(...lines.map((row) => row[i]!.length)));
  return `${lines.map((row) => laidOut(row, starts(widths))).join("\n")}\n`;
}

const starts = (widths: number[]): number[] =>
  widths.map((_, i) => widths.slice(0, i).reduce((at, each) => at + each + 1, 0));

/** The lines with columns where the first line has them; null where something does not fit, or the columns differ. */
function keptLayout(lines: string[][], standing: readonly string[]): string[] | null {
  const [head] = standing;
  if (!head || head.trim().split(/\s+/).join(" ") !== lines[0]!.join(" ")) return null;
  const places = [...head.matchAll(/\S+/g)].map(({ index }) => index - head.search(/\S/));
  const before = new Map(standing.map((line) => [line.trim().split(/\s+/).join(" "), line.trim()]));
  const fits = (row: string[]) =>
    row.every((cell, i) => i === row.length - 1 || places[i]! + cell.length < places[i + 1]!);
  const kept = lines.map((row) => before.get(row.join(" ")) ?? (fits(row) ? laidOut(row, places) : null));
  return kept.every((line) => line !== null) ? kept : null;
}

const laidOut = (row: string[], places: number[]): string =>
  row.reduce((line, cell, i) => line.padEnd(places[i]!) + cell, "").trimEnd();

/** What a cell says; nothing is an empty text. */
export const cellText = (cell: string): string => (cell === "-" ? "" : cell);

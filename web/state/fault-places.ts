import { LineCounter, isMap, isScalar, parseDocument } from "yaml";
import type { DraftFault } from "../../pipelines/workbench/draft.ts";
import { headerKeys, type DefinitionText } from "./definition-text.ts";
import type { Condition, Measure, QueryForm } from "./query-form.ts";
import { targetColumns, type TargetColumn, type TargetLine } from "./targets-text.ts";

/** As the check of a draft says it, and as the engine does. */
const unknownColumn = /(?:Referenced column (?=.*not found)|^there is no column )"([^"]+)"/;

/** Where in the form a fault of a definition belongs: beside a key of the header, in one language of it where it says so, at the query, or at no field of its own. */
export type FaultPlace = { field: string; path: string } | { query: true } | null;

/** The first line of the query in its file, from 1 on. */
export const queryLine = ({ text, at }: DefinitionText): number => lineAt(text, at.sql.from);

/** The line of a place in a text, from 1 on. */
const lineAt = (text: string, at: number): number => text.slice(0, at).split("\n").length;

/** Where a fault of a definition belongs. */
export function placeOf(definition: DefinitionText, { line, message }: DraftFault): FaultPlace {
  const [, named] = /^(\w+(?:\.[\w-]+)*)(?::| lacks\b)/.exec(message) ?? [];
  const key = named?.split(".")[0];
  if (named && key && headerKeys.some((each) => each === key)) return { field: key, path: partOf(key, named) };
  const lacking = definition.header && lackingKey(message, String(definition.header.kind));
  if (lacking) return { field: lacking, path: lacking };
  if (line >= queryLine(definition) && definition.at.sql.to > 0) return { query: true };
  const field = keyAt(definition, line);
  return field ? { field, path: field } : null;
}

/** Parts of a key that have fields of their own; of the others the fault is the key's. */
const parts: Record<string, RegExp> = {
  version: /^version\.(number|valid_from|change(\.(nl|en))?)$/,
  baseline: /^baseline\.(from|to)$/,
  breakdowns: /^breakdowns\.\d+/,
  levels: /./,
  grains: /./,
  source: /./,
  of: /./,
};
const inWords = /^\w+\.(nl|en)$/;
const partOf = (key: string, named: string): string => ((parts[key] ?? inWords).test(named) ? named : key);

/** The key that is missing, where a fault stands at the one that needs it. */
function lackingKey(message: string, kind: string): string | null {
  if (/^say in polarity_note/.test(message)) return "polarity_note";
  if (/needs the denominator in words/.test(message)) return "denominator";
  if (/^a rate says how its exposure/.test(message)) return "exposure";
  if (/^a (?:coverage says which units|change says of which)/.test(message)) return "of";
  if (/^a change says since when/.test(message)) return "baseline";
  if (/^\w+ is a state at each month's end/.test(message)) return kind === "rate" ? "exposure" : "stock";
  return null;
}

/** Where in the form of a worked example a fault belongs: beside a day, or in a table, where it says so in a row (from 1 on) or a column of it. */
export type ExamplePlace =
  | { field: "today" | "from" | "to" }
  | { table: "expect"; row: null; column: string | null }
  | { table: "feeds"; feed: string; row: number | null; column: string | null };

/** Where a fault of a worked example belongs; null where in no field of its own. */
export function examplePlaceOf(message: string): ExamplePlace | null {
  const [, day] = /^(?:covers\.)?(today|from|to): /.exec(message) ?? [];
  if (day) return { field: day as "today" | "from" | "to" };
  const [figure, needed, strange] =
    /^(?:expect: |each figure needs its (\w+)|a figure has no field (\S+)|there are \d+ figures;|write a line of column names)/.exec(
      message,
    ) ?? [];
  if (figure !== undefined) return { table: "expect", row: null, column: needed ?? strange ?? null };
  const [, feed, row, column] =
    /^(\w+)(?:, row (\d+): | has no column (\S+)$| has \d+ rows;)/.exec(message) ??
    /^there is no feed "([^"]+)"/.exec(message) ??
    /^feeds\.(\w+): /.exec(message) ??
    [];
  return feed ? { table: "feeds", feed, row: row ? Number(row) : null, column: column ?? null } : null;
}

/** A part of the query that the form has a field for. */
export type QueryPart =
  "month" | "conditions" | "numerator" | "denominator" | "unknown" | "days" | "within" | "breakdowns";

/** To which part of a query that is a form a fault of it belongs; null where to none, or to several. */
export function queryPartOf(query: QueryForm, message: string): QueryPart | null {
  const [, column] = unknownColumn.exec(message) ?? [];
  if (column) {
    const found = Object.entries(columnsOf(query)).flatMap(([part, names]) => (names.includes(column) ? [part] : []));
    return found.length === 1 ? (found[0] as QueryPart) : null;
  }
  if (/^states of /.test(message)) return "month";
  if (/^column \S+ is neither part of a cell nor a breakdown/.test(message)) return "breakdowns";
  const [, name] =
    /^the query yields no column (\w+)/.exec(message) ??
    /^(\w+) is [^;]+; it must be/.exec(message) ??
    /^somebody counts \S+ times in (\w+),/.exec(message) ??
    /^a \w+ has no column (\w+)/.exec(message) ??
    [];
  const known: QueryPart[] = ["month", "numerator", "denominator", "unknown", "days", "within"];
  return known.find((each) => each === name) ?? null;
}

/** The columns of the feed that each part of a query names. */
function columnsOf(query: QueryForm): Record<QueryPart, string[]> {
  const named = (conditions: readonly Condition[]) =>
    conditions.flatMap((each) => (each.is === "days" ? [each.from, each.to] : [each.column]));
  const measured = (measure: Measure | null) =>
    measure ? [...(measure.of === "rows" ? [] : [measure.column]), ...named(measure.conditions)] : [];
  return {
    month: [query.month],
    conditions: named(query.conditions),
    numerator: measured(query.numerator),
    denominator: measured(query.denominator),
    unknown: measured(query.unknown),
    days: query.days ? [query.days.from, query.days.to] : [],
    within: named(query.within ?? []),
    breakdowns: query.breakdowns.map((each) => each.column),
  };
}

/** To which column of a line of targets a fault of it belongs; null where to none, or to several. */
export function targetColumnOf(message: string, target: TargetLine): TargetColumn | null {
  const [, formula] = /^("(?:[^"\\]|\\.)*") would be a formula/.exec(message) ?? [];
  if (formula) {
    const value = String(JSON.parse(formula));
    return targetColumns.find((column) => target[column].startsWith(value)) ?? null;
  }
  for (const [pattern, column] of targetFaults) if (pattern.test(message)) return column;
  const [, named] = /^(\w+)(?::| )/.exec(message) ?? [];
  return targetColumns.find((column) => column === named) ?? null;
}
const targetFaults: [RegExp, TargetColumn][] = [
  [/^kind within needs a tolerance/, "tolerance"],
  [/^an aim on one day needs/, "baseline_from"],
  [/^the baseline \(to/, "baseline_to"],
  [/ has no breakdown "/, "breakdown"],
  [/ has no value "|^breakdown_value without/, "breakdown_value"],
  [/^there is no source| speaks of /, "source"],
  [/^there is no indicator|^overlaps with/, "indicator_id"],
];

/** The key of the header in whose lines a line lies; null where several begin on it, so that only its words could tell. */
function keyAt({ text, at }: DefinitionText, line: number): string | null {
  const lines = new LineCounter();
  const yaml = text.slice(at.header.from, at.header.to);
  const { contents } = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  if (!isMap(contents)) return null;
  const first = lineAt(text, at.header.from);
  const keys = contents.items.flatMap(({ key }) =>
    isScalar(key) && key.range ? [{ name: String(key.value), line: first + lines.linePos(key.range[0]).line - 1 }] : [],
  );
  const name = keys.findLast((each) => each.line <= line)?.name;
  if (keys.filter((each) => each.line === line).length > 1) return null;
  return headerKeys.find((each) => each === name) ?? null;
}

/** Faults in the words of the check, and which of ours explain them. */
const explained: { kind: string; pattern: RegExp; values: string[] }[] = [
  {
    kind: "empty",
    pattern: /Too small: expected string to have >=1|expected string, received (undefined|null)/,
    values: [],
  },
  { kind: "missing", pattern: /expected \w+, received (?:undefined|null)/, values: [] },
  { kind: "none", pattern: /Too small: expected array/, values: [] },
  { kind: "unknownKey", pattern: /(\w+): unknown key$/, values: ["name"] },
  { kind: "yaml", pattern: /^not YAML/, values: [] },
  { kind: "choice", pattern: /Invalid (?:option|input: expected (?:one of|"))/, values: [] },
  { kind: "number", pattern: /write a number/, values: [] },
  { kind: "date", pattern: /write a date/, values: [] },
  { kind: "lacks", pattern: /^sentence\.\w+ lacks (\{\w+\})/, values: ["name"] },
  { kind: "placeholder", pattern: /^sentence\.\w+: (\{[^}]*\}) is none of/, values: ["name"] },
  { kind: "noColumn", pattern: /^the query yields no column (\w+)/, values: ["name"] },
  { kind: "strayColumn", pattern: /^column (\S+) is neither part of a cell nor a breakdown/, values: ["name"] },
  { kind: "kindColumn", pattern: /^a (\w+) has no column (\w+)/, values: ["kind", "name"] },
  { kind: "unknownColumn", pattern: unknownColumn, values: ["name"] },
  { kind: "noFeed", pattern: /there is no feed "([^"]*)"/, values: ["name"] },
  { kind: "state", pattern: /^(\w+) is a state at each month's end/, values: ["name"] },
  { kind: "exposure", pattern: /^a rate says how its exposure/, values: [] },
  { kind: "denominator", pattern: /needs the denominator in words/, values: [] },
  { kind: "polarityNote", pattern: /^say in polarity_note/, values: [] },
  { kind: "version", pattern: /is not that of version (\d+) as it was recorded/, values: ["number"] },
  { kind: "laterVersion", pattern: /^version (\d+) is recorded already/, values: ["number"] },
  { kind: "standingHome", pattern: /^version (\d+) stands already: write that number/, values: ["number"] },
  { kind: "standing", pattern: /^version (\d+) stands already with another text/, values: ["number"] },
  { kind: "filed", pattern: /^targets that were filed stay/, values: [] },
  { kind: "source", pattern: /^there is no source "([^"]*)"/, values: ["name"] },
  // Of targets.
  { kind: "formula", pattern: /^("(?:[^"\\]|\\.)*") would be a formula in a spreadsheet/, values: ["value"] },
  { kind: "overlaps", pattern: /^overlaps with line (\d+)/, values: ["line"] },
  { kind: "fromAfterTo", pattern: /^(?:baseline_)?from (\S+) is after (?:baseline_)?to (\S+)/, values: ["from", "to"] },
  { kind: "outsideDays", pattern: /^\w+ (\S+) does not lie from (\S+) to (\S+)/, values: ["day", "first", "last"] },
  { kind: "shareRange", pattern: /^value (\S+): a target of a (?:coverage|share) lies in/, values: ["value"] },
  { kind: "changeRange", pattern: /^value (\S+): a change cannot/, values: ["value"] },
  { kind: "negative", pattern: /^(?:value|tolerance) (\S+) is negative/, values: ["value"] },
  { kind: "whole", pattern: /^value (\S+): a number is whole/, values: ["value"] },
  { kind: "counted", pattern: /^kind number is for what is counted/, values: [] },
  { kind: "tolerance", pattern: /^kind within needs a tolerance/, values: [] },
  { kind: "otherGrain", pattern: /^grain \w+: \S+ has no such figures/, values: [] },
  { kind: "aimBaseline", pattern: /^an aim on one day needs/, values: [] },
  {
    kind: "lateBaseline",
    pattern: /^the baseline \(to (\S+)\) does not lie before the aim \((\S+)\)/,
    values: ["day", "aim"],
  },
  { kind: "noBreakdown", pattern: /^\S+ has no breakdown "([^"]*)"/, values: ["name"] },
  { kind: "noBreakdownValue", pattern: /^\S+ has no value "([^"]*)"/, values: ["name"] },
  { kind: "valueAlone", pattern: /^breakdown_value without/, values: [] },
  { kind: "paper", pattern: / speaks of .*, not of (\S+):/, values: ["unit"] },
  { kind: "grouped", pattern: /must appear in the GROUP BY clause/, values: [] },
  { kind: "syntax", pattern: /no SELECT that the engine can read|syntax error/i, values: [] },
  { kind: "notPermitted", pattern: /\bmay not\b|not permitted|not allowed/, values: [] },
];

/** What kind of fault this is, so that it can be explained in the reader's language; null where only its own words tell. */
export function kindOfFault(message: string): { kind: string; values: Record<string, string> } | null {
  for (const { kind, pattern, values } of explained) {
    const found = pattern.exec(message);
    if (found) return { kind, values: Object.fromEntries(values.map((name, i) => [name, found[i + 1] ?? ""])) };
  }
  return null;
}

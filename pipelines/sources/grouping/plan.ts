import { normalise, type Column, type Contract } from "../../contracts/contract.ts";
import type { FoldedContract } from "../../loading/fold.ts";
import { Refusal } from "../../problem.ts";
import { hasHeader, matchHeader } from "../../reading/header.ts";
import { headersOfSource, type Conditions, type Mapping, type Source } from "../../reading/mapping.ts";
import type { SourceColumn } from "./dialect.ts";
import { readFormat, usualFormats, type DayFormat } from "./formats.ts";

/** What is asked of an engine so that it can group a feed's events. Places are those in `values` and in `days`. */
export interface Plan {
  /** Columns that go on as they are. */
  values: SourceColumn[];
  /** Columns with days. */
  days: { column: SourceColumn; formats: DayFormat[] }[];
  /** The contract's dates, each with the days of which the first counts. */
  dates: { column: Column; places: number[] }[];
  id: Id;
  /** What several events belong to. */
  group: Id | null;
  /** By which the first of a group is found. */
  first: Id | null;
  /** What the contract's other columns are made of. */
  columns: { column: Column; word: Word }[];
  /** What the mapping's filters look at; null without any. */
  filters: Word | null;
}

/** An id: the first of these columns that has something, or all of them together. */
export interface Id {
  of: "first" | "all";
  columns: SourceColumn[];
}

/** Of what a value of the contract is made: columns, and of days only whether they are there. */
export interface Word {
  values: number[];
  days: number[];
}

interface Found {
  at: PropertyKey[];
  message: string;
}

/** Why events cannot be grouped by this mapping where they are. */
export function groupingFaults(contract: Contract, mapping: Mapping): Found[] {
  const found: Found[] = [];
  for (const key of ["keep", "unpivot", "spells"] as const)
    if (mapping[key] !== undefined)
      found.push({ at: [key], message: `${key} looks at single rows, and grouped ones come; do it in the query` });
  const { ids, dates } = namedHeaders(contract, mapping);
  const isLookup = lookupsOf(mapping);
  for (const column of contract.columns) {
    const source = mapping.columns[column.name];
    if (!source) continue;
    const at = ["columns", column.name];
    const add = (message: string) => found.push({ at, message: `${column.name}: ${message}` });
    if (column.name === contract.weight) add("rows that are counted already need no grouping; leave it or grouped out");
    else if (column.type === "id" || column.type === "date") {
      const plain = column.type === "id" ? ["from", "or", "key", "prefix"] : ["from", "or", "date_format"];
      const other = givenKeys(source).find((key) => !plain.includes(key));
      if (other) add(`${other} is not known where events are grouped; do it in the query`);
      if (headersOfSource(source).some(isLookup)) add("a second file is not known there; do it in the query");
      if (source.date_format !== undefined && !readFormat(source.date_format))
        add(`date_format "${source.date_format}" has more than %Y, %m, %d and times; make it a date in the query`);
    }
  }
  for (const { header, at, tests } of usesOf(contract, mapping)) {
    if (isLookup(header)) continue;
    if (ids.has(normalise(header)))
      found.push({
        at,
        message: `"${header}" is a number of its own for each event, and is not asked for where events are grouped; make a column of what it tells in the query`,
      });
    else if (dates.has(normalise(header)) && (tests === null || !tests.every(isPresence)))
      found.push({
        at,
        message: `"${header}" is a date, of which only the month is kept where events are grouped; test it for "*" or "", or make a column of what it tells in the query`,
      });
  }
  return found;
}

const givenKeys = (source: Source) =>
  Object.entries(source).flatMap(([key, value]) => (value === undefined || value === false ? [] : [key]));

const lookupsOf = (mapping: Mapping) => (header: string) =>
  Object.keys(mapping.lookups).some((name) => normalise(header).startsWith(normalise(`${name}.`)));

const isPresence = (test: Conditions[string]): boolean =>
  test === "*" || test === "" || (typeof test === "object" && "not" in test && (test.not === "*" || test.not === ""));

/** Headers of ids and of dates, as far as mapping and contract name them. */
function namedHeaders(contract: Contract, mapping: Mapping | null) {
  const ofType = (type: Column["type"]) =>
    new Set(
      contract.columns
        .filter((column) => column.type === type)
        .flatMap((column) => {
          const source = mapping?.columns[column.name];
          return source ? headersOfSource(source) : source === null ? [] : [column.name, ...column.aliases];
        })
        .map(normalise),
    );
  return { ids: ofType("id"), dates: ofType("date") };
}

/** What else than ids and dates is made of which headers; `tests` where they are only looked at. */
function usesOf(contract: Contract, mapping: Mapping) {
  const uses: { header: string; at: PropertyKey[]; tests: Conditions[string][] | null }[] = [];
  const conditions = (all: Conditions[], at: PropertyKey[]) =>
    all.forEach((each) =>
      Object.entries(each).forEach(([header, test]) => uses.push({ header, at: [...at], tests: [test] })),
    );
  for (const column of contract.columns) {
    const source = mapping.columns[column.name];
    if (!source || column.type === "id" || column.type === "date") continue;
    const at = ["columns", column.name];
    const taken = [source.from ?? [], source.or ?? [], source.key ?? [], (source.several ?? []).filter((part) => typeof part === "string")]; // prettier-ignore
    uses.push(...taken.flat().map((header) => ({ header, at, tests: null })));
    const choices = [...(source.several ?? []).filter((part) => typeof part !== "string"), ...(source.when ?? [])];
    conditions(choices.map((choice) => choice.if), at); // prettier-ignore
  }
  conditions(mapping.filters, ["filters"]);
  for (const [name, lookup] of Object.entries(mapping.lookups))
    uses.push(...Object.keys(lookup.key).map((header) => ({ header, at: ["lookups", name], tests: null })));
  return uses;
}

/** Finds what is needed among the columns that a source has. Refuses a source that lacks some, or whose rows are counts already. */
export function planGrouping(contract: FoldedContract, mapping: Mapping | null, columns: SourceColumn[]): Plan {
  const faults = mapping ? groupingFaults(contract, mapping) : [];
  if (faults.length > 0) throw new Refusal(`this mapping cannot be grouped: ${faults[0]!.message}`);
  const plan: Omit<Plan, "id" | "group" | "first"> = { values: [], days: [], dates: [], columns: [], filters: null };
  const headers = columns.map(({ name }) => name);
  const isLookup = mapping ? lookupsOf(mapping) : () => false;
  const find = (header: string): SourceColumn => {
    const place = headers.findIndex((each) => normalise(each) === normalise(header));
    if (place < 0)
      throw new Refusal(
        `the mapping names "${header}", but there are ${headers.map((each) => `"${each}"`).join(", ")}`,
      );
    return own(columns[place]!);
  };
  const unmapped = contract.columns.filter(({ name }) => mapping?.columns[name] === undefined);
  const matched = matchHeader({ ...contract, columns: unmapped }, headers);
  if (contract.weight && matched.has(contract.weight))
    throw new Refusal(
      `"${headers[matched.get(contract.weight)!]}" means ${contract.weight}: rows that are counts already need no grouping; leave grouped or that column out`,
    );
  /** The columns of which one of the contract is made; none where the source has it not. */
  const madeOf = (name: string) => {
    const source = mapping?.columns[name];
    if (source) return headersOfSource(source).filter((header) => !isLookup(header)).map(find); // prettier-ignore
    const place = matched.get(name);
    return place === undefined ? [] : [own(columns[place]!)];
  };
  const place = (column: SourceColumn, list: SourceColumn[]) => {
    if (!list.includes(column)) list.push(column);
    return list.indexOf(column);
  };
  const dayColumns: SourceColumn[] = [];
  for (const column of contract.columns.filter(({ type }) => type === "date")) {
    const found = madeOf(column.name);
    if (found.length === 0) continue;
    const format = mapping?.columns[column.name]?.date_format;
    const places = found.map((each) => place(each, dayColumns));
    places.forEach((at) => {
      plan.days[at] ??= { column: dayColumns[at]!, formats: format ? [readFormat(format)!] : usualFormats };
    });
    plan.dates.push({ column, places });
  }
  const lookupKeys = Object.values(mapping?.lookups ?? {}).flatMap((lookup) => Object.keys(lookup.key));
  const wordOf = (found: SourceColumn[]): Word => ({
    values: found.filter((each) => !dayColumns.includes(each)).map((each) => place(each, plan.values)),
    days: found.filter((each) => dayColumns.includes(each)).map((each) => dayColumns.indexOf(each)),
  });
  for (const column of contract.columns) {
    if (column.type === "id" || column.type === "date" || column.name === contract.weight) continue;
    const found = column.personal || column.free ? [] : madeOf(column.name);
    const looksUp = headersOfSource(mapping?.columns[column.name] ?? null).some(isLookup);
    const isConstant = mapping?.columns[column.name]?.constant !== undefined;
    if (found.length + (looksUp || isConstant ? 1 : 0) === 0) continue;
    plan.columns.push({ column, word: wordOf(looksUp ? [...found, ...lookupKeys.map(find)] : found) });
  }
  const filtered = mapping?.filters.flatMap((each) => Object.keys(each)) ?? [];
  if (filtered.length > 0) {
    const looksUp = filtered.some(isLookup);
    const own = filtered.filter((header) => !isLookup(header));
    plan.filters = wordOf([...own, ...(looksUp ? lookupKeys : [])].map(find));
  }
  // Whatever else a lookup is found by must come too: the mapping is applied to what comes.
  wordOf(lookupKeys.map(find));
  const idOf = (name: string | undefined): Id | null => {
    if (name === undefined) return null;
    const found = madeOf(name);
    return found.length === 0 ? null : { of: mapping?.columns[name]?.key ? "all" : "first", columns: found };
  };
  const id = idOf(contract.key[0]);
  if (!id) throw new Refusal(lacking(contract, contract.key[0]!, headers, "so that none is counted twice"));
  const { group, first } = contract.fold;
  const grouped = idOf(group);
  if (group !== undefined && !grouped && contract.columns.some(({ name, required }) => name === group && required))
    throw new Refusal(lacking(contract, group, headers, "since events of one count together"));
  for (const column of contract.columns)
    if (column.required && column.type !== "id" && !has(plan, column.name))
      throw new Refusal(lacking(contract, column.name, headers, "which every row must have"));
  return { ...plan, id, group: grouped, first: idOf(first) };
}

/** A column of the source; one that is called as ours are could be taken for one of these, an id among them. */
function own(column: SourceColumn): SourceColumn {
  if (normalise(column.name).startsWith("kvv "))
    throw new Refusal(`"${column.name}" is called as the monitor's own columns are; name it otherwise in the query`);
  return column;
}

const has = (plan: Pick<Plan, "dates" | "columns">, name: string) =>
  [...plan.dates, ...plan.columns].some(({ column }) => column.name === name);

function lacking(contract: Contract, name: string, headers: string[], why: string): string {
  const near = headers.filter((each) => !contract.columns.some((column) => hasHeader(contract, column.name, [each])));
  const list = near.slice(0, 20).map((each) => `"${each}"`).join(", "); // prettier-ignore
  return `there is no column for ${name}, ${why}${list ? `; not known here are ${list}` : ""}. Was one renamed? Name it in the query, or give a mapping`;
}

import { normalise, type Column, type Contract } from "../contracts/contract.ts";
import { Refusal } from "../problem.ts";

/** Whether a header means a column of the contract. */
export function knowsHeader(contract: Contract): (header: string) => boolean {
  const known = new Set(contract.columns.flatMap((column) => [column.name, ...column.aliases].map(normalise)));
  return (header) => known.has(normalise(header));
}

/** Whether one of the headers means the column. */
export function hasHeader(contract: Contract, name: string, header: string[]): boolean {
  const column = contract.columns.find((each) => each.name === name);
  const words = new Set([name, ...(column?.aliases ?? [])].map(normalise));
  return header.some((each) => words.has(normalise(each)));
}

/** Whether the column's name or one of its aliases stands somewhere in a text. */
export function mentionsColumn(column: Column, text: string): boolean {
  const spelled = normalise(text);
  return [column.name, ...column.aliases].some((word) => spelled.includes(normalise(word)));
}

/** The place of each of the contract's columns in the header, by name or alias; headers that mean nothing here are left out. Refuses a header in which two mean the same column and neither is its own name. */
export function matchHeader(contract: Contract, header: string[]): Map<string, number> {
  const places = new Map<string, number>();
  const spelled = header.map(normalise);
  for (const column of contract.columns) {
    const own = spelled.indexOf(normalise(column.name));
    if (own >= 0) {
      places.set(column.name, own);
      continue;
    }
    const aliases = new Set(column.aliases.map(normalise));
    const found = spelled.flatMap((name, i) => (aliases.has(name) ? [i] : []));
    if (found.length > 1)
      throw new Refusal(
        `headers ${found.map((i) => `"${header[i]}"`).join(" and ")} both mean ${column.name}; leave one out, or say in a mapping which counts`,
      );
    if (found[0] !== undefined) places.set(column.name, found[0]);
  }
  return places;
}

/** Refuses a file that lacks columns which every row must have; names all of them. */
export function requireColumns(contract: Contract, present: ReadonlySet<string>, header: string[]): void {
  const missing = contract.columns
    .filter((column) => column.required && !present.has(column.name))
    .filter((column) => !(column.unless && present.has(column.unless)))
    .map((column) => column.name);
  const sets = contract.one_of;
  if (sets.length > 0 && !sets.some((set) => set.every((name) => present.has(name))))
    missing.push(sets.map((set) => set.join(" and ")).join(", or "));
  if (missing.length === 0) return;
  throw new Refusal(
    `the header lacks ${missing.length === 1 ? "a required column" : `${missing.length} required columns`}: ${missing.join(", ")}. It has ${shownHeader(contract, header)}. Rename the headers, or give a mapping`,
  );
}

/** What is no header but a value: a number, a date, an amount. */
const isValue = (name: string) => /\d/.test(name) && /^[\d\s.,:/%€+-]+$/.test(name);

/** The headers for a message. Where a feed is about persons, or where values stand in the header's place, that may be a person's row: only headers that are known are shown. */
export function shownHeader(contract: Contract, header: string[], isKnown = knowsHeader(contract)): string {
  const named = header.map((name, i) => ({ name, column: i + 1 })).filter(({ name }) => name !== "");
  const isPersonal = contract.columns.some((column) => column.personal || column.person);
  const maybeRow = isPersonal || named.some(({ name }) => isValue(name) && !isKnown(name));
  const shown = maybeRow ? named.filter(({ name }) => isKnown(name)) : named;
  const hidden = named.filter((each) => !shown.includes(each)).map(({ column }) => column);
  const list = shown.slice(0, 40).map(({ name }) => `"${name}"`);
  if (hidden.length > 0)
    list.push(
      `${hidden.length} that ${hidden.length === 1 ? "is" : "are"} not known (column ${hidden.slice(0, 20).join(", ")})`,
    );
  return list.join(", ") || "none";
}

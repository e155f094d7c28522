import type { Contract, Words } from "../api.ts";

/** A column of a feed, as a query names it. */
export interface WorkColumn {
  name: string;
  type: string;
  /** What it is called in the files that come in. */
  called: string;
  /** Its codes, each with the word that the files have for it. */
  values: { code: string; called: string }[];
}

/** A feed that a query may read. */
export interface WorkFeed {
  feed: string;
  title: Words;
  grain: Words;
  columns: WorkColumn[];
  /** The date a row belongs to. */
  date: string;
  /** How many a row stands for. */
  weight: string | null;
}

/** What queries may name, from the contracts: columns that identify a person are never stored, so no query has them. */
export function vocabularyOf(contracts: readonly Contract[]): WorkFeed[] {
  return contracts.map(({ feed, title, grain, columns, date, weight }) => ({
    feed,
    title,
    grain,
    date,
    weight,
    columns: columns
      .filter((column) => !column.person)
      .map(({ name, type, aliases, values }) => ({
        name,
        type,
        called: aliases?.[0] ?? name.replaceAll("_", " "),
        values: Object.entries(values ?? {}).map(([code, words]) => ({ code, called: words[0] ?? code })),
      })),
  }));
}

export const feedNamed = (feeds: readonly WorkFeed[], name: string): WorkFeed | undefined =>
  feeds.find(({ feed }) => feed === name);

export const columnNamed = (feed: WorkFeed | undefined, name: string): WorkColumn | undefined =>
  feed?.columns.find((column) => column.name === name);

const ofDates = new Set(["date", "month_end", "year"]);
const ofNumbers = new Set(["integer", "decimal", "share"]);

export const isDate = ({ type }: WorkColumn): boolean => ofDates.has(type);
export const isNumber = ({ type }: WorkColumn): boolean => ofNumbers.has(type);
/** Has codes or texts, of which a condition names some. */
export const isText = ({ type }: WorkColumn): boolean => type === "code" || type === "text";

import writeXlsx from "write-excel-file/node";
import type { Column, Contract } from "../pipelines/contracts/contract.ts";
import type { Locale } from "./format.ts";

/** Columns that a sender fills in: people come as numbers of people, not by person. */
const columnsOf = (contract: Contract): Column[] => contract.columns.filter((column) => !column.person);

/** What a column is called in a file: its own name, or in Dutch the first word that the contract has for it; a word that a spreadsheet would take for a formula never. */
export function headerOf(column: Column, locale: Locale): string {
  const word = locale === "nl" ? column.aliases[0] : undefined;
  return word !== undefined && /^[\p{L}\p{N}]/u.test(word) && !/[;,"\t\r\n]/.test(word) ? word : column.name;
}

/** The header of a file of the feed, as spreadsheets of that language want it. */
export function templateCsv(contract: Contract, locale: Locale): string {
  const names = columnsOf(contract).map((column) => headerOf(column, locale));
  return locale === "nl" ? `\ufeff${names.join(";")}\r\n` : `${names.join(",")}\r\n`;
}

/** The same as a spreadsheet, with a second sheet that says what goes into each column. */
export function templateXlsx(contract: Contract, locale: Locale): Promise<Buffer> {
  const columns = columnsOf(contract);
  const words = text[locale];
  const bold = (value: string) => ({ value, type: String, fontWeight: "bold" as const });
  const plain = (value: string) => ({ value, type: String, wrap: true, alignVertical: "top" as const });
  const fill = columns.map((column) => bold(headerOf(column, locale)));
  const explained = columns.map((column) =>
    [
      headerOf(column, locale),
      column.name,
      words.types[column.type],
      required(contract, column, locale),
      allowed(column, locale),
      column.aliases.filter((alias) => alias !== headerOf(column, locale)).join(", "),
    ].map(plain),
  );
  return writeXlsx([
    {
      sheet: sheetName(contract.title[locale]),
      data: [fill],
      columns: columns.map((column) => ({ width: Math.max(12, headerOf(column, locale).length + 2) })),
      stickyRowsCount: 1,
    },
    {
      sheet: words.sheet,
      data: [
        [plain(contract.description[locale])],
        [plain(`${words.row}: ${contract.grain[locale]}`)],
        [],
        words.heads.map(bold),
        ...explained,
      ],
      columns: [24, 18, 34, 36, 60, 40].map((width) => ({ width })),
    },
  ]).toBuffer();
}

const text = {
  nl: {
    sheet: "Uitleg",
    row: "Een rij is",
    heads: ["Kolomkop", "Naam in de monitor", "Wat erin komt", "Verplicht", "Toegestane waarden", "Ook herkend als"],
    yes: "ja",
    no: "nee",
    unless: (column: string) => `ja, behalve als ${column} is ingevuld`,
    together: (sets: string) => `nodig: ${sets}`,
    and: " en ",
    or: ", of ",
    least: "ten minste",
    most: "ten hoogste",
    empty: "leeg telt als",
    types: {
      text: "tekst",
      code: "een van de toegestane waarden",
      codes: "een of meer waarden, met | ertussen",
      unit: "code of naam van een eenheid",
      date: "datum, zoals 31-12-2016",
      month_end: "maand, zoals 31-12-2016 of 2016-12",
      year: "jaar, zoals 2016",
      integer: "geheel getal",
      decimal: "getal, zoals 12,5",
      share: "percentage of aandeel, zoals 25% of 0,25",
      id: "nummer of kenmerk; wordt alleen versleuteld bewaard",
    } satisfies Record<Column["type"], string>,
  },
  en: {
    sheet: "Explanation",
    row: "A row is",
    heads: ["Header", "Name in the monitor", "What goes in", "Required", "Allowed values", "Also known as"],
    yes: "yes",
    no: "no",
    unless: (column: string) => `yes, unless ${column} is filled in`,
    together: (sets: string) => `needed: ${sets}`,
    and: " and ",
    or: ", or ",
    least: "at least",
    most: "at most",
    empty: "empty counts as",
    types: {
      text: "text",
      code: "one of the allowed values",
      codes: "one or more values, with | between them",
      unit: "code or name of a unit",
      date: "date, such as 2016-12-31",
      month_end: "month, such as 2016-12-31 or 2016-12",
      year: "year, such as 2016",
      integer: "whole number",
      decimal: "number, such as 12.5",
      share: "percentage or share, such as 25% or 0.25",
      id: "number or mark; kept only as a hash",
    } satisfies Record<Column["type"], string>,
  },
};

/** Whether a row must have the column, in words. */
function required(contract: Contract, column: Column, locale: Locale): string {
  const words = text[locale];
  const called = (name: string) =>
    headerOf(
      contract.columns.find((each) => each.name === name)!,
      locale,
    );
  const other = contract.columns.find((each) => each.name === column.unless);
  if (column.required) return other && !other.person ? words.unless(called(other.name)) : words.yes;
  if (!contract.one_of.some((set) => set.includes(column.name))) return words.no;
  return words.together(contract.one_of.map((set) => set.map(called).join(words.and)).join(words.or));
}

/** The codes with the words that mean the same, and the bounds of a number. */
function allowed(column: Column, locale: Locale): string {
  const words = text[locale];
  const codes = Object.entries(column.values ?? {}).map(([code, aliases]) =>
    aliases.length > 0 ? `${code} (${aliases.join(", ")})` : code,
  );
  const bounds = [
    ...(column.min === undefined ? [] : [`${words.least} ${column.min}`]),
    ...(column.max === undefined ? [] : [`${words.most} ${column.max}`]),
    ...(column.default === undefined ? [] : [`${words.empty} ${column.default}`]),
  ];
  return [...codes, ...bounds].join("; ");
}

/** Spreadsheets allow 31 characters and not all of them. */
const sheetName = (title: string): string => title.replace(/[[\]:*?/\\]/g, " ").slice(0, 31);

import type { AboutLine } from "./about.ts";
import type { Locale } from "./format.ts";
import { isoDay, isoTime, isValid, type Column, type Field, type Table } from "./table.ts";

/** Characters with which a spreadsheet begins a formula. */
const formula = /^[=+\-@\t\r]/;

/** Rows as RFC 4180. In Dutch with semicolons, decimal commas and a byte order mark, as spreadsheets there want it; a text that a spreadsheet would take for a formula gets an apostrophe before it. Lines about the rows come first, each after a `#`. */
export async function* writeCsv(table: Table, locale: Locale, about: AboutLine[] = []): AsyncGenerator<string> {
  const separator = locale === "nl" ? ";" : ",";
  const quoted = new RegExp(`["\\r\\n${separator}]`);
  const text = (value: string) => quote(formula.test(value) ? `'${value}` : value, quoted);
  const number = (value: number) => (locale === "nl" ? String(value).replace(".", ",") : String(value));
  const first = about.map((line) => `# ${line.label}: ${line.text.replace(/\s+/g, " ")}\r\n`).join("");
  yield (
    (locale === "nl" ? "\ufeff" : "") + first + table.fields.map((field) => text(field.name)).join(separator) + "\r\n"
  );
  for await (const batch of table.batches) {
    const cells = batch.columns.map((column, index) =>
      cellWriter(table.fields[index]!, column, text, (value) => quote(number(value), quoted)),
    );
    let lines = "";
    for (let row = 0; row < batch.length; row++) {
      cells.forEach((cell, index) => (lines += (index ? separator : "") + cell(row)));
      lines += "\r\n";
    }
    if (lines) yield lines;
  }
}

const quote = (text: string, quoted: RegExp): string => (quoted.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Writes a row's cell; a cell without a value is empty. */
function cellWriter(
  field: Field,
  column: Column,
  text: (value: string) => string,
  number: (value: number) => string,
): (row: number) => string {
  switch (column.kind) {
    case "text":
    case "json":
      return (row) => optional(column.values[row], text);
    case "texts":
      return (row) => optional(column.values[row], (list) => text(list.join("|")));
    case "numbers":
      return (row) => optional(column.values[row], (list) => list.map((each) => optional(each, number)).join("|"));
    case "coded": {
      const words = field.words!.map(text);
      return (row) => (isValid(column.valid, row) ? words[column.values[row]!]! : "");
    }
    case "number":
      return (row) => {
        const value = column.values[row]!;
        return isValid(column.valid, row) && Number.isFinite(value) ? number(value) : "";
      };
    case "boolean":
      return (row) => (isValid(column.valid, row) ? String(column.values[row] === 1) : "");
    case "date":
      return (row) => (isValid(column.valid, row) ? isoDay(column.values[row]!) : "");
    case "timestamp":
      return (row) => (isValid(column.valid, row) ? isoTime(column.values[row]!) : "");
  }
}

const optional = <T>(value: T | null | undefined, write: (value: T) => string): string =>
  value === null || value === undefined ? "" : write(value);

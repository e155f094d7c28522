import type { Language } from "../format.ts";

/** A cell of a table that goes to a file: a text, a number, a share (0..1), a day as ISO date, or nothing. */
export type Cell = string | number | { share: number } | { day: string } | null;

/** A table with one line of column names. */
export interface Sheet {
  columns: string[];
  rows: Cell[][];
  /** What the rows are of and what they mean: a word and a text. */
  about?: [string, string][];
}

/** As the server writes CSV: in Dutch with semicolons, decimal commas and a byte order mark; no text that a spreadsheet would take for a formula; what it is about first, after a `#`. */
export function sheetCsv({ columns, rows, about = [] }: Sheet, language: Language): string {
  const separator = language === "nl" ? ";" : ",";
  const quoted = new RegExp(`["\\r\\n${separator}]`);
  const quote = (text: string) => (quoted.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const number = (value: number) => {
    const text = String(Number(value.toFixed(6)));
    return language === "nl" ? text.replace(".", ",") : text;
  };
  const cell = (value: Cell): string => {
    if (value === null) return "";
    if (typeof value === "number") return quote(number(value));
    if (typeof value === "string") return quote(safe(value));
    return "day" in value ? value.day : quote(number(value.share));
  };
  const lines = [columns, ...rows].map((row) => row.map(cell).join(separator));
  const first = about.map(([word, text]) => `# ${word}: ${text.replace(/\s+/g, " ")}\r\n`).join("");
  return `${language === "nl" ? "\ufeff" : ""}${first}${lines.join("\r\n")}\r\n`;
}

const safe = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** As a workbook, what it is about on a second sheet; its maker is fetched when it is asked for. */
export async function sheetXlsx({ columns, rows, about = [] }: Sheet, name: string, aboutName: string): Promise<Blob> {
  const { default: write } = await import("write-excel-file/browser");
  const head = columns.map((value) => ({ value, type: String, fontWeight: "bold" as const, wrap: true }));
  const body = rows.map((row) =>
    row.map((value) => {
      if (value === null) return null;
      if (typeof value === "number") return { value, type: Number };
      if (typeof value === "string") return { value, type: String, wrap: true };
      if ("day" in value) return { value: new Date(`${value.day}T00:00:00Z`), type: Date, format: "yyyy-mm-dd" };
      return { value: value.share, type: Number, format: "0.0%" };
    }),
  );
  const widths = columns.map((_, index) => ({ width: index === 0 ? 42 : 16 }));
  const sheet = { sheet: name.slice(0, 31), data: [head, ...body], columns: widths, stickyRowsCount: 1 };
  const explained = about.map((line) =>
    line.map((value) => ({ value, type: String, wrap: true, alignVertical: "top" as const })),
  );
  const second = { sheet: aboutName, data: explained, columns: [{ width: 42 }, { width: 90 }] };
  return write(about.length ? [sheet, second] : [sheet]).toBlob();
}

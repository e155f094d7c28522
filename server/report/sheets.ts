import writeXlsx from "write-excel-file/node";
import type { Locale } from "../format.ts";
import { sheetText } from "../sheet-text.ts";

/** What a cell holds: text (always a text, whatever it begins with), a number with its form, or a day. */
export type SheetCell = string | { number: number | null; form: string } | { day: string | null } | null;

export interface Sheet {
  /** At most 31 characters, without : \ / ? * [ ]. */
  name: string;
  /** Lines above the table; the first is its title. */
  head?: string[];
  columns: { title: string; width: number }[];
  rows: SheetCell[][];
}

/** Columns with their widths, in letters. */
export const columnsOf = (columns: readonly (readonly [title: string, width: number])[]): Sheet["columns"] =>
  columns.map(([title, width]) => ({ title, width }));

type LibraryCell = Record<string, unknown> | null;

/** Sheets as one workbook. */
export function makeSheets(sheets: readonly Sheet[], locale: Locale): Promise<Uint8Array> {
  return writeXlsx(
    sheets.map(({ name, head = [], columns, rows }) => ({
      sheet: name,
      stickyRowsCount: head.length + 1,
      columns: columns.map(({ width }) => ({ width })),
      data: [
        ...head.map((text, index): LibraryCell[] => [textCell(text, index === 0 ? { fontWeight: "bold" } : {})]),
        columns.map(({ title }) => textCell(title, { fontWeight: "bold", wrap: true })),
        ...rows.map((row) => row.map((cell) => cellOf(cell, locale))),
      ] as never,
    })),
  ).toBuffer();
}

function cellOf(cell: SheetCell, locale: Locale): LibraryCell {
  if (cell === null || cell === "") return null;
  if (typeof cell === "string") return textCell(cell, { wrap: true });
  if ("number" in cell)
    return cell.number === null ? null : { value: cell.number, type: Number, format: cell.form, alignVertical: "top" };
  if (cell.day === null) return null;
  const format = locale === "nl" ? "dd-mm-yyyy" : "yyyy-mm-dd";
  return { value: new Date(`${cell.day}T00:00:00Z`), type: Date, format, alignVertical: "top" };
}

function textCell(text: string, style: Record<string, unknown> = {}): LibraryCell {
  return { value: sheetText(text), type: String, format: "@", alignVertical: "top", ...style };
}

/** How a spreadsheet writes the values of an indicator. */
export function formOf({ kind, decimals }: { kind: string; decimals: number }): string {
  const digits = decimals > 0 ? `.${"0".repeat(decimals)}` : "";
  return ["share", "score", "coverage", "change"].includes(kind) ? `0${digits}%` : `#,##0${digits}`;
}

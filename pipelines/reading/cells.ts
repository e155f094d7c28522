import { numberText } from "./machine.ts";

/** How the number of a cell is shown, as far as it says what the number is. */
export type CellFormat = { kind: "number" } | { kind: "date" } | { kind: "percent"; decimals: number };

/** Formats that are numbered in every spreadsheet: dates, and 0% and 0.00%. */
const knownFormats: [from: number, to: number, format: CellFormat][] = [
  [9, 9, { kind: "percent", decimals: 0 }],
  [10, 10, { kind: "percent", decimals: 2 }],
  [14, 17, { kind: "date" }],
  [22, 22, { kind: "date" }],
  [27, 31, { kind: "date" }],
  [36, 36, { kind: "date" }],
  [50, 54, { kind: "date" }],
  [57, 58, { kind: "date" }],
];

export const knownFormat = (id: number): CellFormat =>
  knownFormats.find(([from, to]) => id >= from && id <= to)?.[2] ?? { kind: "number" };

/** What a written format says: `d-m-yyyy` is a date, `0.0%` a percentage with one decimal. */
export function readFormat(code: string): CellFormat {
  const bare = code
    .replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, "")
    .split(";")[0]!
    .toLowerCase();
  if (/general/.test(bare)) return { kind: "number" };
  if (/[dy]|m{3}|m.*[/-]/.test(bare)) return { kind: "date" };
  if (!bare.includes("%")) return { kind: "number" };
  return { kind: "percent", decimals: /\.([0#?]+)/.exec(bare)?.[1]?.length ?? 0 };
}

const day = 86_400_000;

/** A date as ISO text, with its time where it has one; NULL where no calendar has it. */
export function dateText(serial: number, since1904: boolean): string | null {
  if (!(serial >= 1) || serial >= 2_958_466) return null;
  // Spreadsheets think that 1900 was a leap year.
  const epoch = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  const iso = new Date(epoch + Math.round((serial * day) / 1000) * 1000).toISOString();
  return iso.endsWith("T00:00:00.000Z") ? iso.slice(0, 10) : iso.slice(0, 19).replace("T", " ");
}

/** A number as text, without what its last binary digits make of it. */
export const plainNumber = (value: number): string => numberText(String(Number(value.toPrecision(15))));

/** A percentage as it is shown, where that is the number; else the number: no digit is lost. */
export function percentText(value: number, decimals: number): string {
  const shown = (value * 100).toFixed(Math.min(decimals, 20));
  const same = Math.abs(Number(shown) - value * 100) <= Math.abs(value) * 1e-11;
  return same ? `${numberText(shown)}%` : plainNumber(value);
}

/** The text of a cell with a number. */
export function numberCell(text: string, format: CellFormat, since1904: boolean): string {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return text;
  if (format.kind === "date") return dateText(value, since1904) ?? plainNumber(value);
  return format.kind === "percent" ? percentText(value, format.decimals) : plainNumber(value);
}

/** The place of a cell from a reference such as `B12`; undefined for what is none. */
export function parseReference(reference: string): { column: number; row: number } | undefined {
  const found = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference);
  if (!found) return undefined;
  let column = 0;
  for (const letter of found[1]!) column = column * 26 + letter.charCodeAt(0) - 64;
  return { column: column - 1, row: Number(found[2]) };
}

/** The letters of a column, counted from 0. */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

import { readFileSync } from "node:fs";
import path from "node:path";

const folder = path.join(import.meta.dirname, "..", "oracles");

/** A file of reference values; test/oracles/README.md says whose. */
export const oracle = <T>(name: string): T => JSON.parse(readFileSync(path.join(folder, name), "utf8")) as T;

/** The rows of a file of reference values. Headings may hold line breaks; texts may be quoted. */
export function oracleRows(name: string): Record<string, string>[] {
  const text = readFileSync(path.join(folder, name), "utf8").replace(/^\uFEFF/, "");
  const cells = [...text.matchAll(/(?:"([^"]*)"|([^",\r\n]*))(,|\r?\n|$)/g)]
    .filter(({ index }) => index < text.length)
    .map(([, quoted, plain, end]) => ({ cell: (quoted ?? plain!).trim(), isLast: end !== "," }));
  const width = cells.findIndex(({ isLast }) => isLast) + 1;
  const head = cells.slice(0, width).map(({ cell }) => cell);
  const rows: Record<string, string>[] = [];
  for (let i = width; i < cells.length; i += width)
    rows.push(Object.fromEntries(head.map((each, j) => [each, cells[i + j]!.cell])));
  return rows;
}

/** A column of numbers. */
export const numbersOf = (rows: Record<string, string>[], name: string): number[] =>
  rows.map((row) => {
    const number = Number(row[name]);
    if (row[name] === undefined || row[name] === "" || Number.isNaN(number))
      throw new Error(`no ${name}: ${row[name]}`);
    return number;
  });

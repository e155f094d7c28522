import { readFileSync } from "node:fs";
import { CsvError, parse } from "csv-parse/sync";
import type { z } from "zod";
import type { Fault } from "./yaml-file.ts";

/** A sound line of a file of the configuration. */
export interface Line<T> {
  line: number;
  value: T;
}

/** Reads a CSV file of the configuration and checks each line against a schema; every fault of every line at once. */
export const readCsv = <S extends z.ZodType>(
  file: string,
  schema: S,
): { lines: Line<z.output<S>>[]; faults: Fault[] } => parseCsv(readFileSync(file), file, schema);

/** The same of a text; `file` is what it is called in faults. */
export function parseCsv<S extends z.ZodType>(
  text: string | Buffer,
  file: string,
  schema: S,
): { lines: Line<z.output<S>>[]; faults: Fault[] } {
  let records: { info: { lines: number }; record: Record<string, string> }[];
  try {
    records = parse(text, { columns: true, info: true, bom: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { lines: [], faults: [{ file, line: Number(error.lines ?? 1), message: error.message }] };
  }
  const lines: Line<z.output<S>>[] = [];
  const faults: Fault[] = [];
  for (const { info, record } of records) {
    const parsed = schema.safeParse(record);
    if (parsed.success) lines.push({ line: info.lines, value: parsed.data });
    else faults.push(...parsed.error.issues.map((issue) => ({ file, line: info.lines, message: inWords(issue) })));
  }
  return { lines, faults };
}

function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `unknown columns: ${issue.keys.join(", ")}`;
  const name = issue.path.join(".");
  return issue.code === "invalid_type" ? `there is no column ${name}` : `${name}: ${issue.message}`;
}

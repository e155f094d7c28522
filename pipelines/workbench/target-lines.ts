import { CsvError, parse } from "csv-parse/sync";

interface Read {
  record: string[];
  raw: string;
}

/** The lines of a file of targets as they stand: the header, and the others by indicator. None where it is no CSV. */
export function linesOf(text: string): { header: string; lines: { id: string; raw: string }[] } {
  let read: Read[];
  try {
    read = parse(text, { raw: true, bom: true, skip_empty_lines: true, relax_column_count: true }) as unknown as Read[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { header: "", lines: [] };
  }
  const [head, ...rest] = read;
  return {
    header: head?.raw.trim() ?? "",
    lines: rest.map(({ record, raw }) => ({ id: record[0] ?? "", raw: raw.trim() })),
  };
}

/** Lines of an indicator in a file of targets, as they stand. */
export const linesAbout = (text: string, id: string): string[] =>
  linesOf(text)
    .lines.filter((line) => line.id === id)
    .map(({ raw }) => raw);

/** A file of targets in which the lines of an indicator are those of another text, all of them; the others stay as they were. */
export function withLines(file: string, id: string, own: string): string {
  const { lines } = linesOf(file);
  const { header, lines: fresh } = linesOf(own);
  const kept = lines.filter((line) => line.id !== id);
  return [header, ...[...kept, ...fresh].map(({ raw }) => raw)].join("\n") + "\n";
}

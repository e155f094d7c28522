/** The columns of `data/targets.csv`. */
export const targetColumns = [
  ...["indicator_id", "unit_id", "breakdown", "breakdown_value", "goal", "status", "from", "to", "kind", "value"],
  ...["tolerance", "grain", "baseline_from", "baseline_to", "source", "by", "proposed_on", "decided_on"],
] as const;
export type TargetColumn = (typeof targetColumns)[number];

/** A line of the targets, by column; what is empty is an empty text. */
export type TargetLine = Record<TargetColumn, string>;

interface Cell {
  from: number;
  to: number;
  value: string;
}
interface Line {
  from: number;
  /** Its end, without the line break. */
  to: number;
  /** Its number in the text, from 1 on. */
  number: number;
  cells: Cell[];
}

/** The lines of a text of targets, each with its number in the text. */
export function readTargetLines(text: string): { line: number; target: TargetLine }[] {
  const [head, ...lines] = linesOf(text);
  if (!head) return [];
  const names = head.cells.map(({ value }) => value);
  return lines.map(({ number, cells }) => ({
    line: number,
    target: Object.fromEntries(
      targetColumns.map((column) => [column, cells[names.indexOf(column)]?.value ?? ""]),
    ) as TargetLine,
  }));
}

/** The text with another value in a line, the first of which is 0; all else stays as it is written. */
export function setTarget(text: string, index: number, column: TargetColumn, value: string): string {
  const [head, ...lines] = linesOf(text);
  const cell = lines[index]?.cells[head!.cells.findIndex((each) => each.value === column)];
  if (!cell || cell.value === value) return text;
  return text.slice(0, cell.from) + written(value) + text.slice(cell.to);
}

/** The text with one more line; a text without a header gets one. */
export function addTarget(text: string, target: TargetLine): string {
  const [head] = linesOf(text);
  const columns = head ? head.cells.map(({ value }) => value) : [...targetColumns];
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const begun = head ? text : `${columns.join(",")}${end}`;
  const line = columns.map((column) => written(target[column as TargetColumn] ?? "")).join(",");
  return `${begun}${begun === "" || begun.endsWith("\n") ? "" : end}${line}${end}`;
}

/** The text without a line. */
export function removeTarget(text: string, index: number): string {
  const line = linesOf(text)[index + 1];
  if (!line) return text;
  const next = /^\r?\n/.exec(text.slice(line.to))?.[0].length ?? 0;
  return text.slice(0, line.from) + text.slice(line.to + next);
}

const written = (value: string): string =>
  /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** Lines with what they hold; an empty line is none. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let number = 1;
  for (let at = 0; at < text.length;) {
    const from = at;
    const cells: Cell[] = [];
    for (;;) {
      const cell = /"(?:[^"]|"")*"|[^,\r\n]*/y;
      cell.lastIndex = at;
      const raw = cell.exec(text)![0];
      const value = raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw;
      cells.push({ from: at, to: at + raw.length, value });
      at += raw.length;
      if (text[at] !== ",") break;
      at++;
    }
    // What is wrong with the rest of a line is told when it is checked.
    const rest = /[^\n]*?(?=\r?\n|$)/y;
    rest.lastIndex = at;
    at += rest.exec(text)![0].length;
    if (at > from) lines.push({ from, to: at, number, cells });
    number += text.slice(from, at).split("\n").length - 1;
    const end = /^\r?\n/.exec(text.slice(at, at + 2))?.[0].length ?? 0;
    if (end === 0 && at < text.length) at++;
    at += end;
    number++;
  }
  return lines;
}

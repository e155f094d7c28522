/** The records of a CSV text, each with its line end; a field in quotes may hold line ends. */
const records = (text: string): string[] => text.match(/(?:"(?:[^"]|"")*"|[^"\n])+(?:\n|$)|\n/g) ?? [];

/** The first field of a record, as a spreadsheet shows it. */
function firstField(record: string): string {
  const quoted = /^"((?:[^"]|"")*)"/.exec(record)?.[1];
  return quoted === undefined ? record.split(/[,\r\n]/, 1)[0]! : quoted.replaceAll('""', '"');
}

/** The header line of a file of targets and the lines of one indicator, as they stand there. */
export function targetLinesOf(file: string, indicator_id: string): string {
  const [header = "", ...lines] = records(file);
  return header + lines.filter((line) => firstField(line) === indicator_id).join("");
}

/** The indicators that a file of targets has lines of. */
export const indicatorsIn = (file: string): Set<string> =>
  new Set(
    records(file)
      .slice(1)
      .map(firstField)
      .filter((id) => id !== ""),
  );

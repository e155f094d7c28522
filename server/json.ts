import { isoDay, isoTime, isValid, type Batch, type Column, type Table } from "./table.ts";

type Writer = (row: number) => string;

/** Rows as one JSON array, in pieces of text. */
export async function* writeJson(table: Table): AsyncGenerator<string> {
  const keys = table.fields.map((field, index) => `${index ? "," : "{"}${JSON.stringify(field.name)}:`);
  const coded = table.fields.map((field, index) => field.words?.map((word) => keys[index] + JSON.stringify(word)));
  const days = new Map<number, string>();
  let open = "[";
  for await (const batch of table.batches) {
    if (batch.length === 0) continue;
    const writers = batch.columns.map((column, index) => writerOf(keys[index]!, coded[index], column, days));
    yield open + rowsText(batch, writers);
    open = ",\n";
  }
  yield open === "[" ? "[]" : "]";
}

function rowsText(batch: Batch, writers: Writer[]): string {
  let text = "";
  for (let row = 0; row < batch.length; row++) {
    if (row) text += ",\n";
    for (const write of writers) text += write(row);
    text += "}";
  }
  return text;
}

/** Writes `"name":value` of a row; what comes back often (words, days) is kept as text. */
function writerOf(
  key: string,
  words: readonly string[] | undefined,
  column: Column,
  days: Map<number, string>,
): Writer {
  const none = `${key}null`;
  switch (column.kind) {
    case "coded":
      return (row) => (isValid(column.valid, row) ? words![column.values[row]!]! : none);
    case "number":
      return (row) => {
        const value = column.values[row]!;
        return isValid(column.valid, row) && Number.isFinite(value) ? key + value : none;
      };
    case "boolean": {
      const texts = [`${key}false`, `${key}true`];
      return (row) => (isValid(column.valid, row) ? texts[column.values[row]!]! : none);
    }
    case "date":
      return (row) => (isValid(column.valid, row) ? key + remember(days, column.values[row]!) : none);
    case "timestamp":
      return (row) => (isValid(column.valid, row) ? `${key}"${isoTime(column.values[row]!)}"` : none);
    case "json":
      return (row) => key + (column.values[row] ?? "null");
    case "text":
    case "texts":
    case "numbers":
      return (row) => key + JSON.stringify(column.values[row]);
  }
}

function remember(days: Map<number, string>, day: number): string {
  let text = days.get(day);
  if (text === undefined) days.set(day, (text = `"${isoDay(day)}"`));
  return text;
}

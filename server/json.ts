import { isoDay, isoTime, isValid, type Column, type Field, type Table } from "./table.ts";

type Writer = (row: number) => string;

/** Texts that came up before; emptied before they take much room. */
type Memory = Map<number, string>;
const mostRemembered = 20_000;

/** Rows as one JSON array, in pieces of text. */
export async function* writeJson(table: Table): AsyncGenerator<string> {
  const runs = runsOf(table.fields);
  let open = "[";
  for await (const batch of table.batches) {
    if (batch.length === 0) continue;
    const writers = runs.map((run) => run.writer(batch.columns));
    yield open + rowsText(batch.length, writers);
    open = ",\n";
  }
  yield open === "[" ? "[]" : "]";
}

function rowsText(length: number, writers: Writer[]): string {
  let text = "";
  for (let row = 0; row < length; row++) {
    if (row) text += ",\n";
    for (const write of writers) text += write(row);
    text += "}";
  }
  return text;
}

/** Fields that are written together. */
interface Run {
  writer(columns: readonly Column[]): Writer;
}

/** Fields beside each other that have few values (words, yes and no) come in few combinations: each is made into text once. All others are written one by one. */
function runsOf(fields: readonly Field[]): Run[] {
  const runs: Run[] = [];
  let few: number[] = [];
  const flush = () => {
    if (few.length > 0) runs.push(combined(fields, few));
    few = [];
  };
  fields.forEach((field, index) => {
    if (field.kind === "coded" || field.kind === "boolean") few.push(index);
    else {
      flush();
      const key = keyOf(field, index);
      const memory: Memory = new Map();
      runs.push({ writer: (columns) => single(key, columns[index]!, memory) });
    }
  });
  flush();
  return runs;
}

const keyOf = (field: Field, index: number): string => `${index ? "," : "{"}${JSON.stringify(field.name)}:`;

/** The place of a row's combination among all: 0 is null, and so for each field in turn. */
function combined(fields: readonly Field[], indexes: readonly number[]): Run {
  const texts = indexes.map((index) => {
    const values = fields[index]!.kind === "boolean" ? [false, true] : fields[index]!.words!;
    return [null, ...values].map((value) => keyOf(fields[index]!, index) + JSON.stringify(value));
  });
  const memory: Memory = new Map();
  const write = (place: number): string => {
    let text = "";
    for (let i = texts.length - 1; i >= 0; i--) {
      text = texts[i]![place % texts[i]!.length]! + text;
      place = Math.floor(place / texts[i]!.length);
    }
    return text;
  };
  // Beyond exact numbers a place would be another's: such a run is cut in two.
  if (texts.reduce((product, each) => product * each.length, 1) > Number.MAX_SAFE_INTEGER) {
    const half = indexes.length >> 1;
    const parts = [combined(fields, indexes.slice(0, half)), combined(fields, indexes.slice(half))];
    return {
      writer(columns) {
        const [first, second] = parts.map((part) => part.writer(columns)) as [Writer, Writer];
        return (row) => first(row) + second(row);
      },
    };
  }
  return {
    writer(columns) {
      const chosen = indexes.map((index) => columns[index] as Extract<Column, { kind: "coded" | "boolean" }>);
      return (row) => {
        let place = 0;
        for (let i = 0; i < chosen.length; i++) {
          const { values, valid } = chosen[i]!;
          place = place * texts[i]!.length + (isValid(valid, row) ? values[row]! + 1 : 0);
        }
        return remember(memory, place, write);
      };
    },
  };
}

function single(key: string, column: Column, memory: Memory): Writer {
  const none = `${key}null`;
  switch (column.kind) {
    case "number":
      return (row) => {
        const value = column.values[row]!;
        return isValid(column.valid, row) && Number.isFinite(value) ? key + value : none;
      };
    case "date": {
      const write = (day: number) => `${key}"${isoDay(day)}"`;
      return (row) => (isValid(column.valid, row) ? remember(memory, column.values[row]!, write) : none);
    }
    case "timestamp":
      return (row) => (isValid(column.valid, row) ? `${key}"${isoTime(column.values[row]!)}"` : none);
    case "json":
      return (row) => key + (column.values[row] ?? "null");
    case "text":
    case "texts":
    case "numbers":
      return (row) => key + JSON.stringify(column.values[row]);
    case "coded":
    case "boolean":
      throw new Error(`a ${column.kind} column is written in its run`);
  }
}

function remember(memory: Memory, key: number, write: (key: number) => string): string {
  let text = memory.get(key);
  if (text === undefined) {
    if (memory.size >= mostRemembered) memory.clear();
    memory.set(key, (text = write(key)));
  }
  return text;
}

/** An answer that is JSON already. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

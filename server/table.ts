import {
  DuckDBTypeId,
  type DuckDBDataChunk,
  type DuckDBListType,
  type DuckDBResult,
  type DuckDBType,
  type DuckDBVector,
} from "@duckdb/node-api";

/** What a column holds. `date` counts days and `timestamp` milliseconds since 1970; `json` is a JSON text; `texts` and `numbers` are lists. */
export type Kind = "text" | "coded" | "number" | "boolean" | "date" | "timestamp" | "texts" | "numbers" | "json";

/** A column of an answer; `words` are the values that a coded column counts from 0. */
export interface Field {
  name: string;
  kind: Kind;
  words?: readonly string[];
}

/** One bit for each row, the lowest first, 1 where there is a value; null where every row has one. */
export type Validity = Uint8Array | null;

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** The values of one field in one batch. */
export type Column =
  | { kind: "coded"; values: Codes; valid: Validity }
  | { kind: "number" | "timestamp"; values: Float64Array; valid: Validity }
  | { kind: "boolean"; values: Uint8Array; valid: Validity }
  | { kind: "date"; values: Int32Array; valid: Validity }
  | { kind: "text" | "json"; values: (string | null)[] }
  | { kind: "texts"; values: (readonly string[] | null)[] }
  | { kind: "numbers"; values: (readonly (number | null)[] | null)[] };

export interface Batch {
  length: number;
  columns: Column[];
}

/** Rows by columns, in batches. */
export interface Table {
  fields: Field[];
  batches: Iterable<Batch> | AsyncIterable<Batch>;
}

export const isValid = (valid: Validity, row: number): boolean =>
  valid === null || ((valid[row >> 3]! >> (row & 7)) & 1) === 1;

/** The columns of a result of the engine, copied out of its memory batch by batch. */
export function tableOf(result: DuckDBResult): Table {
  const names = result.columnNames();
  const fields = names.map((name, index): Field => {
    const type = result.columnType(index);
    const kind = kindOf(type);
    return "values" in type && kind === "coded" ? { name, kind, words: type.values } : { name, kind };
  });
  return { fields, batches: readBatches(result, fields) };
}

async function* readBatches(result: DuckDBResult, fields: Field[]): AsyncGenerator<Batch> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield { length: chunk.rowCount, columns: fields.map((field, index) => columnOf(chunk, index, field.kind)) };
  }
}

function kindOf(type: DuckDBType): Kind {
  switch (type.typeId) {
    case DuckDBTypeId.ENUM:
      return "coded";
    case DuckDBTypeId.BOOLEAN:
      return "boolean";
    case DuckDBTypeId.DATE:
      return "date";
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return "timestamp";
    case DuckDBTypeId.LIST:
      return (type as DuckDBListType).valueType.typeId === DuckDBTypeId.VARCHAR ? "texts" : "numbers";
    case DuckDBTypeId.VARCHAR:
      return type.alias === "JSON" ? "json" : "text";
    default:
      return "number";
  }
}

/** What the engine's client keeps private: its typed arrays, which are copied whole here, and read value by value by its public functions. The round trip in the tests watches over it. */
interface Inside {
  items?: Float64Array | Int32Array | Codes;
  /** Of a boolean: a byte each. */
  dataView?: DataView;
  validity: { data: BigUint64Array | null };
}

function columnOf(chunk: DuckDBDataChunk, index: number, kind: Kind): Column {
  const vector = chunk.getColumnVector(index);
  const length = chunk.rowCount;
  if (kind === "text" || kind === "json") return { kind, values: itemsOf(vector, length, (item) => String(item)) };
  if (kind === "texts") return { kind, values: itemsOf(vector, length, (item) => listOf(item).map(String)) };
  if (kind === "numbers")
    return {
      kind,
      values: itemsOf(vector, length, (item) => listOf(item).map((each) => (each === null ? null : numberOf(each)))),
    };
  const { items, dataView, validity } = vector as unknown as Inside;
  const valid = validityOf(validity.data, length);
  switch (kind) {
    case "coded":
      return { kind, values: (items as Codes).slice(0, length), valid };
    case "date":
      return { kind, values: (items as Int32Array).slice(0, length), valid };
    case "boolean":
      return { kind, values: new Uint8Array(dataView!.buffer, dataView!.byteOffset, length).slice(), valid };
    case "number":
      return {
        kind,
        values: items instanceof Float64Array ? items.slice(0, length) : numbersOf(vector, length),
        valid,
      };
    case "timestamp":
      return { kind, values: numbersOf(vector, length), valid };
  }
}

function itemsOf<T>(vector: DuckDBVector, length: number, convert: (item: unknown) => T): (T | null)[] {
  const values: (T | null)[] = new Array(length);
  for (let row = 0; row < length; row++) {
    const item = vector.getItem(row);
    values[row] = item === null || item === undefined ? null : convert(item);
  }
  return values;
}

const listOf = (item: unknown): readonly unknown[] => (item as { items: readonly unknown[] }).items;

function numbersOf(vector: DuckDBVector, length: number): Float64Array {
  return Float64Array.from({ length }, (_, row) => numberOf(vector.getItem(row)));
}

function numberOf(item: unknown): number {
  if (item === null || item === undefined) return 0;
  if (typeof item === "number" || typeof item === "bigint") return Number(item);
  if (typeof item === "object" && "micros" in item) return Number(item.micros) / 1000;
  return (item as { toDouble(): number }).toDouble();
}

function validityOf(data: BigUint64Array | null, length: number): Validity {
  if (!data) return null;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, (length + 7) >> 3).slice();
  for (let row = 0; row < length; row++) if (!isValid(bytes, row)) return bytes;
  return null;
}

/** A table of a few rows that were made here; a field that a row lacks is null. */
export function smallTable(fields: Field[], rows: readonly Record<string, unknown>[]): Table {
  const columns = fields.map((field) =>
    builtColumn(
      field,
      rows.map((row) => row[field.name] ?? null),
    ),
  );
  return { fields, batches: [{ length: rows.length, columns }] };
}

/** As wide as the engine makes them: an Arrow stream takes the codes as they are. */
function codesOf(words: number, codes: number[]): Codes {
  if (words <= 0xff) return Uint8Array.from(codes);
  return words <= 0xffff ? Uint16Array.from(codes) : Uint32Array.from(codes);
}

function builtColumn(field: Field, values: unknown[]): Column {
  const valid = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, row) => {
    if (value !== null) valid[row >> 3]! |= 1 << (row & 7);
  });
  switch (field.kind) {
    case "number":
    case "timestamp":
      return { kind: field.kind, values: Float64Array.from(values, (value) => Number(value ?? 0)), valid };
    case "boolean":
      return { kind: "boolean", values: Uint8Array.from(values, (value) => (value ? 1 : 0)), valid };
    case "date":
      return { kind: "date", values: Int32Array.from(values, (value) => dayNumber(value as string | null)), valid };
    case "coded":
      return {
        kind: "coded",
        values: codesOf(
          field.words!.length,
          values.map((value) => Math.max(0, field.words!.indexOf(String(value)))),
        ),
        valid,
      };
    case "texts":
      return { kind: "texts", values: values as (readonly string[] | null)[] };
    case "numbers":
      return { kind: "numbers", values: values as (readonly (number | null)[] | null)[] };
    case "json":
      return { kind: "json", values: values.map((value) => (value === null ? null : JSON.stringify(value))) };
    case "text":
      return { kind: "text", values: values.map((value) => (value === null ? null : String(value))) };
  }
}

const msInDay = 86_400_000;

const dayNumber = (date: string | null): number => (date === null ? 0 : Date.parse(`${date}T00:00:00Z`) / msInDay);

/** Day number → ISO date. */
export const isoDay = (days: number): string => new Date(days * msInDay).toISOString().slice(0, 10);

/** Milliseconds → ISO date and time. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** One value as JSON has it; `json` as parsed. */
export function cellOf(field: Field, column: Column, row: number): unknown {
  switch (column.kind) {
    case "text":
    case "texts":
    case "numbers":
      return column.values[row];
    case "json":
      return column.values[row] === null ? null : JSON.parse(column.values[row]!);
  }
  if (!isValid(column.valid, row)) return null;
  const value = column.values[row]!;
  switch (column.kind) {
    case "coded":
      return field.words![value];
    case "boolean":
      return value === 1;
    case "date":
      return isoDay(value);
    case "timestamp":
      return isoTime(value);
    case "number":
      return Number.isFinite(value) ? value : null;
  }
}

/** Rows as objects: for work on a few rows, and for tests. */
export async function rowsOf(table: Table): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const batch of table.batches)
    for (let row = 0; row < batch.length; row++)
      rows.push(
        Object.fromEntries(table.fields.map((field, index) => [field.name, cellOf(field, batch.columns[index]!, row)])),
      );
  return rows;
}

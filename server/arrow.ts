import {
  AsyncByteQueue,
  Bool,
  DateDay,
  Dictionary,
  Field as ArrowField,
  Float64,
  List,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Uint16,
  Uint32,
  Uint8,
  Utf8,
  vectorFromArray,
  type Data,
  type DataType,
  type Vector,
} from "apache-arrow";
import { aboutLines, namedDefinitions, type Source } from "./about.ts";
import type { Locale } from "./format.ts";
import { isValid, type Batch, type Column, type Field, type Table } from "./table.ts";

/** Takes what the writer of the stream gives, piece by piece. */
class Pieces extends AsyncByteQueue {
  private pieces: Uint8Array[] = [];

  override write(piece: Uint8Array): void {
    if (piece.byteLength > 0) this.pieces.push(piece);
  }

  take(): Uint8Array {
    const taken = Buffer.concat(this.pieces);
    this.pieces = [];
    return taken;
  }
}

/** A column's type, and the words that its codes stand for. */
interface Plan {
  type: DataType;
  words: Vector | undefined;
}

/** What an Arrow file says of its rows, in the schema: the snapshot and its dates, the question, the definitions that it names, and all of it in words. */
export function metadataOf(source: Source, locale: Locale): Map<string, string> {
  const { path, question, from } = source;
  const metadata = new Map([
    ["kvv.table", `/api/v1${path}`],
    ["kvv.question", JSON.stringify(question)],
  ]);
  if ("manifest" in from) {
    metadata.set("kvv.snapshot", from.manifest.snapshot).set("kvv.published_at", from.manifest.published_at);
    if (from.manifest.data_through) metadata.set("kvv.data_through", from.manifest.data_through);
    metadata.set("kvv.demo", String(from.manifest.demo));
  } else metadata.set("kvv.written_at", from.writtenAt);
  const definitions = namedDefinitions(source).map(
    ({ id, title, numerator, denominator, excluded, caveats, owner, source: papers, version }) => ({
      ...{ indicator_id: id, title, numerator, denominator, excluded, caveats, owner, source: papers, version },
    }),
  );
  if (definitions.length) metadata.set("kvv.definitions", JSON.stringify(definitions));
  return metadata.set(
    "kvv.about",
    aboutLines(source, locale)
      .map(({ label, text }) => `${label}: ${text}`)
      .join("\n"),
  );
}

/** Whether a reader may know a word of a column. */
export type Knows = (field: string, word: string) => boolean;

/** What the asker may know of the words in a source's columns: the ids of units and indicators within their scope, and all others. */
export function knownIn({ from }: Source): Knows {
  if (!("catalogue" in from)) return () => true;
  const { units, indicators } = from.catalogue.outside;
  return (field, word) => !(field === "unit_id" ? units : field === "indicator_id" ? indicators : none).has(word);
}

const none: ReadonlySet<string> = new Set();

/** Rows as an Arrow IPC stream; columns with few words are dictionary-encoded. The typed arrays of the table go in as they are. */
export async function* writeArrow(
  table: Table,
  metadata: Map<string, string>,
  knows: Knows = () => true,
): AsyncGenerator<Uint8Array> {
  const plans = table.fields.map((field) => planOf(field, knows));
  const schema = new Schema(
    table.fields.map((field, index) => new ArrowField(field.name, plans[index]!.type, true)),
    metadata,
  );
  const pieces = new Pieces();
  const writer = new RecordBatchStreamWriter();
  writer.reset(pieces, schema);
  for await (const batch of table.batches) {
    if (batch.length === 0) continue;
    writer.write(recordBatch(schema, batch, plans));
    yield pieces.take();
  }
  writer.finish();
  yield pieces.take();
}

function recordBatch(schema: Schema, batch: Batch, plans: Plan[]): RecordBatch {
  const children = batch.columns.map((column, index) => dataOf(column, plans[index]!, batch.length));
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: batch.length, nullCount: 0, children }),
  );
}

function planOf({ name, kind, words }: Field, knows: Knows): Plan {
  const type = typeOf(kind, words?.length ?? 0);
  // Codes count all words of the snapshot. Of those that the reader may not know no row is; they keep their place.
  const told = words?.map((word, place) => (knows(name, word) ? word : `#${place}`));
  return { type, words: told && vectorFromArray(told, new Utf8()) };
}

function typeOf(kind: Field["kind"], words: number): DataType {
  switch (kind) {
    case "coded":
      return new Dictionary(new Utf8(), words <= 0xff ? new Uint8() : words <= 0xffff ? new Uint16() : new Uint32());
    case "number":
      return new Float64();
    case "boolean":
      return new Bool();
    case "date":
      return new DateDay();
    case "timestamp":
      return new TimestampMillisecond("UTC");
    case "texts":
      return new List(new ArrowField("item", new Utf8(), true));
    case "numbers":
      return new List(new ArrowField("item", new Float64(), true));
    case "text":
    case "json":
      return new Utf8();
  }
}

function dataOf(column: Column, { type, words }: Plan, length: number): Data {
  switch (column.kind) {
    case "coded":
      return makeData({
        ...bits(column.valid, length),
        type,
        length,
        data: column.values,
        dictionary: words!,
      } as never);
    case "boolean":
      return makeData({ ...bits(column.valid, length), type, length, data: packed(column.values) } as never);
    case "timestamp":
      return makeData({
        ...bits(column.valid, length),
        type,
        length,
        data: BigInt64Array.from(column.values, (ms) => BigInt(Math.trunc(ms))),
      } as never);
    case "number":
    case "date":
      return makeData({ ...bits(column.valid, length), type, length, data: column.values } as never);
    case "text":
    case "json":
    case "texts":
    case "numbers":
      return vectorFromArray(column.values as readonly unknown[], type).data[0]!;
  }
}

function bits(valid: Uint8Array | null, length: number): { nullBitmap: Uint8Array | null; nullCount: number } {
  if (!valid) return { nullBitmap: null, nullCount: 0 };
  let nullCount = 0;
  for (let row = 0; row < length; row++) if (!isValid(valid, row)) nullCount += 1;
  return { nullBitmap: valid, nullCount };
}

function packed(flags: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((flags.length + 7) >> 3);
  flags.forEach((flag, row) => {
    if (flag) bytes[row >> 3]! |= 1 << (row & 7);
  });
  return bytes;
}

import type { Definition } from "../pipelines/indicators/definition.ts";
import { unitName, type Catalogue, type PublishedTarget } from "./catalogue.ts";
import { cellOf, type Batch, type Table } from "./table.ts";

/** A figure in words, Dutch and English. */
export type SentenceOf = (
  row: Record<string, unknown>,
  definition: Definition,
  target: PublishedTarget | null,
  unitName: string,
) => { nl: string; en: string };

const written = new URL("../pipelines/series/sentence.ts", import.meta.url).href;

/** Adds `sentence_nl` and `sentence_en`, made from each row with its `target_id`, which itself stays behind. */
export async function addSentences(table: Table, catalogue: Catalogue): Promise<Table> {
  const { sentenceOf } = (await import(written)) as { sentenceOf: SentenceOf };
  const inside = table.fields.findIndex((field) => field.name === "target_id");
  return {
    fields: [
      ...table.fields.filter((_, index) => index !== inside),
      { name: "sentence_nl", kind: "text" },
      { name: "sentence_en", kind: "text" },
    ],
    batches: batchesWithSentences(table, catalogue, sentenceOf, inside),
  };
}

async function* batchesWithSentences(
  table: Table,
  catalogue: Catalogue,
  sentenceOf: SentenceOf,
  inside: number,
): AsyncGenerator<Batch> {
  for await (const batch of table.batches) {
    const nl: string[] = [];
    const en: string[] = [];
    for (let row = 0; row < batch.length; row++) {
      const values = Object.fromEntries(
        table.fields.map((field, index) => [field.name, cellOf(field, batch.columns[index]!, row)]),
      );
      const definition = catalogue.definitions.get(String(values.indicator_id))!;
      const target = catalogue.targets.get(Number(values.target_id)) ?? null;
      const name = unitName(catalogue, String(values.unit_id), String(values.period_end));
      const sentence = sentenceOf(values, definition, target, name);
      nl.push(sentence.nl);
      en.push(sentence.en);
    }
    yield {
      length: batch.length,
      columns: [
        ...batch.columns.filter((_, index) => index !== inside),
        { kind: "text", values: nl },
        { kind: "text", values: en },
      ],
    };
  }
}

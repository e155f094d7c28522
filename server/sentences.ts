import { sentenceOf, type Figure } from "../pipelines/series/sentence.ts";
import type { Catalogue } from "./catalogue.ts";
import { cellOf, type Batch, type Table } from "./table.ts";

/** Adds `sentence_nl` and `sentence_en`, made from each row with its `target_id`, which itself stays behind. */
export function addSentences(table: Table, catalogue: Catalogue): Table {
  const inside = table.fields.findIndex((field) => field.name === "target_id");
  return {
    fields: [
      ...table.fields.filter((_, index) => index !== inside),
      { name: "sentence_nl", kind: "text" },
      { name: "sentence_en", kind: "text" },
    ],
    batches: batchesWithSentences(table, catalogue, inside),
  };
}

async function* batchesWithSentences(table: Table, catalogue: Catalogue, inside: number): AsyncGenerator<Batch> {
  for await (const batch of table.batches) {
    const nl: string[] = [];
    const en: string[] = [];
    for (let row = 0; row < batch.length; row++) {
      const values = Object.fromEntries(
        table.fields.map((field, index) => [field.name, cellOf(field, batch.columns[index]!, row)]),
      );
      const definition = catalogue.definitions.get(String(values.indicator_id))!;
      const target = catalogue.targets.get(Number(values.target_id)) ?? null;
      const sentence = sentenceOf(values as unknown as Figure, definition, target);
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

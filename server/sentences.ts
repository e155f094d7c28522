import type { Figure, Outcome } from "../pipelines/series/figure.ts";
import { sentenceOf } from "../pipelines/series/sentence.ts";
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
    for (let at = 0; at < batch.length; at++) {
      const values = Object.fromEntries(
        table.fields.map((field, index) => [field.name, cellOf(field, batch.columns[index]!, at)]),
      );
      const row = values as unknown as Figure & { indicator_id: string };
      const definition = catalogue.definitions.get(row.indicator_id)!;
      const target = catalogue.targets.get(Number(values.target_id)) ?? null;
      const sentence = sentenceOf(row, definition, target, target ? null : endedBefore(catalogue, row));
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

/** How the last target ended that was over before the figure's period began. */
function endedBefore(catalogue: Catalogue, row: Figure & { indicator_id: string }): Outcome | null {
  const outcomes = catalogue.outcomes.get(`${row.indicator_id} ${row.unit_id}`) ?? [];
  const last = outcomes.findLast(({ period_end }) => period_end < row.period_start);
  const target = last && catalogue.targets.get(last.target_id);
  return target ? { target, judgement: last.judgement } : null;
}

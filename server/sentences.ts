import type { Figure, Outcome } from "../pipelines/series/figure.ts";
import type { Language } from "../pipelines/series/period.ts";
import { sentenceIn } from "../pipelines/series/sentence.ts";
import type { Catalogue } from "./catalogue.ts";
import { cellOf, type Batch, type Field, type Table } from "./table.ts";

const both: readonly Language[] = ["nl", "en"];

/** The languages in which chosen fields ask for sentences; `sentence` asks for both. */
export const languagesOf = (fields: readonly string[]): Language[] =>
  both.filter((each) => fields.includes("sentence") || fields.includes(`sentence_${each}`));

/** Adds `sentence_nl` and `sentence_en`, or one of them, made from each row with its `target_id`, which itself stays behind. */
export function addSentences(table: Table, catalogue: Catalogue, languages = both): Table {
  const inside = table.fields.findIndex((field) => field.name === "target_id");
  return {
    fields: [
      ...table.fields.filter((_, index) => index !== inside),
      ...languages.map((language): Field => ({ name: `sentence_${language}`, kind: "text" })),
    ],
    batches: batchesWithSentences(table, catalogue, languages, inside),
  };
}

async function* batchesWithSentences(
  table: Table,
  catalogue: Catalogue,
  languages: readonly Language[],
  inside: number,
): AsyncGenerator<Batch> {
  for await (const batch of table.batches) {
    const said = languages.map(() => [] as string[]);
    for (let at = 0; at < batch.length; at++) {
      const values: Record<string, unknown> = {};
      for (const [index, field] of table.fields.entries())
        values[field.name] = cellOf(field, batch.columns[index]!, at);
      const row = values as unknown as Figure & { indicator_id: string };
      const definition = catalogue.definitions.get(row.indicator_id)!;
      const target = catalogue.targets.get(Number(values.target_id)) ?? null;
      const ended = target ? null : endedBefore(catalogue, row);
      languages.forEach((language, index) => said[index]!.push(sentenceIn(language, row, definition, target, ended)));
    }
    yield {
      length: batch.length,
      columns: [
        ...batch.columns.filter((_, index) => index !== inside),
        ...said.map((values) => ({ kind: "text" as const, values })),
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

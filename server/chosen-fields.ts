import { z } from "zod";
import { shown } from "./problem.ts";
import { publicFields, sentences } from "./series-row.ts";
import type { Table } from "./table.ts";

const sentenceNames = Object.keys(sentences.shape);
const all = [...publicFields, ...sentenceNames];

/** Names with commas between them: of fields, and `sentence` for both sentences; in the order of the answer. */
export const chosenFields = z
  .string()
  .max(1000, "is longer than 1000 characters; leave it out for all fields")
  .transform((text, context): string[] => {
    const names = new Set(text.split(",").flatMap((each) => (each === "sentence" ? sentenceNames : [each.trim()])));
    for (const name of names)
      if (!all.includes(name)) {
        context.addIssue({
          code: "custom",
          message: `has no field ${shown(name)}; there are: sentence, ${[...sentenceNames, ...publicFields].join(", ")}`,
        });
        return z.NEVER;
      }
    return all.filter((name) => names.has(name));
  })
  .meta({
    description:
      "Names with commas between them: only these fields. `sentence` adds sentence_nl and sentence_en; without a name beside it, to all fields",
  });

/** The fields that an answer has, and the sentences besides: all fields where none is named. */
export function fieldsOf(chosen: readonly string[] = []): { fields: readonly string[]; sentences: readonly string[] } {
  const fields = chosen.filter((name) => !sentenceNames.includes(name));
  return { fields: fields.length ? fields : publicFields, sentences: chosen.filter((name) => !fields.includes(name)) };
}

/** A table with some of its fields only, in the order that it has them. */
export function withFields(table: Table, names: ReadonlySet<string>): Table {
  const kept = table.fields.flatMap(({ name }, index) => (names.has(name) ? [index] : []));
  return { fields: kept.map((index) => table.fields[index]!), batches: batchesOf(table, kept) };
}

async function* batchesOf(table: Table, kept: readonly number[]) {
  for await (const { length, columns } of table.batches)
    yield { length, columns: kept.map((index) => columns[index]!) };
}

import { z } from "zod";
import { readCsv } from "./csv-file.ts";
import type { Definition } from "./indicators/definition.ts";
import type { Fault } from "./yaml-file.ts";

const kinds = ["registration", "organisation", "definition"] as const;

const breakSchema = z.strictObject({
  indicator_id: z.string().min(1, "is empty; name the indicator"),
  /** Null: all units. */
  unit_id: z.string().transform((text) => text || null),
  on_date: z.iso.date("write a date that exists, as 2019-01-01"),
  kind: z.enum(kinds, `write one of ${kinds.join(", ")}`),
  label_nl: z.string().min(1, "is empty; say what changed"),
  label_en: z.string().min(1, "is empty; say what changed"),
  source: z.string().min(1, "is empty; name who says so"),
});

/** A day from which an indicator counts something else than before: what lies on either side is not compared. */
export type Break = z.output<typeof breakSchema>;

/** Reads `data/breaks.csv`; every fault of every line at once. */
export function readBreaks(file: string, definitions: readonly Definition[]): { breaks: Break[]; faults: Fault[] } {
  const { lines, faults } = readCsv(file, breakSchema);
  const seen = new Map<string, number>();
  for (const { line, value } of lines) {
    const { indicator_id, unit_id, on_date } = value;
    if (!definitions.some(({ id }) => id === indicator_id))
      faults.push({ file, line, message: `there is no indicator "${indicator_id}"` });
    const key = JSON.stringify([indicator_id, unit_id, on_date]);
    const other = seen.get(key);
    if (other !== undefined)
      faults.push({ file, line, message: `is the same break as line ${other}: leave one of them out` });
    seen.set(key, line);
  }
  return { breaks: lines.map(({ value }) => value), faults };
}

import { z } from "zod";
import type { Kind } from "./table.ts";

/** The fields of a figure, in the order of every answer. Shares are 0..1; a withheld row keeps unit, period, target, completeness and version. */
export const seriesRow = z.object({
  indicator_id: z.string(),
  unit_id: z.string(),
  grain: z.enum(["month", "quarter", "half", "year", "r12", "target"]),
  period_start: z.iso.date(),
  period_end: z.iso.date(),
  breakdown: z.string().nullable(),
  breakdown_value: z.string().nullable(),
  value: z.number().nullable(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  unknown: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  target: z.number().nullable(),
  target_source: z.string().nullable(),
  pace: z.number().nullable(),
  judgement: z.string().nullable(),
  variation: z.string().nullable(),
  assurance: z.string().nullable(),
  trend: z.string().nullable(),
  complete: z.boolean(),
  withheld: z.boolean(),
  withheld_reason: z.string().nullable(),
  restated: z.boolean(),
  freshness: z.string().nullable(),
  definition_version: z.number().int().nullable(),
});

/** Said of a figure besides: history that a predecessor left, incomplete; and a range instead of a figure, `low` for few and `high` for all but few. */
export const seriesMarks = z.object({
  reference: z.boolean(),
  band: z.boolean(),
  band_side: z.enum(["low", "high"]).nullable(),
});

/** The fields of an answer of figures, in their order. */
export const publicFields = [...Object.keys(seriesRow.shape), ...Object.keys(seriesMarks.shape)];

export const sentences = z.object({ sentence_nl: z.string(), sentence_en: z.string() });

export const grains = seriesRow.shape.grain.options;

/** How each field is read from the table `series`. `target_id` stays inside. */
export const seriesKinds: Record<string, Kind> = {
  ...Object.fromEntries(Object.entries(seriesRow.shape).map(([name, schema]) => [name, kindOf(name, schema)])),
  reference: "boolean",
  band: "boolean",
  band_side: "coded",
  target_id: "number",
};

function kindOf(name: string, schema: z.ZodType): Kind {
  if (name.startsWith("period_")) return "date";
  if (schema.safeParse(true).success) return "boolean";
  if (schema.safeParse(1).success) return "number";
  return "coded";
}

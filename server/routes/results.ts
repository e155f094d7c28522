import { readFileSync } from "node:fs";
import path from "node:path";
import { listValue } from "@duckdb/node-api";
import { z } from "zod";
import { ids, knownIndicators, knownUnits } from "../fields.ts";
import { snapshotRows } from "../route.ts";
import { grains } from "../series-row.ts";
import { smallTable, type Field } from "../table.ts";

const sql = readFileSync(path.join(import.meta.dirname, "results.sql"), "utf8");
const number = z.number().nullable();
const day = z.iso.date();

/** How a result stands: `running` while there is time left. */
export const resultStates = ["reached", "running", "missed", "withheld", "no_data"] as const;

const fields: Field[] = [
  { name: "indicator_id", kind: "text" },
  { name: "unit_id", kind: "text" },
  { name: "year", kind: "number" },
  { name: "target_unit_id", kind: "text" },
  { name: "goal", kind: "text" },
  { name: "status", kind: "text" },
  { name: "source", kind: "text" },
  { name: "by", kind: "text" },
  { name: "demo", kind: "boolean" },
  { name: "target_kind", kind: "text" },
  { name: "target", kind: "number" },
  { name: "target_from", kind: "date" },
  { name: "target_to", kind: "date" },
  { name: "grain", kind: "text" },
  { name: "period_start", kind: "date" },
  { name: "period_end", kind: "date" },
  { name: "value", kind: "number" },
  { name: "numerator", kind: "number" },
  { name: "denominator", kind: "number" },
  { name: "pace", kind: "number" },
  { name: "judgement", kind: "text" },
  { name: "complete", kind: "boolean" },
  { name: "withheld", kind: "boolean" },
  { name: "withheld_reason", kind: "text" },
  { name: "needed", kind: "number" },
  { name: "due", kind: "date" },
  { name: "state", kind: "text" },
  { name: "next_target", kind: "number" },
  { name: "next_from", kind: "date" },
  { name: "next_to", kind: "date" },
];

const row = z.object({
  indicator_id: z.string(),
  unit_id: z.string(),
  year: z.number().int(),
  target_unit_id: z.string().meta({ description: "The unit for which it was set: this one, or the force" }),
  goal: z.enum(["resultaat", "afspraak", "doelstelling"]),
  status: z.string(),
  source: z.string(),
  by: z.string(),
  demo: z.boolean(),
  target_kind: z.string(),
  target: z.number(),
  target_from: day,
  target_to: day,
  grain: z.enum(grains),
  period_start: day.nullable(),
  period_end: day.nullable(),
  value: number,
  numerator: number,
  denominator: number,
  pace: number,
  judgement: z.string(),
  complete: z.boolean(),
  withheld: z.boolean(),
  withheld_reason: z.string().nullable(),
  needed: number.meta({
    description: "How many of what the numerator counts were still needed; null where that cannot be said",
  }),
  due: day.meta({ description: "The day by which it is to be there" }),
  state: z.enum(resultStates),
  next_target: number.meta({ description: "What is aimed at after this target, with the period of that" }),
  next_from: day.nullable(),
  next_to: day.nullable(),
});

export type ProgrammeResult = z.output<typeof row>;

export default [
  snapshotRows({
    path: "/results",
    summary:
      "Results, agreements and aims of the force and its units by year: where each stood against its goal, how much was still needed, and by when",
    query: z.strictObject({
      unit: ids.default(null),
      indicator: ids.default(null),
      year: z
        .string()
        .regex(/^(19|20)\d\d$/, "is no year; write one as 2016")
        .transform(Number)
        .optional()
        .meta({ description: "Left out: every year, the last first" }),
    }),
    row,
    async rows(snapshot, { unit, indicator, year }) {
      const [units, indicators] = [knownUnits(snapshot, unit), knownIndicators(snapshot, indicator)];
      // Snapshots of before ends were kept have none.
      if (!snapshot.catalogue.tables.has("outcomes")) return smallTable(fields, []);
      return snapshot.query(sql, {
        units: units && listValue(units),
        indicators: indicators && listValue(indicators),
        year: year ?? null,
        through: snapshot.manifest.data_through ?? snapshot.manifest.published_at.slice(0, 10),
      });
    },
  }),
];

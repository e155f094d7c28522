import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { signalWords, type Signal } from "../pipelines/series/signal-sentence.ts";
import { day, ids, known, knownIndicators, knownUnits } from "./fields.ts";
import type { Snapshot } from "./snapshot.ts";
import { rowsOf, smallTable, type Field, type Table } from "./table.ts";
import { Conditions, type Where } from "./where.ts";

const sql = readFileSync(path.join(import.meta.dirname, "signals.sql"), "utf8");

const causes = ["outside", "trend", "two_of_three", "one_side", "target"] as const;

/** Which signals are asked for. */
export const signalQuery = {
  unit: ids.default(null).meta({ description: "Ids with commas between them, or `all`" }),
  indicator: ids.default(null).meta({ description: "Ids with commas between them, or `all`" }),
  level: ids.default(null).meta({ description: "Levels of units with commas between them, or `all`" }),
  since: day.optional().meta({ description: "Found in a period that ends on or after this day" }),
};

export interface SignalQuestion {
  unit: string[] | null;
  indicator: string[] | null;
  level: string[] | null;
  since?: string | undefined;
}

const number = z.number().nullable();
const list = z.array(z.number().nullable());

export const signalRow = z.object({
  signal_id: z.string(),
  indicator_id: z.string(),
  unit_id: z.string(),
  level: z.string(),
  grain: z.string(),
  cause: z.enum(causes),
  direction: z.enum(["high", "low"]),
  variation: z.enum(["improvement", "concern", "neutral_high", "neutral_low"]),
  since: z.iso.date().meta({ description: "First day of the first period under the cause" }),
  found_start: z.iso.date().meta({ description: "The period in which it could first be seen" }),
  found_end: z.iso.date(),
  period_start: z.iso.date().meta({ description: "The last period under the cause" }),
  period_end: z.iso.date(),
  ongoing: z.boolean(),
  points: z.number().int(),
  value: z.number(),
  numerator: number,
  denominator: number,
  centre: number,
  lower: number,
  upper: number,
  target: number,
  trial: z.boolean().meta({ description: "Fewer than twelve points make the limits" }),
  has_target: z.boolean(),
  published_at: z.iso.datetime(),
  changed_at: z.iso.datetime(),
  chart_ends: z
    .array(z.string())
    .meta({ description: "Last days of the periods of the last 24 points that are shown" }),
  chart_values: list,
  chart_centres: list,
  chart_lowers: list,
  chart_uppers: list,
  chart_targets: list,
  what_nl: z.string(),
  what_en: z.string(),
  sentence_nl: z.string(),
  sentence_en: z.string(),
});

export type SignalRow = z.output<typeof signalRow>;

const kinds: Record<string, Field["kind"]> = {
  ...Object.fromEntries(
    ["points", "value", "numerator", "denominator", "centre", "lower", "upper", "target"].map((name) => [
      name,
      "number",
    ]),
  ),
  ...Object.fromEntries(
    ["since", "found_start", "found_end", "period_start", "period_end"].map((name) => [name, "date"]),
  ),
  ...Object.fromEntries(["ongoing", "trial", "has_target"].map((name) => [name, "boolean"])),
  ...Object.fromEntries(["published_at", "changed_at"].map((name) => [name, "timestamp"])),
  ...Object.fromEntries(
    ["values", "centres", "lowers", "uppers", "targets"].map((name) => [`chart_${name}`, "numbers"]),
  ),
  chart_ends: "texts",
};

const fields: Field[] = Object.keys(signalRow.shape).map((name) => ({ name, kind: kinds[name] ?? "text" }));

/** The conditions of a question; 404 or 400 for what the snapshot does not know. */
export function signalWhere(snapshot: Snapshot, { unit, indicator, level }: SignalQuestion): Conditions {
  const levels = new Map([...snapshot.catalogue.units.values()].flat().map((each) => [each.level, each]));
  return new Conditions()
    .oneOf("indicator_id", knownIndicators(snapshot, indicator))
    .oneOf("unit_id", knownUnits(snapshot, unit))
    .oneOf("level", known(level, levels, "level"));
}

/** The signals, the newest first; within a period those of indicators with a target. At most so many. Snapshots of before there were signals have none. */
export async function readSignals(snapshot: Snapshot, question: SignalQuestion, limit: number): Promise<SignalRow[]> {
  const conditions = signalWhere(snapshot, question);
  if (question.since) conditions.and("found_end >= $since::date", { since: question.since });
  const { sql: where, parameters }: Where = conditions.where;
  if (!snapshot.catalogue.tables.has("signals")) return [];
  const rows = await rowsOf(await snapshot.query(sql.replace("{where}", where), { ...parameters, limit }));
  return rows.map((row) => {
    const { definitions, targets } = snapshot.catalogue;
    const definition = definitions.get(row.indicator_id as string)!;
    const said = signalWords(row as unknown as Signal, definition, targets.get(Number(row.target_id)) ?? null);
    return {
      ...row,
      ...{ what_nl: said.nl.what, what_en: said.en.what, sentence_nl: said.nl.sentence, sentence_en: said.en.sentence },
    } as unknown as SignalRow;
  });
}

/** The same as a table of an answer. */
export const signalTable = (rows: SignalRow[]): Table =>
  smallTable(
    fields,
    rows.map((row) => ({ ...row, published_at: Date.parse(row.published_at), changed_at: Date.parse(row.changed_at) })),
  );

import { z } from "zod";
import { laws, specialKinds, subjectKinds } from "../../pipelines/contracts/contract.ts";
import { reaches, rights, roles } from "../access.ts";
import { abouts, keptKinds, keptUnits, measureFiles, uses, type Measure } from "./processing.ts";

const words = z.object({ nl: z.string(), en: z.string() });
/** A row of the register: one processing. */
export const processing = z.object({
  processing_id: z.string().meta({ description: "The feed, or the name of what the monitor keeps itself" }),
  of: z.enum(["feed", "monitor"]),
  title_nl: z.string(),
  title_en: z.string(),
  description_nl: z.string(),
  description_en: z.string(),
  purpose_nl: z.string(),
  purpose_en: z.string(),
  law: z.enum(laws),
  subjects: z.array(z.enum(subjectKinds)),
  special: z.array(z.enum(specialKinds)),
  ground_nl: z.string(),
  ground_en: z.string(),
  ground_decided: z.iso.date().nullable().meta({ description: "When the force decided on it; null: a proposal" }),
  supplier_nl: z.string(),
  supplier_en: z.string(),
  owner: z.string(),
  retention_nl: z.string(),
  retention_en: z.string(),
  kept: z.array(
    z.object({
      what: z.enum(keptKinds),
      amount: z.number().nullable(),
      unit: z.enum(keptUnits),
      setting: z.string().nullable(),
    }),
  ),
  measures: z.array(z.enum(Object.keys(measureFiles) as Measure[])),
  seen: z.array(z.object({ right: z.enum(rights), role: z.enum(roles), reach: z.enum([...reaches, "whole"]) })),
  indicators: z.array(z.object({ id: z.string(), title: words })),
  unused: z.array(z.string()).meta({ description: "Columns about persons that nothing needs" }),
  questions: z.array(words),
});

/** What a feed's column is, and which figures need it. */
export const registerColumn = z.object({
  processing_id: z.string(),
  column_name: z.string(),
  header: z.string().nullable().meta({ description: "What it is called in Dutch files" }),
  type: z.string(),
  about: z.enum(abouts),
  special: z.array(z.enum(specialKinds)),
  stored: z.boolean(),
  indicators: z.array(z.string()),
  uses: z.array(z.enum(uses)),
});

const parts = ["description", "necessity", "proportionality", "risk", "question"] as const;

/** A text of the assessment, or one of its risks. */
export const assessmentItem = z.object({
  part: z.enum(parts),
  item_id: z.string().nullable().meta({ description: "Of a risk" }),
  title_nl: z.string().nullable(),
  title_en: z.string().nullable(),
  text_nl: z.string(),
  text_en: z.string(),
  measures: z.array(z.object({ says: words, by: z.string() })),
  left_nl: z.string().nullable(),
  left_en: z.string().nullable(),
});

export type ProcessingRow = z.output<typeof processing>;
export type RegisterColumnRow = z.output<typeof registerColumn>;
export type AssessmentItem = z.output<typeof assessmentItem>;

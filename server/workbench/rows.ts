import { z } from "zod";
import { day, id } from "../fields.ts";
import { prose } from "../prose.ts";
import { states, steps } from "./life.ts";

/** Enough for any definition; the largest of the project is a tenth of it. */
export const mostText = 64_000;
/** Of a body with the three texts. */
export const mostBytes = 1024 * 1024;

const text = (what: string) =>
  prose(mostText)
    // It belongs to a file, not to its text, and whoever reads a file here loses it.
    .regex(/^(?!\ufeff)/, "begins with a byte order mark; save the file as UTF-8 without one")
    .meta({ description: what });
export const texts = {
  definition: text("The text of pipelines/indicators/<id>.sql, as it is"),
  examples: text("The text of test/indicators/<id>.yaml; empty where there is none"),
  targets: text("The header line of data/targets.csv, and the lines of this indicator"),
};

/** The name of a file, and so the id of an indicator. */
export const indicatorId = z
  .string({ error: "is missing; name the indicator" })
  .max(60, "is longer than 60 characters")
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "is no id; write small letters and digits with hyphens, as complaints-rate");

/** The number of a draft, in a path. */
export const draftId = z
  .string()
  .regex(/^\d{1,9}$/, "is no number of a draft")
  .transform(Number);

export const version = z.number().int().min(1).max(1e9).meta({ description: "Of what you saw" });

const moment = z.iso.datetime();

/** A draft in a list. */
export const draftRow = z.object({
  draft_id: z.number().int(),
  indicator_id: z.string(),
  title_nl: z.string().nullable().meta({ description: "As the draft says; as what stands where it says none" }),
  title_en: z.string().nullable(),
  state: z.enum(states),
  version: z.number().int().meta({ description: "The last that was saved" }),
  is_new: z.boolean().meta({ description: "Nothing of this indicator stands yet" }),
  saved_by: z.string(),
  saved_at: moment,
  proposed_by: z.string().nullable(),
  proposed_at: moment.nullable(),
  approved_by: z.string().nullable(),
  approved_at: moment.nullable(),
  note: z.string().nullable().meta({ description: "Of its proposal; of what was returned or withdrawn, of that" }),
  publish_on: z.iso.date().nullable().meta({ description: "From when it is to stand" }),
  trouble: z.string().nullable().meta({ description: "Why it could not be published so far; it is tried again" }),
});

const saved = z.object({ version: z.number().int(), saved_by: z.string(), saved_at: moment });
const ofTexts = z.object({ definition: z.string(), examples: z.string(), targets: z.string() });

/** One version of a draft. */
export const draftVersion = z.object({ ...saved.shape, ...ofTexts.shape });

/** A draft, whole. */
export const draftWhole = z.object({
  ...draftRow.shape,
  ...ofTexts.shape,
  standing: ofTexts.nullable().meta({ description: "What stands of the indicator now; null where nothing does" }),
  authors: z.array(z.string()).meta({ description: "Who saved or proposed it: none of them may approve it" }),
  own: z.boolean().meta({ description: "Whether whoever asks is one of these, also under another name" }),
  versions: z.array(saved),
  steps: z.array(
    z.object({
      number: z.number().int(),
      step: z.enum(steps),
      version: z.number().int(),
      note: z.string().nullable(),
      publish_on: z.iso.date().nullable(),
      taken_by: z.string(),
      taken_at: moment,
    }),
  ),
});

/** What begins a draft: texts that are left out are those that stand, of a template, or of another indicator. */
export const newDraft = z.strictObject({
  indicator_id: indicatorId,
  ...z.object(texts).partial().shape,
  template: z.string().max(60).optional().meta({ description: "A name of GET /templates, for a new indicator" }),
  copy_of: indicatorId.optional().meta({ description: "An indicator whose texts a new one begins with" }),
});

export const savedDraft = z.strictObject({ version, ...texts });

const note = prose(4000)
  .transform((given) => (given.trim() === "" ? null : given.trim()))
  .nullable()
  .default(null);

/** A step that somebody may ask for. */
export const askedStep = z
  .strictObject({
    version,
    step: z.enum(["propose", "return", "approve", "withdraw", "comment"], {
      error: "is no step; choose of propose, return, approve, withdraw, comment",
    }),
    note,
    publish_on: day
      .refine((given) => given <= "2100-12-31", "lies after 2100-12-31")
      .nullable()
      .default(null)
      .meta({ description: "Of an approval: the first day on which it is to stand" }),
    accepts_less: z.boolean().default(false).meta({
      description: "Of an approval: that it protects less than what stands was seen (less_protected of a check)",
    }),
  })
  .superRefine(({ step, note, publish_on }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const why: Partial<Record<typeof step, string>> = {
      propose: "is empty; say what it is for, for whoever approves it",
      return: "is empty; say what must become of it",
      comment: "is empty; there is nothing to say",
    };
    if (note === null && why[step]) fault("note", why[step]);
    if (step === "approve" && publish_on === null)
      fault("publish_on", "is missing; name the first day on which it is to stand");
    if (step !== "approve" && publish_on !== null) fault("publish_on", `belongs to an approval, not to ${step}`);
  });

/** A draft to be looked at, with its indicator. */
export const asked = z.strictObject({ indicator_id: indicatorId, ...texts });

export const checked = z.object({
  faults: z.array(
    z.object({ part: z.enum(["definition", "examples", "targets"]), line: z.number().int(), message: z.string() }),
  ),
  header: z.looseObject({}).nullable().meta({ description: "What stands above the query, where it can be read" }),
  feeds: z.array(z.string()),
  protected: z.boolean(),
  less_protected: z
    .array(z.object({ what: z.string(), before: z.string(), after: z.string() }))
    .meta({ description: "By what it tells more of people than what stands; whoever approves says that they saw it" }),
  examples: z.array(z.looseObject({ ok: z.boolean() })).meta({ description: "Each expected row beside what came out" }),
  sql: z.string(),
  form: z.boolean().meta({ description: "Whether the query is feed, filters and breakdowns, as the form has it" }),
});

export const askedPreview = z.strictObject({
  definition: texts.definition,
  indicator_id: indicatorId.optional().meta({ description: "Of a new indicator it may be left out" }),
  targets: texts.targets.optional(),
  against: z
    .union([z.literal("current"), z.strictObject({ definition: texts.definition, targets: texts.targets })])
    .optional()
    .meta({ description: "What to compare with: what stands now, or other texts" }),
  units: z
    .array(id)
    .max(20, "has more than 20; name those that are looked at")
    .optional()
    .meta({ description: "Units of which every row is wanted, also below the force's units" }),
});

export const previewed = z.object({
  rows: z.array(z.looseObject({})).meta({ description: "As rows of /series" }),
  withheld: z.array(z.looseObject({})).meta({ description: "How much is withheld, by level and grain" }),
  rounded: z.boolean().meta({ description: "Of a protected indicator: counts are rounded to 5" }),
  through_load: z.number().int().meta({ description: "The last load that is in it" }),
  compared: z.array(z.looseObject({})),
  took_ms: z.number(),
});

import type { Language } from "../format.ts";

// What pages ask of figures, as `fields` of the API wants it: the rest is a fifth of what would be sent and read.

const total = ["indicator_id", "unit_id", "grain", "period_start", "period_end"];
const places = [...total, "breakdown", "breakdown_value"];
const values = ["value", "numerator", "denominator", "judgement", "complete", "withheld", "withheld_reason"];
const marks = ["reference", "band", "band_side"];
const own = ["unknown", "lower", "upper", "target", "target_source", "pace", "restated"];

/** Of totals that are only compared with those of a later period. */
export const comparedFields = [
  ...total,
  ...["value", "lower", "upper", "complete", "definition_version", "reference"],
].join(",");

/** Of figures that are drawn as a line behind others. */
export const lineFields = [...places, ...values, ...marks].join(",");

/** Of figures with a chart and a table of their own, which a sentence says too. */
export const chartFields = (language: Language): string =>
  [...places, ...values, ...own, ...marks, `sentence_${language}`].join(",");

/** Of those that may be seen with their limits: they say what is unusual. */
export const limitedFields = (language: Language): string => `${chartFields(language)},variation`;

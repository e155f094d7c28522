import { absence, bandSign } from "../../web/charts/words.ts";
import { formatOf, formatPeriod, formatTarget, formatValue, isShare } from "../../web/format.ts";
import type { ReviewDefinition } from "../review/document.ts";
import type { Row } from "../review/figures.ts";
import type { Tone } from "./blocks.ts";
import type { Words } from "./words.ts";

type Measure = Pick<ReviewDefinition, "kind" | "decimals">;

/** A figure in short: its value, "<5", or why there is none. */
export function shortValue(row: Row | null, measure: Measure, { language, say }: Words): string {
  if (!row) return "–";
  if (row.value !== null) return formatValue(row.value, measure, language);
  const missing = absence(row as never);
  if (missing === "band") return bandSign(row as never, say);
  return say(missing === "withheld" ? "report.withheld" : "report.noData");
}

/** The same where there is little room: a sign where there is no value. */
export const briefValue = (row: Row | null, measure: Measure, words: Words): string =>
  row && row.value === null && absence(row as never) !== "band"
    ? row.withheld
      ? "◌"
      : "–"
    : shortValue(row, measure, words);

/** "315 van 1.406" of a share; null of others. */
export function baseOf(row: Row, measure: Measure, { language }: Words): string | null {
  if (!isShare(measure) || row.value === null || row.numerator === null || row.denominator === null) return null;
  return formatOf(row.numerator, row.denominator, language);
}

/** What is aimed at, in short; empty without a target. */
export const shortTarget = (row: Row, measure: Measure, { language }: Words): string =>
  row.target === null ? "" : formatTarget(row.target, measure, language);

/** How a figure is judged, in words; a target that lies ahead is judged later. Empty where there is nothing to judge. */
export function judgementOf(row: Row, { say }: Words): string {
  if (row.target === null || row.judgement === null) return "";
  return say(`judgement.${row.judgement === "no_target" ? "not_due" : row.judgement}`);
}

/** Colour goes with the words, never alone. */
export function toneOf(row: Row): Tone {
  if (row.judgement?.startsWith("missed")) return "warn";
  return row.judgement?.startsWith("reached") ? "good" : "plain";
}

/** What must be known with a figure: its period where it is not the half-year's, that it is provisional or restated. */
export function remarksOf(row: Row, grain: string, { language, say }: Words): string[] {
  return [
    row.grain === grain ? "" : row.grain === "target" ? say("per.target") : formatPeriod(row, language, "short"),
    row.complete ? "" : say("judgement.provisional"),
    row.restated ? say("table.restated") : "",
  ].filter(Boolean);
}

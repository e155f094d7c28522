import type { Definition, SeriesRow } from "../api.ts";
import { formatNumber, formatOf, formatValue, type Language } from "../format.ts";
import { absence, isPart, type Translate } from "./words.ts";

/** Of some figures that of a period, in words: "25,3% (3.210 van 12.700)", or why there is none. */
export function besideWords(
  rows: readonly SeriesRow[],
  { period_start, period_end }: Pick<SeriesRow, "period_start" | "period_end">,
  definition: Pick<Definition, "kind" | "decimals">,
  language: Language,
  t: Translate,
): string {
  const row = rows.find((each) => each.period_start === period_start && each.period_end === period_end);
  const missing = row ? absence(row) : "no_data";
  if (!row || missing === "no_data") return t("beside.none");
  if (missing === "band") {
    if (row.denominator === null) return t("beside.band");
    return t(row.band_side === "high" ? "beside.bandOfHigh" : "beside.bandOf", {
      denominator: formatNumber(row.denominator, language),
      most: formatNumber(row.denominator - 5, language),
    });
  }
  if (missing === "withheld") return t("beside.withheld");
  const base = isPart(row, definition) ? ` (${formatOf(row.numerator!, row.denominator!, language)})` : "";
  const open = row.complete ? "" : `, ${t("judgement.provisional")}`;
  return formatValue(row.value!, definition, language) + base + open;
}

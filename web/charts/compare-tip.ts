import type { CompareRow, Definition } from "../api.ts";
import { formatInterval, formatOf, formatTarget, formatValue, type Language } from "../format.ts";
import { isPart, type Translate } from "./words.ts";

type Described = Pick<Definition, "kind" | "decimals">;

/** What a reader sees of a unit that he points at: one line for each thing said. */
export function compareTip(
  unit: { row: CompareRow; name: string },
  definition: Described,
  language: Language,
  t: Translate,
): string[] {
  const { row, name } = unit;
  const lines = [name];
  if (row.value !== null) lines.push(formatValue(row.value, definition, language) + baseOf(row, definition, language));
  const near = formatInterval(row.lower_95, row.upper_95, definition, language);
  const far = formatInterval(row.lower_998, row.upper_998, definition, language);
  if (near) lines.push(t("compare.tip.limit", { level: t("compare.limit.95"), limits: near }));
  if (far) lines.push(t("compare.tip.limit", { level: t("compare.limit.998"), limits: far }));
  if (row.class !== null) lines.push(t(`compare.class.${row.class}`));
  if (row.target !== null) lines.push(t("figure.target", { target: formatTarget(row.target, definition, language) }));
  if (!row.complete) lines.push(t("figure.provisional"));
  return lines;
}

/** " (27 van 67)" behind a part; of a rate too, whose counts say how firm it is. */
function baseOf(row: CompareRow, definition: Described, language: Language): string {
  if (row.numerator === null || row.denominator === null) return "";
  if (!isPart(row, definition) && definition.kind !== "rate") return "";
  return ` (${formatOf(row.numerator, row.denominator, language)})`;
}

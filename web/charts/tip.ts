import { readableEdge } from "../../pipelines/statistics/control-chart.ts";
import type { ControlLimit, Definition, ReferencePoint, SeriesRow } from "../api.ts";
import {
  formatDate,
  formatInterval,
  formatNumber,
  formatOf,
  formatPeriod,
  formatTarget,
  formatValue,
  type Language,
} from "../format.ts";
import { absence, isPart, type Translate } from "./words.ts";

type Described = Pick<Definition, "kind" | "decimals" | "waiting">;

/** What a reader sees when he points at a period: one line for each thing said; with a limit also what is usual. */
export function figureTip(
  row: SeriesRow,
  definition: Described,
  language: Language,
  t: Translate,
  limit?: Pick<ControlLimit, "lower" | "upper">,
): string {
  const lines = [capital(formatPeriod(row, language))];
  const missing = absence(row);
  if (missing === "band" && row.denominator !== null)
    lines.push(
      t(row.band_side === "high" ? "figure.bandOfHigh" : "figure.bandOf", {
        denominator: formatNumber(row.denominator, language),
        most: formatNumber(row.denominator - 5, language),
      }),
    );
  else if (missing)
    lines.push(t(missing === "no_data" ? "figure.noData" : `withheld.${row.withheld_reason ?? "threshold"}`));
  if (row.value !== null) {
    const base = isPart(row, definition) ? ` (${formatOf(row.numerator!, row.denominator!, language)})` : "";
    lines.push(formatValue(row.value, definition, language) + base);
    const interval = formatInterval(row.lower, row.upper, definition, language);
    if (interval) lines.push(t("figure.interval", { interval }));
  }
  if (limit) {
    const [lower, upper] = [limit.lower, limit.upper].map((edge) => readableEdge(edge, definition.kind)) as [
      number,
      number,
    ];
    lines.push(t("figure.usual", { interval: formatInterval(lower, upper, definition, language)! }));
    const kind = row.variation ?? "common";
    if (kind !== "common") lines.push(t("figure.unusual", { kind: t(`signals.variation.${kind}`) }));
  }
  if (row.target !== null)
    lines.push(
      `${t("figure.target", { target: formatTarget(row.target, definition, language) })}: ${t(`judgement.${row.judgement === "no_target" ? "not_due" : row.judgement}`)}`,
    );
  if (row.pace !== null) lines.push(capital(t("figure.pace", { pace: formatValue(row.pace, definition, language) })));
  if (row.unknown) lines.push(t(`figure.${besideOf(definition)}`, { count: formatNumber(row.unknown, language) }));
  if (row.reference) lines.push(t("figure.reference"));
  if (!row.complete) lines.push(t("figure.provisional"));
  return lines.join("\n");
}

/** What a reader sees when he points at a published figure. */
export function referenceTip(point: ReferencePoint, definition: Described, language: Language, t: Translate): string {
  const lines = [
    `${formatDate(point.period_start, language, "short")} – ${formatDate(point.period_end, language, "short")}`,
    t("figure.published", { value: formatValue(point.value, definition, language) }),
    [point.source_title, point.publisher].filter(Boolean).join(", "),
  ];
  if (point.note) lines.push(point.note);
  return lines.filter(Boolean).join("\n");
}

/** What the number beside a figure is of: people or cases that are not known, that are still open, or that do not count yet. */
export const besideOf = ({ kind, waiting }: Pick<Definition, "kind" | "waiting">): "unknown" | "open" | "waiting" =>
  kind === "duration" ? "open" : waiting ? "waiting" : "unknown";

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

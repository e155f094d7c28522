import type { Definition, Judgement, SeriesRow } from "../api.ts";
import { figureTip } from "../charts/tip.ts";
import type { Translate } from "../charts/words.ts";
import type { Grain } from "../charts/period.ts";
import { isShare, type Language } from "../format.ts";

/** The sentence of a figure; where the server sends none, what is known of it in short. */
export function sentenceOf(row: SeriesRow, definition: Definition, language: Language, t: Translate): string {
  const sentence = language === "nl" ? row.sentence_nl : row.sentence_en;
  return (
    sentence ||
    figureTip(row, definition, language, t)
      .split("\n")
      .join(". ")
      .replace(/([^.])$/, "$1.")
  );
}

/** Whether a figure can be shown in some way: a value, or "fewer than 5". */
export const isShown = (row: SeriesRow): boolean => row.value !== null || Boolean(row.band);

/** How a figure is judged, in the reader's words: a target that lies ahead is judged later, which is not "no target". */
export const shownJudgement = (row: { judgement: string; target: number | null }): Judgement =>
  row.judgement === "no_target" && row.target !== null ? "not_due" : (row.judgement as Judgement);

/**
 * The four figures that say most of a unit: those with a verdict on a target first, then those with a target that lies
 * ahead, then one of each focus point that has none yet. A part of fewer than twenty gives way to a firmer figure.
 */
export function headlines<T extends { row: SeriesRow; definition: Pick<Definition, "focus" | "kind"> }>(
  figures: T[],
  focusPoints: string[],
): T[] {
  const firm = ({ row, definition }: T) => !isShare(definition) || row.denominator === null || row.denominator >= 20;
  const verdict = ({ row }: T) => /^(reached|missed)/.test(row.judgement);
  const ahead = ({ row }: T) => shownJudgement(row) === "not_due";
  const chosen = [...figures.filter(verdict), ...figures.filter(ahead)];
  for (const focus of focusPoints)
    if (!chosen.some(({ definition }) => definition.focus === focus)) {
      const its = figures.filter(({ definition }) => definition.focus === focus);
      const first = its.find(firm) ?? its[0];
      if (first) chosen.push(first);
    }
  const rest = figures.filter((each) => !chosen.includes(each));
  return [...chosen, ...rest.filter(firm), ...rest.filter((each) => !firm(each))].slice(0, 4);
}

/** Figures of the total, not of a breakdown. */
export const isTotal = (row: SeriesRow): boolean => row.breakdown === null;

/** The row of a period, else the last shown one before its end. */
export function figureAt(rows: SeriesRow[], periodEnd: string | null): SeriesRow | null {
  const until = rows.filter((row) => periodEnd === null || row.period_end <= periodEnd);
  const exact = until.find((row) => row.period_end === periodEnd);
  if (exact && (exact.judgement !== "no_data" || exact.withheld)) return exact;
  return until.findLast((row) => isShown(row) && row.complete) ?? until.findLast(isShown) ?? until.at(-1) ?? null;
}

/** Grains from the chosen one upwards, in the order in which a page tries them. */
export function grainsFrom(grain: Grain): Grain[] {
  const order: Grain[] = ["month", "quarter", "half", "year"];
  const chosen = order.indexOf(grain);
  return chosen < 0 ? [grain, "half", "year", "target"] : [...order.slice(chosen), "target"];
}

/**
 * The figures of one indicator at the finest grain, from the chosen one upwards, at which half of them or more have a
 * value; else at which any can be shown; else the chosen grain's rows, which then say why not.
 */
export function finestShown(
  byGrain: { grain: Grain; rows: SeriesRow[] }[],
): { grain: Grain; rows: SeriesRow[] } | null {
  return (
    byGrain.find(({ rows }) => mostlyShown(rows)) ??
    byGrain.find(({ rows }) => rows.some(isShown)) ??
    byGrain.find(({ rows }) => rows.some((row) => row.withheld)) ??
    null
  );
}

/**
 * The same for several series beside each other, which share one grain: the finest at which half of those that can be
 * shown at all mostly are; else that at which most are.
 */
export function finestForMany(
  byGrain: { grain: Grain; rows: SeriesRow[] }[],
  keyOf: (row: SeriesRow) => string,
): { grain: Grain; rows: SeriesRow[] } | null {
  const counted = byGrain.map((each) => ({
    each,
    shown: [...rowsByKey(each.rows, keyOf).values()].filter(mostlyShown).length,
  }));
  const most = Math.max(0, ...counted.map(({ shown }) => shown));
  if (most === 0) return finestShown(byGrain);
  return counted.find(({ shown }) => shown * 2 >= most)!.each;
}

/** Of the last eight that could have been shown, at least half have a value. */
function mostlyShown(rows: SeriesRow[]): boolean {
  const recent = rows.filter((row) => row.withheld_reason !== "incomplete" && (row.withheld || isShown(row))).slice(-8);
  return recent.length > 0 && recent.filter((row) => row.value !== null).length * 2 >= recent.length;
}

/** Rows by what they are of, so that a page need not look through all of them for each chart. */
export function rowsByKey(rows: readonly SeriesRow[], keyOf: (row: SeriesRow) => string): Map<string, SeriesRow[]> {
  const groups = new Map<string, SeriesRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Rows by "indicator grain unit". */
export const sortedRows = (answers: { rows: SeriesRow[] }[]): Map<string, SeriesRow[]> =>
  rowsByKey(
    answers.flatMap(({ rows }) => rows),
    (row) => `${row.indicator_id} ${row.grain} ${row.unit_id}`,
  );

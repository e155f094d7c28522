import type { Break, SeriesRow } from "../api.ts";

/** What figures are compared by. */
export type Compared = Pick<
  SeriesRow,
  | "indicator_id"
  | "unit_id"
  | "grain"
  | "period_start"
  | "period_end"
  | "value"
  | "lower"
  | "upper"
  | "complete"
  | "definition_version"
  | "reference"
>;

export interface Change {
  now: SeriesRow;
  before: Compared;
}

/**
 * Figures whose interval no longer touches that of the period before, the largest relative change first. Figures with a
 * break between them, and those that are not complete, are not compared.
 */
export function clearChanges(now: SeriesRow[], before: Compared[], breaks: Break[] = []): Change[] {
  const key = (row: Compared) => `${row.indicator_id} ${row.unit_id} ${row.grain}`;
  const earlier = new Map(before.map((row) => [key(row), row]));
  return now
    .flatMap((row) => {
      const other = earlier.get(key(row));
      const compared = other && other.period_end < row.period_start && differ(row, other);
      return compared && !broken(row, other, breaks) ? [{ now: row, before: other }] : [];
    })
    .sort((a, b) => size(b) - size(a));
}

function broken(now: Compared, before: Compared, breaks: Break[]): boolean {
  return breaks.some(
    (each) =>
      each.indicator_id === now.indicator_id &&
      (each.unit_id === null || each.unit_id === now.unit_id) &&
      each.on_date > before.period_start &&
      each.on_date <= now.period_end,
  );
}

function differ(now: Compared, before: Compared): boolean {
  if (now.value === null || before.value === null || !now.complete || !before.complete) return false;
  if (now.definition_version !== before.definition_version || now.reference || before.reference) return false;
  if (now.lower === null || now.upper === null || before.lower === null || before.upper === null) return false;
  return now.lower > before.upper || now.upper < before.lower;
}

const size = ({ now, before }: Change): number =>
  before.value ? Math.abs(now.value! / before.value - 1) : Number.POSITIVE_INFINITY;

import type { Definition, SeriesRow, Target } from "../api.ts";

/** The target record that a figure is judged by: its unit's own, else that of the force; null where none fits. */
export function targetOf(
  definition: Pick<Definition, "targets">,
  row: Pick<SeriesRow, "unit_id" | "target" | "target_source" | "period_end" | "breakdown" | "breakdown_value">,
): Target | null {
  if (row.target === null) return null;
  const fitting = definition.targets.filter(
    (target) =>
      target.value === row.target &&
      (target.breakdown ?? null) === row.breakdown &&
      (target.breakdown_value ?? null) === row.breakdown_value &&
      (!target.from || target.from <= row.period_end),
  );
  const rank = (target: Target) =>
    (target.source === row.target_source ? 4 : 0) +
    (target.unit_id === row.unit_id ? 2 : 0) +
    (!target.to || target.to >= row.period_end ? 1 : 0);
  return fitting.sort((a, b) => rank(b) - rank(a))[0] ?? null;
}

/** Where a target lies on the axis of its figure: a number to reach is a part of all that can be covered. Null without a target, or where nothing can. */
export function targetValue(
  definition: Pick<Definition, "kind">,
  { target, denominator }: Pick<SeriesRow, "target" | "denominator">,
): number | null {
  if (target === null || definition.kind !== "coverage" || target <= 1) return target;
  return denominator ? target / denominator : null;
}

/** Whether the demo prolonged this target beyond its paper's period. */
export const isDemoTarget = (source: string | null | undefined): boolean => source === "voorbeelddata";

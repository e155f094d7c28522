import type { EvaluatedTarget } from "../api.ts";

/** Which targets a page of evaluations shows: `open` those without a decision, `done` those with one, else all. */
export type Which = "open" | "done" | "all";

export const isOpen = (each: EvaluatedTarget): boolean => !each.evaluation?.decision;

/** Those that a reader chose, grouped by the year in which they ended, the last first. */
export function byYear(all: readonly EvaluatedTarget[], which: Which): { year: string; targets: EvaluatedTarget[] }[] {
  const years = new Map<string, EvaluatedTarget[]>();
  for (const each of all) {
    if (which !== "all" && isOpen(each) !== (which === "open")) continue;
    const year = each.target_to.slice(0, 4);
    years.set(year, [...(years.get(year) ?? []), each]);
  }
  return [...years].map(([year, targets]) => ({ year, targets })).sort((a, b) => b.year.localeCompare(a.year));
}

/** A share as people write it in a field, and back: "25" is 0.25. Of other figures the number itself. Null where it is none. */
export function readValue(text: string, share: boolean): number | null {
  const number = Number(text.trim().replace("%", "").replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(number)) return null;
  return share ? Math.round(number * 1e6) / 1e8 : number;
}
export const writeValue = (value: number | null, share: boolean): string =>
  value === null ? "" : String(share ? Math.round(value * 1e8) / 1e6 : value);

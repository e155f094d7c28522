import type { ProgrammeResult } from "../api.ts";
import type { MarkName } from "./terms.ts";

/** What a reader asks of results, in the order in which the page answers it. */
export const resultGroups = ["open", "missed", "reached", "unknown"] as const;
export type ResultGroup = (typeof resultGroups)[number];

export function groupOf({ state }: Pick<ProgrammeResult, "state">): ResultGroup {
  if (state === "running") return "open";
  return state === "missed" || state === "reached" ? state : "unknown";
}

/** The results of a year: of a unit all that hold for it; without one each for whom it was set. */
export function resultsOf(all: readonly ProgrammeResult[], unit: string | null, year: number): ProgrammeResult[] {
  return all.filter(
    (each) => each.year === year && (unit ? each.unit_id === unit : each.unit_id === each.target_unit_id),
  );
}

/** In their groups; within one what is due first comes first, and groups without any are left out. */
export function groupedResults(
  results: readonly ProgrammeResult[],
): { group: ResultGroup; results: ProgrammeResult[] }[] {
  return resultGroups
    .map((group) => ({
      group,
      results: results.filter((each) => groupOf(each) === group).toSorted((a, b) => a.due.localeCompare(b.due)),
    }))
    .filter((each) => each.results.length > 0);
}

/** The same result in the years before, at most so many, the first first. */
export function courseOf(
  all: readonly ProgrammeResult[],
  { unit_id, indicator_id, year }: ProgrammeResult,
  most = 5,
): ProgrammeResult[] {
  return all
    .filter((each) => each.unit_id === unit_id && each.indicator_id === indicator_id && each.year < year)
    .toSorted((a, b) => a.year - b.year)
    .slice(-most);
}

/** How much of it is there, 0..1; null where that cannot be said. */
export function partDone(result: ProgrammeResult): number | null {
  const { target_kind, target, value, numerator, needed } = result;
  if (value === null || needed === null) return null;
  const done = target_kind === "number" ? (target > 1 && numerator !== null ? numerator : value) : value;
  return target > 0 ? Math.min(1, Math.max(0, done / target)) : null;
}

const marks: Record<ProgrammeResult["state"], MarkName> = {
  reached: "reached",
  running: "not_due",
  missed: "missed",
  withheld: "withheld",
  no_data: "no_data",
};
export const markOf = ({ state }: Pick<ProgrammeResult, "state">): MarkName => marks[state];

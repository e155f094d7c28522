import type { Definition, SeriesRow, Target } from "../api.ts";
import type { Grain } from "../charts/period.ts";
import { isShown } from "./figure.ts";

/** Rows of one indicator, grain and unit, in order of time. */
export type RowsOf = (indicatorId: string, grain: Grain, unitId: string) => SeriesRow[];

/** Indicators that the page shows besides those with a target figure. */
export const flows = {
  in: ["intake-dual", "intake-dual-other", "intake-women"],
  through: ["promotion-dual", "promotion-women", "leaders-dual", "leaders-women"],
  out: ["outflow", "outflow-dual", "outflow-women"],
} as const;

/** A target figure of a unit, and the figure that it is judged by. */
export interface TargetLine {
  definition: Definition;
  unitId: string;
  target: Target;
  /** The last figure that is shown; where none is, the last one, which says why. */
  row: SeriesRow | null;
  /** A later figure that is withheld. */
  newer: SeriesRow | null;
  /** The target's period was over before the day asked for. */
  ended: boolean;
  /** Of the force, for a unit below it. */
  inherited: boolean;
}

/** The first day for which a target says something: a target for one day has a path from its baseline on. */
export const startOf = (target: Target): string =>
  target.from === target.to
    ? (target.baseline_to ?? target.proposed_on ?? target.from ?? "")
    : (target.from ?? target.proposed_on ?? "");

/** The target figure of a unit that is in force on a day, its own before that of the force; else the last one that ended. */
export function targetOn(
  definition: Pick<Definition, "targets">,
  unitId: string,
  forceId: string | null,
  day: string,
): Target | null {
  const fitting = definition.targets.filter(
    (target) =>
      target.goal === "streefcijfer" &&
      !target.breakdown &&
      (target.unit_id === unitId || (target.unit_id === forceId && target.kind !== "number")) &&
      startOf(target) <= day,
  );
  const own = (target: Target) => (target.unit_id === unitId ? 1 : 0);
  const running = fitting.filter((target) => !target.to || target.to >= day).sort((a, b) => own(b) - own(a));
  const ended = fitting.sort((a, b) => (b.to ?? "").localeCompare(a.to ?? "") || own(b) - own(a));
  return running[0] ?? ended[0] ?? null;
}

/** The figure by which a target is judged up to a day: at its own grain, else at another at which it can be shown. */
export function judgedFigure(
  definition: Pick<Definition, "indicator_id" | "stock">,
  target: Target,
  rowsOf: RowsOf,
  unitId: string,
  day: string,
): { row: SeriesRow | null; newer: SeriesRow | null } {
  const until = target.to && target.to < day ? target.to : day;
  const own = (target.grain ?? "target") as Grain;
  const others: Grain[] = definition.stock ? ["half", "year", "target"] : ["target", "year", "half"];
  const fitting = [...new Set([own, ...others])].map((grain) =>
    rowsOf(definition.indicator_id, grain, unitId).filter(
      (row) =>
        row.complete &&
        row.target === target.value &&
        row.target_source === target.source &&
        row.period_end <= until &&
        row.period_end >= startOf(target),
    ),
  );
  for (const rows of fitting) {
    const row = rows.findLast(isShown);
    if (!row) continue;
    const last = rows.at(-1)!;
    return { row, newer: last !== row && last.withheld ? last : null };
  }
  const withheld = fitting.flatMap((rows) => rows.filter((row) => row.withheld).slice(-1));
  return { row: withheld[0] ?? fitting.flatMap((rows) => rows.slice(-1))[0] ?? null, newer: null };
}

/** The target figures of a unit on a day, in the order of the definitions; one of the force only where the unit has such figures. */
export function targetLines(
  definitions: Definition[],
  rowsOf: RowsOf,
  unitId: string,
  forceId: string | null,
  day: string,
): TargetLine[] {
  return definitions.flatMap((definition) => {
    const target = targetOn(definition, unitId, forceId, day);
    if (!target) return [];
    const inherited = target.unit_id !== unitId;
    const found = judgedFigure(definition, target, rowsOf, unitId, day);
    if (inherited && !found.row) return [];
    return [{ definition, unitId, target, ...found, ended: target.to !== null && target.to < day, inherited }];
  });
}

/** Indicators with a target figure of the programme, filed for any unit. */
export const withStreefcijfer = (definitions: Definition[]): Definition[] =>
  definitions.filter(({ targets }) => targets.some((target) => target.goal === "streefcijfer" && !target.breakdown));

/** An indicator's figure at a day: at the finest of these grains that can be shown and is not more than two years old; else what says why not. */
export function figureOn(
  indicatorId: string,
  rowsOf: RowsOf,
  unitId: string,
  day: string,
  grains: Grain[] = ["half", "year", "target"],
): SeriesRow | null {
  const oldest = `${Number(day.slice(0, 4)) - 2}${day.slice(4)}`;
  const fitting = grains.map((grain) =>
    rowsOf(indicatorId, grain, unitId).filter(
      (row) => row.complete && row.period_end <= day && row.period_end > oldest && row.breakdown === null,
    ),
  );
  for (const [index, rows] of fitting.entries()) {
    // A half-year has a figure of its own or none; a year or more may be the last that is over.
    const row = grains[index] === "half" ? rows.findLast((each) => each.period_end === day) : rows.findLast(isShown);
    if (row && isShown(row)) return row;
  }
  const late = fitting.flatMap((rows) => rows.findLast(isShown) ?? []);
  if (late[0]) return late[0];
  return (
    fitting.flatMap((rows) => rows.findLast((row) => row.withheld) ?? [])[0] ??
    fitting.flatMap((rows) => rows.slice(-1))[0] ??
    null
  );
}

import type { Definition, SeriesRow } from "../api.ts";
import { isCalendarGrain, periodAt, type Grain } from "../charts/period.ts";
import type { UnitView } from "./unit-view.ts";

/** What was answered for a view: the unit's figures, and those of the unit that they are compared with. */
export interface UnitFigures {
  view: UnitView;
  own: SeriesRow[];
  other: SeriesRow[];
}

/** An indicator on the page of a unit, at the grain at which it is best shown. */
export interface UnitCard {
  definition: Definition;
  grain: Grain;
  rows: SeriesRow[];
  /** What they are compared with, by period; null where with nothing. */
  beside: SeriesRow[] | null;
  /** Whether those may be drawn on the same axis. */
  comparable: boolean;
}

/** The cards of the indicators that the unit has, in their order. */
export function unitCards(definitions: readonly Definition[], { view, own, other }: UnitFigures): UnitCard[] {
  const ownRows = byIndicator(own);
  const otherRows = byIndicator(other);
  return definitions.flatMap((definition) => {
    const rows = ownRows.get(definition.indicator_id);
    const grain = rows?.[0]?.grain;
    if (!rows || !grain) return [];
    const beside = besideOf(view, rows, otherRows.get(definition.indicator_id) ?? []);
    return [{ definition, grain, rows, beside, comparable: isComparable(view, definition) }];
  });
}

function byIndicator(rows: SeriesRow[]): Map<string, SeriesRow[]> {
  const groups = new Map<string, SeriesRow[]>();
  for (const row of rows) {
    const group = groups.get(row.indicator_id);
    if (group) group.push(row);
    else groups.set(row.indicator_id, [row]);
  }
  return groups;
}

function besideOf({ compared }: UnitView, rows: SeriesRow[], other: SeriesRow[]): SeriesRow[] | null {
  if (compared?.kind === "unit") return other;
  return compared && yearLater(rows);
}

/** A count of a larger unit would press the own line flat; one of its own level, or of a year before, does not. */
const isComparable = ({ unit, compared }: UnitView, { kind }: Definition): boolean =>
  kind !== "count" || compared?.kind === "year" || compared?.unit.level === unit?.level;

/** Figures a year later than they are of, as far as there are figures then. The periods of targets have no year before. */
function yearLater(rows: SeriesRow[]): SeriesRow[] {
  const ends = new Set(rows.map((row) => row.period_end));
  return rows.flatMap((row) => {
    if (!isCalendarGrain(row.grain)) return [];
    const start = `${Number(row.period_start.slice(0, 4)) + 1}${row.period_start.slice(4)}`;
    const moved = { ...row, ...periodAt(row.grain, start) };
    return ends.has(moved.period_end) ? [moved] : [];
  });
}

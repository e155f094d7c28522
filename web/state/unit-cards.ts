import type { Break, Definition, ReferencePoint, SeriesRow, Unit } from "../api.ts";
import type { LetteredEvent } from "../charts/events.ts";
import { isCalendarGrain, periodAt, type Grain } from "../charts/period.ts";
import { trendSpan } from "../charts/trend-frame.ts";
import type { EventScope } from "./events.ts";
import { isShown } from "./figure.ts";
import type { Row } from "./following.svelte.ts";
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
  /** What they are compared with, by period; null where with nothing. Worked out when it is asked for: most cards are out of view. */
  readonly beside: SeriesRow[] | null;
  /** Whether those may be drawn on the same axis. */
  comparable: boolean;
}

/** What all cards of the page have in common. */
export interface UnitFrame {
  view: UnitView & { unit: Unit };
  /** The name of what figures are compared with. */
  behind: string | null;
  events: LetteredEvent[];
  breaks: Break[];
  references: ReferencePoint[];
  /** The choices that go along to a chart's page, as the query of its address; and the address of this page by year. */
  choices: string;
  years: string;
}

/** A card in its place on the page. */
export interface PlacedCard extends Row {
  card: UnitCard;
  frame: UnitFrame;
}

/** The cards of the indicators that the unit has, in their order. */
export function unitCards(definitions: readonly Definition[], { view, own, other }: UnitFigures): UnitCard[] {
  const ownRows = byIndicator(own);
  const otherRows = byIndicator(other);
  return definitions.flatMap((definition) => {
    const rows = ownRows.get(definition.indicator_id);
    const grain = rows?.[0]?.grain;
    if (!rows || !grain) return [];
    const its = otherRows.get(definition.indicator_id) ?? none;
    return [
      {
        ...{ definition, grain, rows, comparable: isComparable(view, definition) },
        get beside() {
          return besideOf(view, rows, its);
        },
      },
    ];
  });
}

/** Of which figures a unit's charts are, and of which days: whose events they have. */
export function drawnOf(definitions: readonly Definition[], own: SeriesRow[]): Omit<EventScope, "units"> {
  const rows = byIndicator(own);
  const drawn = definitions.filter((each) => rows.get(each.indicator_id)?.some(isShown));
  const days = drawn.map((definition) => trendSpan({ definition, rows: rows.get(definition.indicator_id)! }));
  return {
    indicators: drawn.map((each) => each.indicator_id),
    from: days.map(([from]) => from).sort()[0] ?? "",
    to:
      days
        .map(([, to]) => to)
        .sort()
        .at(-1) ?? "",
  };
}

/** The same rows as long as the answer is the same: a chart is drawn anew where its rows are others. */
const byIndicator = remembered((rows: SeriesRow[]) => {
  const groups = new Map<string, SeriesRow[]>();
  for (const row of rows) {
    const group = groups.get(row.indicator_id);
    if (group) group.push(row);
    else groups.set(row.indicator_id, [row]);
  }
  return groups;
});

const none: SeriesRow[] = [];

function besideOf({ compared }: UnitView, rows: SeriesRow[], other: SeriesRow[]): SeriesRow[] | null {
  if (compared?.kind === "unit") return other;
  return compared && yearLater(rows);
}

/** A count of a larger unit would press the own line flat; one of its own level, or of a year before, does not. */
const isComparable = ({ unit, compared }: UnitView, { kind }: Definition): boolean =>
  kind !== "count" || compared?.kind === "year" || compared?.unit.level === unit?.level;

/** Figures a year later than they are of, as far as there are figures then. The periods of targets have no year before. */
const yearLater = remembered((rows: SeriesRow[]): SeriesRow[] => {
  const ends = new Set(rows.map((row) => row.period_end));
  return rows.flatMap((row) => {
    if (!isCalendarGrain(row.grain)) return [];
    const start = `${Number(row.period_start.slice(0, 4)) + 1}${row.period_start.slice(4)}`;
    const moved = { ...row, ...periodAt(row.grain, start) };
    return ends.has(moved.period_end) ? [moved] : [];
  });
});

/** Makes something of rows once. */
function remembered<T>(make: (rows: SeriesRow[]) => T): (rows: SeriesRow[]) => T {
  const known = new WeakMap<SeriesRow[], T>();
  return (rows) => {
    const made = known.get(rows) ?? make(rows);
    known.set(rows, made);
    return made;
  };
}

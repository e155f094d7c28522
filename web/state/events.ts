import type { ProgrammeEvent } from "../api.ts";
import type { LetteredEvent } from "../charts/events.ts";

/** Whose events are shown, about which figures, and of which days; all days ISO, first and last included. */
export interface EventScope {
  /** The unit and all above it. */
  units: readonly string[];
  indicators: readonly string[];
  from: string;
  to: string;
}

/** The events of a page in order of time, each with a letter: those of its units and of everyone, about its figures or about all. */
export function eventsWithin(events: readonly ProgrammeEvent[], scope: EventScope): LetteredEvent[] {
  return events
    .filter(
      (event) =>
        (event.unit_id === null || scope.units.includes(event.unit_id)) &&
        scope.indicators.some((id) => isAbout(event, id)) &&
        event.date >= scope.from &&
        event.date <= scope.to,
    )
    .toSorted((a, b) => a.date.localeCompare(b.date) || a.event_id.localeCompare(b.event_id))
    .map((event, index) => ({ ...event, letter: letterOf(index) }));
}

export const isAbout = (event: ProgrammeEvent, indicatorId: string): boolean =>
  event.indicators.length === 0 || event.indicators.includes(indicatorId);

/** A, B … Z, AA, AB … */
export const letterOf = (index: number): string =>
  (index >= 26 ? letterOf(Math.floor(index / 26) - 1) : "") + String.fromCharCode(65 + (index % 26));

import type { CalendarItem } from "../api.ts";

/** What one duty asks for one period with the same days: of one, of several, or of everyone together. */
export interface CalendarEntry {
  key: string;
  items: CalendarItem[];
}

/** Entries that are due in the same month, as 2017-02. */
export interface DueMonth {
  month: string;
  entries: CalendarEntry[];
}

/** Items that differ only in whom or which figure they are of, together; the order stays. */
export function entriesOf(items: readonly CalendarItem[]): CalendarEntry[] {
  const entries = new Map<string, CalendarEntry>();
  for (const item of items) {
    // A target's period is its own: those that end together are evaluated together.
    const period = item.kind === "target" ? "" : item.period;
    const key = [item.duty_id, period, item.starts_on, item.due_on].filter(Boolean).join(".");
    const entry = entries.get(key);
    if (entry) entry.items.push(item);
    else entries.set(key, { key, items: [item] });
  }
  return [...entries.values()];
}

/** Entries by the month in which they are due; the order stays. */
export function monthsOf(entries: readonly CalendarEntry[]): DueMonth[] {
  const months = new Map<string, CalendarEntry[]>();
  for (const entry of entries) {
    const month = entry.items[0]!.due_on.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), entry]);
  }
  return [...months].map(([month, entries]) => ({ month, entries }));
}

/** The first entry of each duty: what is said of it once is not said again. */
export const firstOfDuty = (entries: readonly CalendarEntry[]): Set<CalendarEntry> =>
  new Set(new Map(entries.toReversed().map((entry) => [entry.items[0]!.duty_id, entry])).values());

/** The half-years of which a review can have been written. */
export const openHalves = (items: readonly CalendarItem[]): string[] =>
  [
    ...new Set(items.filter(({ kind, phase }) => kind === "review" && phase !== "ahead").map(({ period }) => period)),
  ].sort();

/** The state of each review, by "unit half"; null while it is not known. */
export type ReviewStates = ReadonlyMap<string, string> | null;

export const stateOf = ({ kind, unit_id, period }: CalendarItem, states: ReviewStates): string | null =>
  (kind === "review" && states?.get(`${unit_id} ${period}`)) || null;

/** Reviews that should have been signed; none while that is not known. */
export const lateItems = (items: readonly CalendarItem[], states: ReviewStates): CalendarItem[] =>
  items.filter((item) => {
    const state = stateOf(item, states);
    return item.phase === "past" && state !== null && state !== "signed";
  });

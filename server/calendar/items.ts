import { plusDays } from "../../pipelines/cycle-days.ts";
import type { Duty } from "../../pipelines/cycle-file.ts";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import type { PublishedTarget } from "../catalogue.ts";
import { Problem } from "../problem.ts";
import type { Snapshot } from "../snapshot.ts";
import { calendarOf, phaseOf, usualWindow, type CalendarItem, type CalendarTarget } from "./calendar.ts";

/** Which items are asked for. */
export interface CalendarQuestion {
  from?: string | undefined;
  to?: string | undefined;
  /** Null: of all. What is of everyone belongs to each unit. */
  unit: string[] | null;
  kind: string[] | null;
}

/** What an answer about the calendar is made of besides the snapshot. */
export interface Due {
  duties: readonly Duty[];
  /** The day of the question, where the monitor's people are. */
  today: string;
}

/** An item as it stands on a day; without a page while that is not there yet. */
export type DatedItem = Omit<CalendarItem, "address"> & {
  phase: ReturnType<typeof phaseOf>;
  address: string | null;
};

/** More than this nobody reads, and no answer should take long. */
const mostDays = 10 * 366;

/** The items of a question, in order of time; 400 for days that make no sense. */
export function itemsOf({ catalogue }: Snapshot, { duties, today }: Due, question: CalendarQuestion): DatedItem[] {
  const usual = usualWindow(today);
  const { from = usual.from, to = usual.to } = question;
  if (from > to) throw new Problem(400, `from: ${from} is after to, ${to}`, { code: "bad-query" });
  if (plusDays(from, mostDays) < to)
    throw new Problem(400, `from ${from} to ${to} is more than ten years; ask in parts`, { code: "bad-query" });
  const targets = [...catalogue.targets.values()].flatMap((target): CalendarTarget[] => {
    const definition = catalogue.definitions.get(target.indicator_id);
    return definition ? [{ ...target, title: titleOf(target, definition) }] : [];
  });
  const { unit, kind } = question;
  return calendarOf(duties, [...catalogue.units.values()].flat(), targets, from, to)
    .filter((item) => !kind || kind.includes(item.kind))
    .filter((item) => !unit || item.unit_id === null || unit.includes(item.unit_id))
    .map((item) => dated(item, today));
}

/** A review is there when its half-year is over, and what follows on it begins later still. */
function dated(item: CalendarItem, today: string): DatedItem {
  const phase = phaseOf(item, today);
  return { ...item, phase, address: phase === "ahead" && /^\/review\b/.test(item.address) ? null : item.address };
}

/** What a target is about: the figure, or a part of it. */
function titleOf(target: PublishedTarget, { title, breakdowns }: Definition): { nl: string; en: string } {
  const { breakdown, breakdown_value } = target;
  if (!breakdown) return title;
  const parts = breakdowns.find(({ name }) => name === breakdown);
  const value = breakdown_value && (parts?.values[breakdown_value] ?? { nl: breakdown_value, en: breakdown_value });
  const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
  const of = (locale: "nl" | "en", per: string) =>
    `${title[locale]} (${value ? value[locale] : `${per} ${lower(parts?.title[locale] ?? breakdown)}`})`;
  return { nl: of("nl", "per"), en: of("en", "by") };
}

import { dueOn, periodsOf, plusDays, startsOn, type CyclePeriod, type Span } from "../../pipelines/cycle-days.ts";
import type { Duty, DutyKind } from "../../pipelines/cycle-file.ts";
import { takeTurns } from "./turns.ts";

/** A unit in one period of its life. */
export interface CalendarUnit {
  unit_id: string;
  level: string;
  valid_from: string | null;
  valid_to: string | null;
}

/** A target that ends. */
export interface CalendarTarget {
  indicator_id: string;
  unit_id: string;
  breakdown?: string | null;
  breakdown_value?: string | null;
  from: string;
  to: string;
  source: string;
  /** What its indicator is called. */
  title: { nl: string; en: string };
}

/** Something that is due once. */
export interface CalendarItem {
  /** The same for ever, whatever else is due and when the question is asked. */
  item_id: string;
  duty_id: string;
  kind: DutyKind;
  /** Null: of the whole force and everyone in it. */
  unit_id: string | null;
  /** The period that it is about: 2016-H2, 2016, 2016-2017; of a target its first and last day. */
  period: string;
  title_nl: string;
  title_en: string;
  /** Of a target, the figure that it is of. */
  about_nl: string | null;
  about_en: string | null;
  note_nl: string | null;
  note_en: string | null;
  source: string;
  starts_on: string;
  /** The last day on which it is in time. */
  due_on: string;
  /** Path of the page in the monitor that it is about. */
  address: string;
}

/** Longest time between a period and what is due for it, in years: offsets are not longer. */
const longest = 4;

/** All that is due from one day to another, both included, in order of time. */
export function calendarOf(
  duties: readonly Duty[],
  units: readonly CalendarUnit[],
  targets: readonly CalendarTarget[],
  from: string,
  to: string,
): CalendarItem[] {
  const years = { from: Number(from.slice(0, 4)) - longest, to: Number(to.slice(0, 4)) };
  return duties
    .flatMap((duty) => (duty.kind === "target" ? ofTargets(duty, targets) : ofPeriods(duty, units, years)))
    .filter(({ due_on }) => due_on >= from && due_on <= to)
    .sort((a, b) => compare(a.due_on, b.due_on) || compare(a.starts_on, b.starts_on) || compare(a.item_id, b.item_id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function ofPeriods(duty: Duty, units: readonly CalendarUnit[], years: { from: number; to: number }): CalendarItem[] {
  const { every, since, until } = duty;
  if (!every || since === undefined) return [];
  return periodsOf({ every, since, until }, years).flatMap((period) => {
    if (duty.spread)
      return takeTurns(livesOf(units, duty.for), period, duty.spread.order).map(({ unit_id, start, end }) =>
        itemOf(duty, period, unit_id, { starts_on: start, due_on: end }),
      );
    const days = { starts_on: startsOn(period, duty.starts!), due_on: dueOn(period, duty.due!) };
    // Who is there at the end of the period answers for it.
    const holders =
      duty.for.length === 0
        ? [null]
        : livesOf(units, duty.for)
            .filter(({ start, end }) => start <= period.end && end >= period.end)
            .map(({ unit_id }) => unit_id);
    return holders.map((unit) => itemOf(duty, period, unit, days));
  });
}

function ofTargets(duty: Duty, targets: readonly CalendarTarget[]): CalendarItem[] {
  return targets.map((target) => {
    const span = { start: target.from, end: target.to };
    const { indicator_id, unit_id, breakdown, breakdown_value, title } = target;
    const name = [indicator_id, unit_id, breakdown, breakdown_value].filter(Boolean).join(".");
    return {
      ...wordsOf(duty),
      item_id: `${duty.id}.${target.to}.${name}`,
      unit_id,
      period: target.from === target.to ? target.to : `${target.from}/${target.to}`,
      about_nl: title.nl,
      about_en: title.en,
      source: target.source,
      starts_on: startsOn(span, duty.starts!),
      due_on: dueOn(span, duty.due!),
      address: filled(duty.page ?? "/indicator/{indicator}?unit={unit}", { indicator: indicator_id, unit: unit_id }),
    };
  });
}

function itemOf(
  duty: Duty,
  { code }: CyclePeriod,
  unit: string | null,
  days: Pick<CalendarItem, "starts_on" | "due_on">,
): CalendarItem {
  const own = duty.kind === "review" ? "/review/{unit}/{half}" : unit === null ? "/" : "/unit/{unit}";
  return {
    ...wordsOf(duty),
    item_id: [duty.id, code, ...(unit === null ? [] : [unit])].join("."),
    unit_id: unit,
    period: code,
    ...days,
    address: filled(duty.page ?? own, { half: code, unit: unit ?? "" }),
  };
}

const wordsOf = ({ id, kind, title, note, source }: Duty) => ({
  duty_id: id,
  kind,
  title_nl: title.nl,
  title_en: title.en,
  about_nl: null,
  about_en: null,
  note_nl: note?.nl ?? null,
  note_en: note?.en ?? null,
  source: source.join("; "),
});

const filled = (page: string, values: Record<string, string>): string =>
  page.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));

/** From when to when each unit of the levels is there; in order of their ids. */
function livesOf(units: readonly CalendarUnit[], levels: readonly string[]): (Span & { unit_id: string })[] {
  const lives = new Map<string, Span>();
  for (const { unit_id, level, valid_from, valid_to } of units) {
    if (!levels.includes(level)) continue;
    const [start, end] = [valid_from ?? "0000-01-01", valid_to ?? "9999-12-31"];
    const known = lives.get(unit_id) ?? { start, end };
    lives.set(unit_id, { start: start < known.start ? start : known.start, end: end > known.end ? end : known.end });
  }
  return [...lives].map(([unit_id, span]) => ({ unit_id, ...span })).sort((a, b) => compare(a.unit_id, b.unit_id));
}

/** Where on that day an item stands. */
export function phaseOf(item: Pick<CalendarItem, "starts_on" | "due_on">, today: string): "ahead" | "open" | "past" {
  if (item.due_on < today) return "past";
  return item.starts_on <= today ? "open" : "ahead";
}

/** From the first day of the month two months ago to the last day of the month in a year: what is asked where nobody says. */
export function usualWindow(today: string): { from: string; to: string } {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1];
  const first = (months: number) => new Date(Date.UTC(year, month + months, 1)).toISOString().slice(0, 10);
  return { from: first(-2), to: plusDays(first(13), -1) };
}

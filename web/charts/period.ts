/** How long a figure's period is; `r12` the last 12 months, `target` from the start of the target to date. */
export type Grain = "month" | "quarter" | "half" | "year" | "r12" | "target";

/** The grains a reader can choose; each divides the year. */
export const calendarGrains = ["month", "quarter", "half", "year"] as const;
export type CalendarGrain = (typeof calendarGrains)[number];

/** A period, both days included, as ISO dates. */
export interface Period {
  grain: Grain;
  period_start: string;
  period_end: string;
}

const months: Record<CalendarGrain, number> = { month: 1, quarter: 3, half: 6, year: 12 };
const dayLength = 24 * 60 * 60 * 1000;

/** Milliseconds of the start of an ISO date, UTC. */
export const instant = (date: string): number => Date.parse(`${date.slice(0, 10)}T00:00:00Z`);

/** The ISO date so many days later. */
export const addDays = (date: string, days: number): string => isoDate(instant(date) + days * dayLength);

export const isCalendarGrain = (grain: string): grain is CalendarGrain => grain in months;

/** The period of a grain that holds a day. */
export function periodAt(grain: CalendarGrain, date: string): Period {
  const length = months[grain];
  const month = Number(date.slice(5, 7)) - 1;
  return periodFrom(grain, Number(date.slice(0, 4)), Math.floor(month / length) * length);
}

/** The period so many steps later (or earlier, when negative). */
export function stepPeriod(period: Period & { grain: CalendarGrain }, steps: number): Period {
  const month = Number(period.period_start.slice(5, 7)) - 1 + steps * months[period.grain];
  return periodFrom(period.grain, Number(period.period_start.slice(0, 4)), month);
}

/**
 * The period that a code in the address names, at the grain asked for; the last complete one where it names none, or
 * one without data: before the first day or after the last.
 */
export function chosenPeriod(code: string | null, grain: CalendarGrain, first: string, through: string): Period {
  const read = readPeriod(code ?? "");
  if (!read || read.period_start > through || read.period_end < first) return lastComplete(grain, through);
  return read.grain === grain ? read : periodAt(grain, read.period_end);
}

/** All periods of a grain from the one that holds `from` to the one that holds `to`. */
export function periodsBetween(grain: CalendarGrain, from: string, to: string): Period[] {
  const periods: Period[] = [];
  let period = periodAt(grain, from);
  while (period.period_start <= to) {
    periods.push(period);
    period = stepPeriod({ ...period, grain }, 1);
  }
  return periods;
}

/** The last period that is wholly over on a day; the day itself counts. */
export function lastComplete(grain: CalendarGrain, through: string): Period {
  const period = periodAt(grain, through);
  return period.period_end <= through ? period : stepPeriod({ ...period, grain }, -1);
}

/** A period as the address and the interface write it: `2016-H2`, `2016-Q3`, `2016-07`, `2016`. */
export function periodCode(period: Period): string {
  const year = period.period_start.slice(0, 4);
  const month = Number(period.period_start.slice(5, 7)) - 1;
  if (period.grain === "month") return period.period_start.slice(0, 7);
  if (period.grain === "quarter") return `${year}-Q${Math.floor(month / 3) + 1}`;
  if (period.grain === "half") return `${year}-H${Math.floor(month / 6) + 1}`;
  if (period.grain === "year") return year;
  return period.period_end;
}

/** A period from its code; null for a text that is none. */
export function readPeriod(code: string): Period | null {
  const found = /^(\d{4})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?$/.exec(code);
  if (!found) return null;
  const year = Number(found[1]);
  if (found[2]) return periodFrom("half", year, (Number(found[2]) - 1) * 6);
  if (found[3]) return periodFrom("quarter", year, (Number(found[3]) - 1) * 3);
  if (found[4]) return periodFrom("month", year, Number(found[4]) - 1);
  return periodFrom("year", year, 0);
}

/** Where a figure stands on the time axis, in milliseconds: the middle of its period, the end of a running one. */
export function position(period: Period): number {
  if (period.grain === "r12" || period.grain === "target") return instant(period.period_end);
  return (instant(period.period_start) + instant(period.period_end) + dayLength) / 2;
}

/** The end of a period on the time axis: the first instant after it. */
export const endOf = (date: string): number => instant(date) + dayLength;

/** Those that were asked for before: pages ask the same ones for every figure, and to write a date takes long. */
const known = new Map<string, Readonly<Period>>();

function periodFrom(grain: CalendarGrain, year: number, month: number): Period {
  const key = `${grain} ${year * 12 + month}`;
  const period = known.get(key) ?? {
    grain,
    period_start: isoDate(Date.UTC(year, month, 1)),
    period_end: isoDate(Date.UTC(year, month + months[grain], 0)),
  };
  known.set(key, period);
  return period;
}

function isoDate(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

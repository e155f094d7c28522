/** A grain whose periods the calendar gives. */
export type CalendarGrain = "month" | "quarter" | "half" | "year";

export interface Period {
  /** First and last day. */
  start: string;
  end: string;
}

const monthsIn: Record<CalendarGrain, number> = { month: 1, quarter: 3, half: 6, year: 12 };

const patterns: Record<CalendarGrain, RegExp> = {
  month: /^([12]\d{3})-(0[1-9]|1[0-2])$/,
  quarter: /^([12]\d{3})-Q([1-4])$/,
  half: /^([12]\d{3})-H([12])$/,
  year: /^([12]\d{3})$/,
};

/** How a period of each grain is written. */
export const examples: Record<CalendarGrain, string> = {
  month: "2016-07",
  quarter: "2016-Q3",
  half: "2016-H2",
  year: "2016",
};

const iso = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/** The n-th period of the year, from 0. */
function periodOf(grain: CalendarGrain, year: number, index: number): Period {
  const months = monthsIn[grain];
  return { start: iso(year, index * months, 1), end: iso(year, (index + 1) * months, 0) };
}

/** `2016-H2` as its days; null for a text that is no period of the grain. */
export function parsePeriod(grain: CalendarGrain, text: string): Period | null {
  const found = patterns[grain].exec(text);
  return found && periodOf(grain, Number(found[1]), Number(found[2] ?? 1) - 1);
}

/** The last period of the grain that is over on that day. */
export function lastPeriod(grain: CalendarGrain, day: string): Period {
  const months = monthsIn[grain];
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 60 * 60 * 1000);
  const index = Math.floor(next.getUTCMonth() / months) - 1;
  return index < 0
    ? periodOf(grain, next.getUTCFullYear() - 1, 12 / months - 1)
    : periodOf(grain, next.getUTCFullYear(), index);
}

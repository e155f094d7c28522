import type { Feed, Load } from "../api.ts";

/**
 * What a month of a feed's strip says: data are there (of all units, or of a part of them), they lack between others,
 * they are late, expected by now, or not expected yet; or nothing is asked of the month: before the first, or without a cadence.
 */
export type MonthState = "covered" | "partial" | "missing" | "late" | "due" | "ahead" | "none";

export interface StripMonth {
  /** Its first day. */
  month: string;
  state: MonthState;
}

export interface Strip {
  months: StripMonth[];
  /** Moments of loading as months from the strip's start: 1.5 is halfway its second month. */
  loaded: number[];
}

interface Setting {
  /** The day up to which the strip goes. */
  today: string;
  /** How many months it shows. */
  count: number;
  /** Units that only together make the force: all below it. */
  parts: string[];
  /** The unit above all. */
  force: string | null;
}

const monthsOf: Record<string, number> = { month: 1, quarter: 3, half: 6, year: 12 };

/** A feed's months up to today, against its cadence, with the moments at which something was loaded. */
export function stripOf(
  feed: Pick<Feed, "cadence" | "covered_to" | "due_on" | "overdue_on" | "freshness">,
  loads: Pick<Load, "from_month" | "to_month" | "unit_id" | "finished_at">[],
  setting: Setting,
): Strip {
  const last = numberOf(setting.today);
  const first = last - setting.count + 1;
  const spans = loads.flatMap((load) =>
    load.from_month && load.to_month
      ? [{ from: numberOf(load.from_month), to: numberOf(load.to_month), unit: load.unit_id }]
      : [],
  );
  const begun = spans.reduce((least, span) => Math.min(least, span.from), Infinity);
  const covered = feed.covered_to ? numberOf(feed.covered_to) : null;
  const months = Array.from({ length: setting.count }, (_, index) => {
    const month = first + index;
    return { month: dayOf(month), state: stateOf(month) };
  });
  const loaded = loads.map((load) => momentOf(load.finished_at) - first).filter((each) => each >= 0);
  return { months, loaded: [...new Set(loaded.map((each) => Math.round(each * 20) / 20))].sort((a, b) => a - b) };

  function stateOf(month: number): MonthState {
    const units = spans.filter((span) => span.from <= month && month <= span.to).map((span) => span.unit);
    if (units.length > 0) return isWhole(units) ? "covered" : "partial";
    const size = monthsOf[feed.cadence];
    if (!size || covered === null || month < begun) return "none";
    if (month > covered) return expectedOf(month, covered, size);
    return isIn(startOf(month, size), size) ? "none" : "missing";
  }

  /** Whether any month of a period is there: of a yearly feed one month is the year. */
  function isIn(start: number, size: number): boolean {
    return spans.some((span) => span.from < start + size && span.to >= start);
  }

  function isWhole(units: (string | null)[]): boolean {
    if (units.some((unit) => unit === null || unit === setting.force)) return true;
    return setting.parts.length > 0 && setting.parts.every((part) => units.includes(part));
  }

  /** The next period is judged as the pipelines judged it, those after it by the same number of days. */
  function expectedOf(month: number, coveredTo: number, size: number): MonthState {
    if (!feed.due_on || !feed.overdue_on) return "ahead";
    const endOf = (each: number) => startOf(each, size) + size - 1;
    const next = endOf(coveredTo + 1);
    const shift = (day: string) => shiftMonths(day, endOf(month) - next);
    if (endOf(month) === next)
      return feed.freshness === "overdue" ? "late" : feed.freshness === "due" ? "due" : "ahead";
    if (setting.today > shift(feed.overdue_on)) return "late";
    return setting.today > shift(feed.due_on) ? "due" : "ahead";
  }
}

/** The years of a strip with the place of their January; of those that begin too near its end there is no room for the name. */
export function yearsOf(strip: Strip): { year: string; at: number }[] {
  return strip.months.flatMap(({ month }, at) =>
    month.slice(5, 7) === "01" && at <= strip.months.length - 4 ? [{ year: month.slice(0, 4), at }] : [],
  );
}

/** Runs of months in one state, for saying the strip in words. */
export function runsOf(strip: Strip): { state: MonthState; from: string; to: string }[] {
  const runs: { state: MonthState; from: string; to: string }[] = [];
  for (const { month, state } of strip.months) {
    const run = runs.at(-1);
    if (run?.state === state) run.to = month;
    else runs.push({ state, from: month, to: month });
  }
  return runs;
}

/** The first month of the period that a month is in. */
const startOf = (month: number, size: number): number => Math.floor(month / size) * size;

/** Months since the year 0. */
const numberOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

const dayOf = (month: number): string => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01`;

/** The same with the days of the month as a fraction. */
const momentOf = (day: string): number => numberOf(day) + (Number(day.slice(8, 10)) - 1) / 31;

function shiftMonths(day: string, months: number): string {
  return `${dayOf(numberOf(day) + months).slice(0, 8)}${day.slice(8, 10)}`;
}

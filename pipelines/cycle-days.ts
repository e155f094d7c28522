/** How often a duty comes back. Two years are counted from the duty's first year on. */
export const cycles = ["half-year", "year", "two-years"] as const;
export type Cycle = (typeof cycles)[number];

/** First and last day. */
export interface Span {
  start: string;
  end: string;
}

/** A period in which a duty falls due once. */
export interface CyclePeriod extends Span {
  /** As 2016-H2, 2016, 2016-2017. */
  code: string;
}

/** So long after the first or the last day of a period. */
export interface Offset {
  from: "start" | "end";
  days?: number | undefined;
  weeks?: number | undefined;
  months?: number | undefined;
}

const msInDay = 86_400_000;

export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * msInDay).toISOString().slice(0, 10);

/** The same day so many months later, or the last one of a shorter month. */
function plusMonths(day: string, months: number): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + months, 0));
  return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(date, last.getUTCDate())))
    .toISOString()
    .slice(0, 10);
}

/** The day on which something begins: nothing after the start is the first day, nothing after the end the day after the last. */
export function startsOn({ start, end }: Span, { from, days = 0, weeks = 0, months = 0 }: Offset): string {
  const base = from === "start" ? start : plusDays(end, 1);
  return plusDays(plusMonths(base, months), days + weeks * 7);
}

/** The last day on which something is in time: nothing after the end is the last day, twelve months after the start the last of these. */
export const dueOn = (span: Span, offset: Offset): string => plusDays(startsOn(span, offset), -1);

/** The periods that overlap with the years, in order; none before the first year of the duty, none after its last. */
export function periodsOf(
  { every, since, until }: { every: Cycle; since: number; until?: number | undefined },
  years: { from: number; to: number },
): CyclePeriod[] {
  const step = every === "two-years" ? 2 : 1;
  const found: CyclePeriod[] = [];
  const first = since + Math.max(0, Math.floor((years.from - since) / step)) * step;
  for (let year = first; year <= Math.min(years.to, until ?? years.to); year += step) {
    if (every === "half-year")
      found.push(
        { code: `${year}-H1`, start: `${year}-01-01`, end: `${year}-06-30` },
        { code: `${year}-H2`, start: `${year}-07-01`, end: `${year}-12-31` },
      );
    else if (every === "year") found.push({ code: String(year), start: `${year}-01-01`, end: `${year}-12-31` });
    else found.push({ code: `${year}-${year + 1}`, start: `${year}-01-01`, end: `${year + 1}-12-31` });
  }
  return found;
}

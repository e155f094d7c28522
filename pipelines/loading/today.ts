import type { Context } from "../context.ts";

/** Today, as ISO date, where the organisation is. */
export const today = (context: Pick<Context, "settings" | "now">): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone: context.settings.timeZone }).format(context.now());

/** The first day of the month that lies so many months before a day's. */
export function monthsBefore(day: string, months: number): string {
  const [year, month] = day.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}

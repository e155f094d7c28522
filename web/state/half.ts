import type { Period } from "../charts/period.ts";

/** 2016-H2 as a period; the text must be a half-year. */
export function halfPeriod(half: string): Period {
  const year = half.slice(0, 4);
  const [from, to] = half.endsWith("H1") ? ["01-01", "06-30"] : ["07-01", "12-31"];
  return { grain: "half", period_start: `${year}-${from}`, period_end: `${year}-${to}` };
}

/** The half-year that a day lies in: "2016-H2". */
export const halfOf = (day: string): string => `${day.slice(0, 4)}-H${day.slice(5, 7) <= "06" ? 1 : 2}`;

import { parsePeriod } from "../period.ts";

/** A half-year with its days. */
export interface Half {
  /** As 2016-H2. */
  half: string;
  start: string;
  end: string;
}

/** 2016-H2 with its days; null for what is no half-year. */
export function halfOf(text: string): Half | null {
  const period = parsePeriod("half", text);
  return period && { half: text, ...period };
}

/** The half-year before. */
export function halfBefore({ half }: Half): Half {
  const year = Number(half.slice(0, 4));
  return halfOf(half.endsWith("H2") ? `${year}-H1` : `${year - 1}-H2`)!;
}

/** The last half-year that is over on that day. */
export function lastHalf(day: string): Half {
  const year = Number(day.slice(0, 4));
  const [first, second, before] = [`${year}-H1`, `${year}-H2`, `${year - 1}-H2`].map((text) => halfOf(text)!);
  return day > second!.end ? second! : day > first!.end ? first! : before!;
}

import type { Dialect } from "./dialect.ts";

/** How a text writes a day: regular expressions between which year, month and day stand. */
export type DayFormat = (string | Part)[];

type Part = { part: "year" | "month" | "day"; digits: string };

const parts: Record<string, Part> = {
  Y: { part: "year", digits: "[0-9]{4}" },
  m: { part: "month", digits: "[0-9]{1,2}" },
  d: { part: "day", digits: "[0-9]{1,2}" },
};

const hours = "([01]?[0-9]|2[0-3])";
const sixty = "[0-5]?[0-9]";

/** Times say nothing of the day, but with one that no clock has the loader reads none. */
const times: Record<string, string> = { H: hours, I: "(0?[1-9]|1[0-2])", M: sixty, S: sixty };

/** What may stand between them. */
const between = /^[-\s.,/:_TZ]*$/;

/** A format as in strftime; null for one with more than years, months, days and times in digits, which engines do not read alike. */
export function readFormat(format: string): DayFormat | null {
  const found: DayFormat = [];
  for (const [, code, text] of format.matchAll(/%(.)|([^%]+)/gs)) {
    if (text !== undefined && between.test(text)) found.push(text.replaceAll(".", "[.]"));
    else if (parts[code!]) found.push(parts[code!]!);
    else if (times[code!]) found.push(times[code!]!);
    else return null;
  }
  const names = found.flatMap((each) => (typeof each === "string" ? [] : each.part));
  if (["day", "month", "year"].join() !== [...names].sort().join()) return null;
  // Of digits that nothing parts it is known whose they are only where none is left out.
  const isParted = found.every((each, at) => typeof each === "string" || typeof found[at + 1] !== "object");
  return isParted ? found : found.map((each) => (typeof each === "string" ? each : strict(each.part)));
}

const zone = "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?";
const time = `([T ] *${hours}:${sixty}(:${sixty}([.][0-9]+)?${zone})?)?`;
const dutchTime = `( +${hours}:${sixty}(:${sixty})?)?`;
const strict = (part: Part["part"]): Part => ({ part, digits: part === "year" ? "[0-9]{4}" : "[0-9]{2}" });
const { Y, m, d } = parts as Record<"Y" | "m" | "d", Part>;

/** Those that the loader reads where no mapping fixes one. */
export const usualFormats: DayFormat[] = [
  [Y, "-", m, "-", d, time],
  [d, "-", m, "-", Y, dutchTime],
  [d, "/", m, "/", Y, dutchTime],
  [Y, "/", m, "/", d],
  [strict("year"), strict("month"), strict("day")],
  [d, "[.]", m, "[.]", Y],
];

/** A regular expression of a format, in which one part is the first group, or none. */
function patternOf(format: DayFormat, captured?: Part["part"]): string {
  const written = format.map((each) =>
    typeof each === "string" ? each.replaceAll("(", "(?:") : each.part === captured ? `(${each.digits})` : each.digits,
  );
  return `^${written.join("")}$`;
}

/** The day that a text means, NULL where it means none. */
export function dayOfText(text: string, formats: DayFormat[], dialect: Dialect): string {
  const cases = formats.map((format) => {
    const [year, month, day] = (["year", "month", "day"] as const).map((part) =>
      dialect.captured(text, patternOf(format, part)),
    ) as [string, string, string];
    return `when ${dialect.matches(text, patternOf(format))} then ${dialect.calendar(year, month, day)}`;
  });
  return `case ${cases.join("\n      ")} end`;
}

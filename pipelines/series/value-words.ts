import type { Said } from "./figure.ts";
import type { Language } from "./period.ts";

type Numbers = Pick<Said, "kind" | "decimals">;

const parts = new Set(["share", "score", "coverage"]);
const counts = new Set(["count", "cumulative"]);

/** Whether the value is a part of a whole, 0..1, and written as a percentage. */
export const isPart = ({ kind }: Pick<Said, "kind">): boolean => parts.has(kind);

/** Whether the value is a number of things. */
export const isCount = ({ kind }: Pick<Said, "kind">): boolean => counts.has(kind);

/** A value as the page writes it: "22,4%", "6,5", "1.406", "+12,5%". `short` leaves out zeros at the end. */
export function valueInWords(language: Language, value: number, definition: Numbers, short: boolean): string {
  const least = short ? 0 : definition.decimals;
  if (isPart(definition)) return `${number(language, value * 100, least, definition.decimals)}%`;
  if (definition.kind === "change") {
    const size = number(language, Math.abs(value) * 100, least, definition.decimals);
    // A change that is written as 0 has no direction.
    const sign = /[1-9]/.test(size) ? (value > 0 ? "+" : "-") : "";
    return `${sign}${size}%`;
  }
  return number(language, value, isCount(definition) ? 0 : least, definition.decimals);
}

const locales: Record<Language, string> = { nl: "nl-NL", en: "en-GB" };

/** A number with at least and at most so many decimals. */
export function number(language: Language, value: number, least: number, most: number): string {
  const key = `${language} ${least} ${most}`;
  const format =
    numberFormats.get(key) ??
    new Intl.NumberFormat(locales[language], { minimumFractionDigits: least, maximumFractionDigits: most });
  numberFormats.set(key, format);
  return format.format(value);
}

/** Making a format takes far longer than using it. */
const numberFormats = new Map<string, Intl.NumberFormat>();

/** A whole number; nothing where there is none. */
export const count = (language: Language, value: number | null | undefined): string =>
  value === null || value === undefined ? "" : number(language, value, 0, 0);

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const uncapital = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

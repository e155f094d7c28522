import { periodCode, type Period } from "./charts/period.ts";

export type Language = "nl" | "en";

/** What must be known of an indicator to write its values. */
export interface Measure {
  kind: string;
  /** Digits after the decimal sign, as shown: of a share those of the percentage. */
  decimals: number;
}

const locales: Record<Language, string> = { nl: "nl-NL", en: "en-GB" };
const shares = new Set(["share", "score", "coverage", "change"]);
const cache = new Map<string, Intl.NumberFormat>();
/** Names of the months: asking for them anew takes a hundred times as long. */
const months = new Map<string, string[]>();

/** Whether values run from 0 to 1 and are written as percentages. */
export const isShare = (measure: Pick<Measure, "kind">): boolean => shares.has(measure.kind);

/** A number with the language's signs: 1.406,5 in Dutch. */
export function formatNumber(value: number, language: Language, decimals = 0): string {
  return numberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(
    tidy(value),
  );
}

/** A share (0..1) as a percentage: 0.224 is "22,4%". */
export function formatShare(value: number, language: Language, decimals = 0): string {
  return `${formatNumber(value * 100, language, decimals)}%`;
}

/** A value as its indicator writes it: "22,4%", "6,5", "66 dagen", "+12%". */
export function formatValue(value: number, measure: Measure, language: Language): string {
  if (measure.kind === "change") return `${value > 0 ? "+" : ""}${formatShare(value, language, measure.decimals)}`;
  if (isShare(measure)) return formatShare(value, language, measure.decimals);
  if (measure.kind === "duration") return `${formatNumber(value, language, measure.decimals)} ${days[language]}`;
  return formatNumber(value, language, measure.decimals);
}

/** A target as people say it: no decimals that say nothing ("25%", "6", "0,5"). */
export function formatTarget(value: number, measure: Measure, language: Language): string {
  // Of what is covered a number may be asked: so many, not a part.
  if (measure.kind === "coverage" && value > 1) return formatNumber(value, language);
  const shown = isShare(measure) ? value * 100 : value;
  const decimals = [0, 1, 2].find((each) => Math.abs(shown - Number(shown.toFixed(each))) < 1e-9) ?? 2;
  return formatValue(value, { ...measure, decimals }, language);
}

/** "315 van 1.406": a figure with its base. */
export function formatOf(numerator: number, denominator: number, language: Language): string {
  return `${formatNumber(numerator, language)} ${of[language]} ${formatNumber(denominator, language)}`;
}

/** "13,9% tot 17,4%": an interval; null where it has no ends. */
export function formatInterval(
  lower: number | null,
  upper: number | null,
  measure: Measure,
  language: Language,
): string | null {
  if (lower === null || upper === null) return null;
  return `${formatValue(lower, measure, language)} ${to[language]} ${formatValue(upper, measure, language)}`;
}

/** A day: "31 december 2016" or, short, "31 dec 2016". Takes ISO dates and times. */
export function formatDate(date: string, language: Language, style: "long" | "short" = "long"): string {
  const month = monthName(Number(date.slice(5, 7)), language, style);
  return `${Number(date.slice(8, 10))} ${month} ${date.slice(0, 4)}`;
}

/** A date of which perhaps only the year, or year and month, is known: "2017-05" is "mei 2017". */
export function formatPartialDate(date: string, language: Language): string {
  if (/^\d{4}-\d{2}$/.test(date)) return `${monthName(Number(date.slice(5)), language, "long")} ${date.slice(0, 4)}`;
  return /^\d{4}-\d{2}-\d{2}/.test(date) ? formatDate(date, language, "short") : date;
}

/** A moment in the reader's own time zone: "24 nov 2026, 03:49". */
export function formatMoment(iso: string, language: Language): string {
  const time = new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(iso) ? iso : `${iso.replace(" ", "T")}Z`);
  return new Intl.DateTimeFormat(locales[language], {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).format(time);
}

/** A period in short ("2016-I", "2016-K3", "jan ’16", "2016") or in words ("eerste helft van 2016"). */
export function formatPeriod(period: Period, language: Language, style: "short" | "long" = "long"): string {
  const year = period.period_start.slice(0, 4);
  const month = Number(period.period_start.slice(5, 7));
  if (period.grain === "month")
    return style === "short"
      ? `${monthName(month, language, "short")} ’${year.slice(2)}`
      : `${monthName(month, language, "long")} ${year}`;
  if (period.grain === "quarter") {
    const number = Math.ceil(month / 3);
    return style === "short" ? `${year}-${language === "nl" ? "K" : "Q"}${number}` : quarter[language](number, year);
  }
  if (period.grain === "half") {
    const first = month <= 6;
    return style === "short" ? `${year}-${first ? "I" : "II"}` : half[language](first, year);
  }
  if (period.grain === "year") return year;
  const end = formatDate(period.period_end, language, "short");
  if (period.grain === "r12") return style === "short" ? end : year12[language](end);
  return `${formatDate(period.period_start, language, "short")} – ${end}`;
}

/** The choice of a period in a list: "2016, tweede helft" sorts the year first. */
export function formatPeriodChoice(period: Period, language: Language): string {
  const words = formatPeriod(period, language);
  return period.grain === "half" || period.grain === "quarter"
    ? `${period.period_start.slice(0, 4)}, ${words.replace(/ (?:van|of) \d{4}$/, "")}`
    : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Short month names for axes, January first. */
export const shortMonths = (language: Language): string[] =>
  Array.from({ length: 12 }, (_, index) => monthName(index + 1, language, "short"));

/** The signs of numbers as Vega's `locale` option wants them. */
export const numberSigns = (
  language: Language,
): { decimal: string; thousands: string; grouping: number[]; currency: [string, string] } => ({
  decimal: language === "nl" ? "," : ".",
  thousands: language === "nl" ? "." : ",",
  grouping: [3],
  currency: ["€", ""],
});

/** A text from a bilingual field; the other language where one is missing. */
export function inLanguage(text: { nl?: string; en?: string } | string | null | undefined, language: Language): string {
  if (typeof text === "string") return text;
  return text?.[language] ?? text?.nl ?? text?.en ?? "";
}

export { periodCode };

const of = { nl: "van", en: "of" };
const to = { nl: "tot", en: "to" };
const days = { nl: "dagen", en: "days" };
const half = {
  nl: (first: boolean, year: string) => `${first ? "eerste" : "tweede"} helft van ${year}`,
  en: (first: boolean, year: string) => `${first ? "first" : "second"} half of ${year}`,
};
const ordinals = { nl: ["eerste", "tweede", "derde", "vierde"], en: ["first", "second", "third", "fourth"] };
const quarter = {
  nl: (number: number, year: string) => `${ordinals.nl[number - 1]} kwartaal van ${year}`,
  en: (number: number, year: string) => `${ordinals.en[number - 1]} quarter of ${year}`,
};
const year12 = {
  nl: (end: string) => `12 maanden tot en met ${end}`,
  en: (end: string) => `12 months to ${end}`,
};

function monthName(month: number, language: Language, style: "long" | "short"): string {
  const key = `${language} ${style}`;
  let names = months.get(key);
  if (!names) {
    const { format } = new Intl.DateTimeFormat(locales[language], { month: style, timeZone: "UTC" });
    names = Array.from({ length: 12 }, (_, index) => format(new Date(Date.UTC(2016, index, 15))).replace(/\.$/, ""));
    months.set(key, names);
  }
  return names[month - 1]!;
}

function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${options.minimumFractionDigits}`;
  let format = cache.get(key);
  if (!format) cache.set(key, (format = new Intl.NumberFormat(locales[language], options)));
  return format;
}

/** No "-0". */
const tidy = (value: number): number => (value === 0 ? 0 : value);

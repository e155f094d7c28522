export type Language = "nl" | "en";

/** A period as a figure has it. */
export interface Period {
  grain: string;
  period_start: string;
  period_end: string;
  complete?: boolean;
}

const ordinals = {
  nl: ["eerste", "tweede", "derde", "vierde"],
  en: ["first", "second", "third", "fourth"],
};

/** When a figure is of, as the beginning of a sentence: "In de eerste helft van 2016", "Op 31 december 2018". A stock is of the period's last day. */
export function periodInWords(language: Language, period: Period, stock: boolean): string {
  const { grain, period_start: start, period_end: end, complete = true } = period;
  const nl = language === "nl";
  if (stock && complete) return nl ? `Op ${dayInWords(language, end)}` : `On ${dayInWords(language, end)}`;
  if (stock)
    return nl
      ? `Volgens de laatste stand vóór ${dayInWords(language, end)}`
      : `By the last state before ${dayInWords(language, end)}`;
  const year = end.slice(0, 4);
  const month = Number(end.slice(5, 7));
  switch (grain) {
    case "month":
      return `In ${monthName(language, end)} ${year}`;
    case "quarter": {
      const ordinal = ordinals[language][month / 3 - 1];
      return nl ? `In het ${ordinal} kwartaal van ${year}` : `In the ${ordinal} quarter of ${year}`;
    }
    case "half": {
      const ordinal = ordinals[language][month / 6 - 1];
      return nl ? `In de ${ordinal} helft van ${year}` : `In the ${ordinal} half of ${year}`;
    }
    case "year":
      return `In ${year}`;
    case "r12":
      return nl
        ? `In de twaalf maanden tot en met ${monthName(language, end)} ${year}`
        : `In the twelve months to ${monthName(language, end)} ${year}`;
    default:
      return nl
        ? `Van ${dayInWords(language, start)} tot en met ${dayInWords(language, end)}`
        : `From ${dayInWords(language, start)} to ${dayInWords(language, end)}`;
  }
}

const locales: Record<Language, string> = { nl: "nl-NL", en: "en-GB" };

const dayFormat = (language: Language) =>
  new Intl.DateTimeFormat(locales[language], { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const monthFormat = (language: Language) =>
  new Intl.DateTimeFormat(locales[language], { month: "long", timeZone: "UTC" });
// Making a format takes far longer than using it.
const dayFormats = { nl: dayFormat("nl"), en: dayFormat("en") };
const monthFormats = { nl: monthFormat("nl"), en: monthFormat("en") };

type Formats = Record<Language, Intl.DateTimeFormat>;

/** Days come again and again: each is written once. */
function writer(formats: Formats): (language: Language, date: string) => string {
  const written: Record<Language, Map<string, string>> = { nl: new Map(), en: new Map() };
  return (language, date) => {
    let words = written[language].get(date);
    if (words === undefined) {
      if (written[language].size >= mostDays) written[language].clear();
      written[language].set(date, (words = formats[language].format(new Date(`${date}T00:00:00Z`))));
    }
    return words;
  };
}
const mostDays = 10_000;

/** "31 december 2018", "31 December 2018". */
export const dayInWords = writer(dayFormats);
const monthName = writer(monthFormats);

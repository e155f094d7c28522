import { aboutOutcome, aboutTarget } from "./target-words.ts";
import type { Figure, FigureTarget, Outcome, Said } from "./figure.ts";
import { periodInWords, type Language } from "./period.ts";
import { count, isCount, isPart, uncapital, valueInWords } from "./value-words.ts";

/** The sentence of a figure in a language, made from its fields alone: held against the target in force, else against the last one that is over. */
export function sentenceIn(
  language: Language,
  row: Figure,
  definition: Said,
  target: FigureTarget | null,
  ended: Outcome | null = null,
): string {
  const before = prefix(language, row, definition);
  const isSaid = row.value !== null || Boolean(row.band_side);
  const said = [
    before ? before + uncapital(figure(language, row, definition, target)) : figure(language, row, definition, target),
    isSaid ? aboutTarget(language, row, definition, target) : "",
    isSaid && !target && ended && row.breakdown === null ? aboutOutcome(language, row, definition, ended) : "",
    ...remarks(language, row, definition),
  ];
  return said.filter(Boolean).join(" ");
}

function prefix(language: Language, row: Figure, definition: Said): string {
  if (row.breakdown === null || row.breakdown_value === null) return "";
  const breakdown = definition.breakdowns.find((each) => each.name === row.breakdown);
  const value = breakdown?.values[row.breakdown_value]?.[language] ?? row.breakdown_value;
  return `${breakdown?.title[language] ?? row.breakdown} ${value}: `;
}

/** When a figure is of. A coverage is of a day; what runs on is told from its first day on: its target's, or else 1 January. */
function when(language: Language, row: Figure, { kind, stock }: Said, target: FigureTarget | null): string {
  if (kind !== "cumulative" || row.grain === "target")
    return periodInWords(language, row, stock || kind === "coverage");
  const since = target && row.target !== null ? target.from : `${row.period_end.slice(0, 4)}-01-01`;
  return periodInWords(language, { ...row, grain: "target", period_start: since }, false);
}

function figure(language: Language, row: Figure, definition: Said, target: FigureTarget | null): string {
  const period = when(language, row, definition, target);
  if (row.band_side) return `${period}: ${bandInWords(language, row)}.`;
  if (row.withheld) {
    const words = withheldWords[language];
    return `${period}: ${words[row.withheld_reason ?? "threshold"] ?? words.threshold!}.`;
  }
  if (row.value === null) {
    if (row.denominator === 0 && definition.denominator)
      return `${period}: ${language === "nl" ? "geen" : "no"} ${definition.denominator[language]}.`;
    return language === "nl" ? `${period}: geen gegevens.` : `${period}: no data.`;
  }
  const sentence =
    row.numerator === null || (row.denominator === null && !isCount(definition))
      ? definition.sentence[language].replace(/ \([^)]*\{numerator\}[^)]*\)/, "")
      : definition.sentence[language];
  // "0%" and "100%" stand for themselves.
  const isWhole = row.value === 0 || (row.value === 1 && isPart(definition));
  const value = valueInWords(language, row.value, definition, row.numerator === null || isWhole);
  const numerator = count(language, row.numerator);
  return withNumber(sentence, value, numerator)
    .replace("{period}", period)
    .replace("{value}", value)
    .replace("{numerator}", numerator)
    .replace("{denominator}", count(language, row.denominator));
}

/** Chooses of "{klacht|klachten}" the first where the number is 1: the value's, or within parentheses the numerator's. */
function withNumber(sentence: string, value: string, numerator: string): string {
  let depth = 0;
  return sentence.replace(
    /[()]|\{([^{}|]*)\|([^{}|]*)\}/g,
    (found, one: string | undefined, many: string | undefined) => {
      if (found === "(") depth++;
      if (found === ")") depth--;
      if (one === undefined || many === undefined) return found;
      return (depth > 0 ? numerator : value) === "1" ? one : many;
    },
  );
}

const withheldWords: Record<Language, Record<string, string>> = {
  nl: {
    threshold: "niet getoond (te kleine aantallen)",
    sensitive: "niet getoond (te kleine aantallen)",
    floor: "niet getoond; voor deze eenheid is dit cijfer er alleen over een langere periode of als totaal",
    incomplete: "niet getoond zolang de periode niet compleet is",
    source: "niet getoond door de bron",
    complement: "niet getoond, omdat er anders kleine aantallen mee te berekenen zijn",
    unproven: "nog niet getoond: eerst wordt berekend of het niemand verraadt",
  },
  en: {
    threshold: "not shown (numbers too small)",
    sensitive: "not shown (numbers too small)",
    floor: "not shown; for this unit the figure is there for longer periods or as a total only",
    incomplete: "not shown while the period is incomplete",
    source: "withheld by its source",
    complement: "not shown, as small numbers could be worked out with it",
    unproven: "not shown yet: first it is worked out whether it gives anyone away",
  },
};

function bandInWords(language: Language, row: Figure): string {
  const whole = count(language, row.denominator);
  const most = count(language, (row.denominator ?? 0) - 5);
  if (language === "nl") {
    const said = row.band_side === "high" ? `meer dan ${most} van ${whole}` : `minder dan 5 van ${whole}`;
    return `${said} (te kleine aantallen om precies te tonen)`;
  }
  const said = row.band_side === "high" ? `more than ${most} of ${whole}` : `fewer than 5 of ${whole}`;
  return `${said} (numbers too small to show exactly)`;
}

/** From this share of all on, those who are in neither part of a figure are spoken of. */
const manyUnknown = 0.05;

/** What the people of unknown background could hide: the share if none of them counted, and if all did. */
function aboutUnknown(language: Language, row: Figure, definition: Said): string {
  const { value, numerator, denominator, unknown } = row;
  if (definition.waiting) return aboutWaiting(language, row, definition.waiting);
  if (definition.kind !== "share" || value === null || numerator === null || !denominator || !unknown) return "";
  const all = denominator + unknown;
  if (unknown / all < manyUnknown) return "";
  const [low, high] = [numerator / all, (numerator + unknown) / all].map((each) =>
    valueInWords(language, each, definition, false),
  );
  return language === "nl"
    ? `Van ${count(language, unknown)} is dit niet bekend of niet opgegeven; met hen erbij ligt het aandeel tussen ${low} en ${high}.`
    : `Of ${count(language, unknown)} this is not known or not stated; with them the share lies between ${low} and ${high}.`;
}

/** What does not count yet stands beside a share of what does. */
function aboutWaiting(language: Language, row: Figure, waiting: Record<Language, string>): string {
  if (!row.unknown) return "";
  const number = count(language, row.unknown);
  return withNumber(waiting[language], number, number).replace("{waiting}", number);
}

/** Cases that have not ended stand beside a duration, which knows only those that have. */
function aboutOpen(language: Language, row: Figure, definition: Said): string {
  if (definition.kind !== "duration" || !row.unknown) return "";
  const open = count(language, row.unknown);
  if (language === "nl") return row.unknown === 1 ? "1 zaak loopt nog." : `${open} zaken lopen nog.`;
  return row.unknown === 1 ? "1 case is still open." : `${open} cases are still open.`;
}

const points: Record<Language, Record<string, string>> = {
  nl: { month: "maanden", quarter: "kwartalen", half: "halfjaren", year: "jaren" },
  en: { month: "months", quarter: "quarters", half: "half-years", year: "years" },
};

/** Where the last five points go; "maar" where a target was reached and they go the other way. */
function aboutTrend(language: Language, row: Figure, definition: Said): string {
  const noun = points[language][row.grain];
  if (!noun || (row.trend !== "increasing" && row.trend !== "decreasing")) return "";
  const isUp = row.trend === "increasing";
  const worse = definition.polarity === "up" ? !isUp : definition.polarity === "down" && isUp;
  const against = worse && row.judgement.startsWith("reached");
  if (language === "nl")
    return `${against ? "Maar over" : "Over"} de laatste vijf ${noun} ${isUp ? "stijgt" : "daalt"} het.`;
  return `${against ? "But over" : "Over"} the last five ${noun} it ${isUp ? "rises" : "falls"}.`;
}

function remarks(language: Language, row: Figure, definition: Said): string[] {
  const nl = language === "nl";
  return [
    aboutTrend(language, row, definition),
    aboutUnknown(language, row, definition),
    aboutOpen(language, row, definition),
    row.value !== null && definition.polarity === "neutral" ? (definition.polarity_note?.[language] ?? "") : "",
    row.reference
      ? nl
        ? "Niet van alle voorgangers van deze eenheid zijn er gegevens."
        : "Not all predecessors of this unit have data."
      : "",
    !row.complete && !row.withheld && row.value !== null && !row.reference
      ? nl
        ? "Voorlopig: de gegevens over deze periode zijn nog niet compleet."
        : "Provisional: the data of this period are not complete yet."
      : "",
    row.restated && !row.withheld ? (nl ? "Dit cijfer is herzien." : "This figure was restated.") : "",
  ];
}

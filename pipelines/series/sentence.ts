import type { Definition } from "../indicators/definition.ts";
import { dayInWords, periodInWords, type Language } from "./period.ts";

/** What a sentence is made from: the fields of a figure. */
export interface Figure {
  unit_id: string;
  grain: string;
  period_start: string;
  period_end: string;
  breakdown: string | null;
  breakdown_value: string | null;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  target: number | null;
  pace: number | null;
  judgement: string;
  complete: boolean;
  withheld: boolean;
  withheld_reason: string | null;
  restated: boolean;
  reference: boolean;
  /** Which side of a band: few, or all but few. */
  band_side?: string | null;
}

/** The target that a figure is held against. */
export interface FigureTarget {
  unit_id: string;
  goal: string;
  status: string;
  by: string;
  kind: string;
  value: number;
  tolerance: number | null;
  from: string;
  to: string;
  demo: boolean;
}

export type Said = Pick<
  Definition,
  "kind" | "stock" | "decimals" | "sentence" | "denominator" | "polarity" | "polarity_note" | "breakdowns"
>;

/** The sentence of a figure, Dutch and English, made from its fields alone. */
export function sentenceOf(row: Figure, definition: Said, target: FigureTarget | null): Record<Language, string> {
  return { nl: inLanguage("nl", row, definition, target), en: inLanguage("en", row, definition, target) };
}

function inLanguage(language: Language, row: Figure, definition: Said, target: FigureTarget | null): string {
  const before = prefix(language, row, definition);
  const said = [
    before ? before + uncapital(figure(language, row, definition)) : figure(language, row, definition),
    row.value !== null || row.band_side ? aboutTarget(language, row, definition, target) : "",
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

function figure(language: Language, row: Figure, definition: Said): string {
  const period = periodInWords(language, row, definition.stock);
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
    row.numerator === null || (row.denominator === null && definition.kind !== "count")
      ? definition.sentence[language].replace(/ \([^)]*\{numerator\}[^)]*\)/, "")
      : definition.sentence[language];
  // "0%" and "100%" stand for themselves.
  const isWhole = row.value === 0 || (row.value === 1 && definition.kind !== "rate");
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
  },
  en: {
    threshold: "not shown (numbers too small)",
    sensitive: "not shown (numbers too small)",
    floor: "not shown; for this unit the figure is there for longer periods or as a total only",
    incomplete: "not shown while the period is incomplete",
    source: "withheld by its source",
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

interface GoalWords {
  /** With its article: "het streefcijfer". */
  the: string;
  /** With adjectives: "het voorgestelde landelijke streefcijfer". */
  full: string;
}

const nouns: Record<Language, Record<string, [article: string, noun: string]>> = {
  nl: {
    streefcijfer: ["het", "streefcijfer"],
    resultaat: ["het", "beoogde resultaat"],
    afspraak: ["de", "afspraak"],
    doelstelling: ["de", "doelstelling"],
  },
  en: {
    streefcijfer: ["the", "target figure"],
    resultaat: ["the", "intended result"],
    afspraak: ["the", "agreement"],
    doelstelling: ["the", "objective"],
  },
};

function goalWords(language: Language, row: Figure, target: FigureTarget): GoalWords {
  const [article, noun] = nouns[language][target.goal] ?? nouns[language].streefcijfer!;
  const words = {
    nl: { proposed: "voorgestelde", national: "landelijke", intended: /^beoogde / },
    en: { proposed: "proposed", national: "national", intended: /^intended / },
  }[language];
  const isProposed = target.status === "proposed" && target.by === "paper";
  const full = [
    article,
    isProposed ? words.proposed : "",
    target.unit_id !== row.unit_id ? words.national : "",
    // What is proposed need not be called intended as well.
    isProposed ? noun.replace(words.intended, "") : noun,
  ];
  return { the: `${article} ${noun}`, full: full.filter(Boolean).join(" ") };
}

function aboutTarget(language: Language, row: Figure, definition: Said, target: FigureTarget | null): string {
  if (!target || row.target === null || row.judgement === "withheld") return "";
  const { the, full } = goalWords(language, row, target);
  const aside = asideOf(language, target);
  const value = targetInWords(language, definition, target);
  if (row.judgement === "no_target") return onTheWay(language, row, definition, target, full, value);
  const stated = `${capital(full)} is ${value}${aside}.`;
  const verdict = verdictOf(language, row, target);
  // A running figure of a period that goes on says how it stands.
  const isRunning = row.grain === "target" && row.period_end < target.to;
  const yet = isRunning ? { nl: "tot nu toe ", en: " so far" }[language] : "";
  return verdict ? `${stated} ${verdict.replace("{goal}", capital(the)).replace("{yet}", yet)}` : stated;
}

function verdictOf(language: Language, row: Figure, target: FigureTarget): string | undefined {
  const { judgement } = row;
  const isReached = judgement === "reached" || judgement === "reached_uncertain";
  if (target.kind === "number") return plainly[language][isReached ? "reached" : "missed"];
  if (target.kind === "within" && isReached) return withinMargin[language][judgement];
  if (isReached && row.value !== null && Math.abs(row.value - target.value) < 1e-9) return plainly[language].exactly;
  return verdicts[language][judgement];
}

/** Of numbers that chance has no part in, or that leave no difference to explain. */
const plainly: Record<Language, Record<"reached" | "missed" | "exactly", string>> = {
  nl: {
    reached: "{goal} is {yet}gehaald.",
    missed: "{goal} is {yet}niet gehaald.",
    exactly: "{goal} is {yet}precies gehaald.",
  },
  en: {
    reached: "{goal} was reached{yet}.",
    missed: "{goal} was not reached{yet}.",
    exactly: "{goal} was reached exactly{yet}.",
  },
};

const withinMargin: Record<Language, Record<string, string>> = {
  nl: {
    reached: "{goal} is {yet}gehaald, ook als het toeval wordt meegerekend.",
    reached_uncertain:
      "{goal} is {yet}gehaald, maar zo dicht bij de grens van de marge dat het op toeval kan berusten.",
  },
  en: {
    reached: "{goal} was reached{yet}, also when chance is allowed for.",
    reached_uncertain: "{goal} was reached{yet}, but so near the edge of the margin that it may be due to chance.",
  },
};

const verdicts: Record<Language, Record<string, string>> = {
  nl: {
    reached: "{goal} is {yet}gehaald; het verschil is groter dan met toeval te verklaren is.",
    reached_uncertain: "{goal} is {yet}gehaald, maar het verschil is zo klein dat het op toeval kan berusten.",
    missed_uncertain: "Het verschil is zo klein dat het op toeval kan berusten.",
    missed: "{goal} is {yet}niet gehaald; het verschil is groter dan met toeval te verklaren is.",
    too_few: "Er zijn te weinig gevallen om te beoordelen of dat is gehaald.",
  },
  en: {
    reached: "{goal} was reached{yet}; the difference is larger than chance explains.",
    reached_uncertain: "{goal} was reached{yet}, but the difference is so small that it may be due to chance.",
    missed_uncertain: "The difference is so small that it may be due to chance.",
    missed: "{goal} was not reached{yet}; the difference is larger than chance explains.",
    too_few: "There are too few cases to judge whether that was reached.",
  },
};

function asideOf(language: Language, target: FigureTarget): string {
  if (target.demo) return language === "nl" ? " (voorbeelddata)" : " (example data)";
  if (target.by === "ours")
    return language === "nl"
      ? " (norm van de monitor, niet uit het programma)"
      : " (a norm of the monitor, not of the programme)";
  return "";
}

function onTheWay(
  language: Language,
  row: Figure,
  definition: Said,
  target: FigureTarget,
  full: string,
  value: string,
): string {
  // A number of each year is for this year's end.
  const isOfPeriod = row.grain !== "target" && target.from !== target.to;
  const day = dayInWords(language, isOfPeriod ? row.period_end : target.to);
  const aside = asideOf(language, target);
  const pace = row.pace === null ? "" : valueInWords(language, row.pace, definition, false);
  if (language === "nl")
    return `${capital(full)} voor ${day} is ${value}${aside}.${pace && ` Een recht pad daarheen komt op dit moment uit op ${pace}.`}`;
  return `${capital(full)} for ${day} is ${value}${aside}.${pace && ` A straight path there stands at ${pace} at this point.`}`;
}

function targetInWords(language: Language, definition: Said, target: FigureTarget): string {
  const value = valueInWords(language, target.value, definition, true);
  const isShare = definition.kind === "share" || definition.kind === "score";
  if (target.kind === "within" && target.tolerance !== null && isShare) {
    const points = number(language, target.tolerance * 100, 0, 1);
    return language === "nl"
      ? `${value}, met een marge van ${points} procentpunt`
      : `${value}, give or take ${points} percentage points`;
  }
  if (target.kind === "at_most") return language === "nl" ? `hoogstens ${value}` : `at most ${value}`;
  return value;
}

function remarks(language: Language, row: Figure, definition: Said): string[] {
  const nl = language === "nl";
  return [
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

/** A value as the page writes it: "22,4%", "6,5", "1.406". `short` leaves out zeros at the end. */
export function valueInWords(
  language: Language,
  value: number,
  definition: Pick<Said, "kind" | "decimals">,
  short: boolean,
): string {
  const least = short ? 0 : definition.decimals;
  if (definition.kind === "share" || definition.kind === "score")
    return `${number(language, value * 100, least, definition.decimals)}%`;
  return number(language, value, definition.kind === "count" ? 0 : least, definition.decimals);
}

const locales: Record<Language, string> = { nl: "nl-NL", en: "en-GB" };

function number(language: Language, value: number, least: number, most: number): string {
  return new Intl.NumberFormat(locales[language], { minimumFractionDigits: least, maximumFractionDigits: most }).format(
    value,
  );
}

const count = (language: Language, value: number | null) => (value === null ? "" : number(language, value, 0, 0));

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const uncapital = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

import { hasChance, type Figure, type FigureTarget, type Outcome, type Said } from "./figure.ts";
import { dayInWords, type Language } from "./period.ts";
import { capital, isPart, number, valueInWords } from "./value-words.ts";

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

function goalWords(language: Language, row: Pick<Figure, "unit_id">, target: FigureTarget): GoalWords {
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

/** How a figure stands against its target; nothing where it has none or may not be judged. */
export function aboutTarget(language: Language, row: Figure, definition: Said, target: FigureTarget | null): string {
  if (!target || row.target === null || row.judgement === "withheld") return "";
  const { the, full } = goalWords(language, row, target);
  const aside = asideOf(language, target);
  const value = targetInWords(language, definition, target);
  if (row.judgement === "no_target") return onTheWay(language, row, definition, target, full, value);
  const stated = `${capital(full)} is ${value}${aside}.`;
  const verdict = verdictOf(language, row, definition, target);
  // A running figure of a period that goes on says how it stands.
  const isRunning = row.grain === "target" && row.period_end < target.to;
  const yet = isRunning ? { nl: "tot nu toe ", en: " so far" }[language] : "";
  return verdict ? `${stated} ${verdict.replace("{goal}", capital(the)).replace("{yet}", yet)}` : stated;
}

function verdictOf(language: Language, row: Figure, definition: Said, target: FigureTarget): string | undefined {
  const { judgement } = row;
  const isReached = judgement === "reached" || judgement === "reached_uncertain";
  if (target.kind === "number") return plainly[language][isReached ? "reached" : "missed"];
  if (!hasChance(definition) && !isReached) return plainly[language].missed;
  if (target.kind === "within" && isReached && hasChance(definition)) return withinMargin[language][judgement];
  if (isReached && row.value !== null && Math.abs(row.value - target.value) < 1e-9) return plainly[language].exactly;
  if (!hasChance(definition)) return plainly[language].reached;
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
  // A number of each year is for this year's end; what runs on is for the end of its target.
  const isOfPeriod = row.grain !== "target" && target.from !== target.to && definition.kind !== "cumulative";
  const day = dayInWords(language, isOfPeriod ? row.period_end : target.to);
  const aside = asideOf(language, target);
  const pace = row.pace === null ? "" : valueInWords(language, row.pace, definition, false);
  if (language === "nl")
    return `${capital(full)} voor ${day} is ${value}${aside}.${pace && ` Een recht pad daarheen komt op dit moment uit op ${pace}.`}`;
  return `${capital(full)} for ${day} is ${value}${aside}.${pace && ` A straight path there stands at ${pace} at this point.`}`;
}

function targetInWords(language: Language, definition: Said, target: FigureTarget): string {
  // Of units that should have something a target may name how many.
  const isNumber = target.kind === "number" || (definition.kind === "coverage" && target.value > 1);
  const value = isNumber
    ? number(language, target.value, 0, definition.decimals)
    : valueInWords(language, target.value, definition, true);
  if (target.kind === "within" && target.tolerance !== null && isPart(definition)) {
    const points = number(language, target.tolerance * 100, 0, 1);
    return language === "nl"
      ? `${value}, met een marge van ${points} procentpunt`
      : `${value}, give or take ${points} percentage points`;
  }
  if (target.kind === "at_most") return language === "nl" ? `hoogstens ${value}` : `at most ${value}`;
  return value;
}

/** How the last target ended, where none is in force any more: "Het streefcijfer 2015-2017 (25%) is niet gehaald." */
export function aboutOutcome(
  language: Language,
  row: Figure,
  definition: Said,
  { target, judgement }: Outcome,
): string {
  const { full } = goalWords(language, row, target);
  const value = targetInWords(language, definition, target);
  const words = (target.kind === "number" ? plainEndings : endings)[language];
  const ending = words[judgement] ?? endings[language].none!;
  return `${capital(full)} ${spanInWords(language, target)} (${value})${asideOf(language, target)} ${ending}`;
}

function spanInWords(language: Language, { from, to }: FigureTarget): string {
  const nl = language === "nl";
  if (from === to) return `${nl ? "voor" : "for"} ${dayInWords(language, to)}`;
  const [first, last] = [from.slice(0, 4), to.slice(0, 4)];
  if (from.endsWith("-01-01") && to.endsWith("-12-31")) return first === last ? first : `${first}-${last}`;
  return nl
    ? `van ${dayInWords(language, from)} tot en met ${dayInWords(language, to)}`
    : `from ${dayInWords(language, from)} to ${dayInWords(language, to)}`;
}

const endings: Record<Language, Record<string, string>> = {
  nl: {
    reached: "is gehaald.",
    reached_uncertain: "is gehaald, met een verschil dat zo klein is dat het op toeval kan berusten.",
    missed_uncertain: "is niet gehaald, met een verschil dat zo klein is dat het op toeval kan berusten.",
    missed: "is niet gehaald.",
    too_few: "is niet beoordeeld: er waren te weinig gevallen.",
    withheld: "is hier niet beoordeeld (te kleine aantallen).",
    none: "is niet beoordeeld: er waren geen gegevens.",
  },
  en: {
    reached: "was reached.",
    reached_uncertain: "was reached, by a difference so small that it may be due to chance.",
    missed_uncertain: "was not reached, by a difference so small that it may be due to chance.",
    missed: "was not reached.",
    too_few: "was not judged: there were too few cases.",
    withheld: "is not judged here (numbers too small).",
    none: "was not judged: there were no data.",
  },
};

const plainEndings: typeof endings = {
  nl: { ...endings.nl, reached_uncertain: "is gehaald.", missed_uncertain: "is niet gehaald." },
  en: { ...endings.en, reached_uncertain: "was reached.", missed_uncertain: "was not reached." },
};

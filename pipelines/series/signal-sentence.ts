import type { Definition } from "../indicators/definition.ts";
import { readableEdge } from "../statistics/control-chart.ts";
import type { Figure, FigureTarget } from "./figure.ts";
import { periodInWords, type Language } from "./period.ts";
import { aboutTarget } from "./target-words.ts";
import { count, isCount, isPart, number, valueInWords } from "./value-words.ts";

/** What is said of a signal is made from these of its fields. */
export interface Signal {
  unit_id: string;
  grain: string;
  cause: string;
  direction: "high" | "low";
  /** First day of the first period under the cause. */
  since: string;
  /** The last period under it. */
  period_start: string;
  period_end: string;
  ongoing: boolean;
  points: number;
  value: number;
  numerator: number | null;
  denominator: number | null;
  centre: number | null;
  lower: number | null;
  upper: number | null;
  target: number | null;
  trial: boolean;
}

/** A signal in a few words and in a sentence. */
export interface SignalWords {
  what: string;
  sentence: string;
}

type Said = Definition;

/** The words of a signal, Dutch and English. `target` is the one that was missed, where it is about that. */
export function signalWords(
  signal: Signal,
  definition: Said,
  target: FigureTarget | null,
): Record<Language, SignalWords> {
  const say = (language: Language): SignalWords => ({
    what: what[language][signal.cause]?.[signal.direction] ?? "",
    sentence: sentences(language, signal, definition, target).filter(Boolean).join(" "),
  });
  return { nl: say("nl"), en: say("en") };
}

const what: Record<Language, Record<string, Record<"high" | "low", string>>> = {
  nl: {
    outside: { high: "hoger dan gewoonlijk", low: "lager dan gewoonlijk" },
    trend: { high: "gaat al een tijd omhoog", low: "gaat al een tijd omlaag" },
    two_of_three: { high: "een paar keer vrij hoog", low: "een paar keer vrij laag" },
    one_side: { high: "al een tijd boven het gemiddelde", low: "al een tijd onder het gemiddelde" },
    target: { high: "doel niet gehaald", low: "doel niet gehaald" },
  },
  en: {
    outside: { high: "higher than usual", low: "lower than usual" },
    trend: { high: "has been going up for a while", low: "has been going down for a while" },
    two_of_three: { high: "rather high a few times", low: "rather low a few times" },
    one_side: { high: "above the average for a while", low: "below the average for a while" },
    target: { high: "target not reached", low: "target not reached" },
  },
};

function sentences(language: Language, signal: Signal, definition: Said, target: FigureTarget | null): string[] {
  const value = inWords(language, signal.value, definition) + baseOf(language, signal, definition);
  const when = periodInWords(language, signal, definition.stock);
  const was = language === "nl" ? `${when} was het ${value}.` : `${when} it was ${value}.`;
  if (signal.cause === "target") return [was, missedTarget(language, signal, definition, target)];
  return [was, because(language, signal, definition), after(language, signal)];
}

function missedTarget(language: Language, signal: Signal, definition: Said, target: FigureTarget | null): string {
  if (target) {
    const figure = { ...signal, judgement: "missed", pace: null } as unknown as Figure;
    return aboutTarget(language, figure, definition, target);
  }
  const value = signal.target === null ? "" : valueInWords(language, signal.target, definition, true);
  return language === "nl" ? `Het doel van ${value} is niet gehaald.` : `The target of ${value} was not reached.`;
}

function because(language: Language, signal: Signal, definition: Said): string {
  const { cause, points } = signal;
  const isHigh = signal.direction === "high";
  const [lower, upper] = [signal.lower!, signal.upper!].map((edge) =>
    inWords(language, readableEdge(edge, definition.kind), definition),
  );
  const centre = inWords(language, signal.centre!, definition);
  const since = nameOf(language, signal.grain, signal.since);
  const times = String(points);
  if (language === "nl") {
    if (cause === "outside" && points === 1)
      return `Dat is ${isHigh ? "hoger" : "lager"} dan gewoonlijk: meestal ligt het tussen ${lower} en ${upper}.`;
    if (cause === "outside")
      return `Het is ${times} keer achter elkaar ${isHigh ? "hoger" : "lager"} dan gewoonlijk, sinds ${since}: meestal ligt het tussen ${lower} en ${upper}.`;
    if (cause === "trend")
      return `Sinds ${since} ging het ${points - 1} keer achter elkaar ${isHigh ? "omhoog" : "omlaag"}. Gemiddeld is het ${centre}.`;
    if (cause === "two_of_three")
      return `Van drie keer achter elkaar lag het er ten minste twee keer bij de ${isHigh ? "bovenrand" : "onderrand"} van wat gewoonlijk is: ${lower} tot ${upper}.`;
    return `Sinds ${since} ligt het ${times} keer achter elkaar ${isHigh ? "boven" : "onder"} het gemiddelde van ${centre}.`;
  }
  if (cause === "outside" && points === 1)
    return `That is ${isHigh ? "higher" : "lower"} than usual: mostly it is between ${lower} and ${upper}.`;
  if (cause === "outside")
    return `It has been ${isHigh ? "higher" : "lower"} than usual ${times} times in a row, since ${since}: mostly it is between ${lower} and ${upper}.`;
  if (cause === "trend")
    return `Since ${since} it went ${isHigh ? "up" : "down"} ${points - 1} times in a row. On average it is ${centre}.`;
  if (cause === "two_of_three")
    return `Of three times in a row it was at least twice near the ${isHigh ? "upper" : "lower"} edge of what is usual: ${lower} to ${upper}.`;
  return `Since ${since} it has been ${times} times in a row ${isHigh ? "above" : "below"} the average of ${centre}.`;
}

/** What came after, and how firm the limits are. */
function after(language: Language, { ongoing, trial }: Signal): string {
  const words = [
    ongoing ? "" : { nl: "Daarna was het weer anders.", en: "After that it was different again." }[language],
    trial
      ? {
          nl: "Wat gewoonlijk is, staat nog niet vast: er zijn minder dan twaalf cijfers om mee te vergelijken.",
          en: "What is usual is not settled yet: there are fewer than twelve figures to compare with.",
        }[language]
      : "",
  ];
  return words.filter(Boolean).join(" ");
}

/** A value with what it is counted in; limits of counts are no whole numbers. */
function inWords(language: Language, value: number, definition: Said): string {
  const decimals = isCount(definition) && !Number.isInteger(value) && value < 100 ? 1 : 0;
  const figure = isCount(definition)
    ? number(language, value, 0, decimals)
    : valueInWords(language, value, definition, false);
  if (definition.kind === "duration") return `${figure} ${language === "nl" ? "dagen" : "days"}`;
  if (definition.kind === "rate" && definition.per > 1) return `${figure} per ${count(language, definition.per)}`;
  return figure;
}

function baseOf(language: Language, { numerator, denominator }: Signal, definition: Said): string {
  if (!isPart(definition) || definition.kind === "score" || numerator === null || denominator === null) return "";
  return ` (${count(language, numerator)} ${language === "nl" ? "van" : "of"} ${count(language, denominator)})`;
}

const months: Record<string, number> = { month: 1, quarter: 3, half: 6, year: 12 };

/** "november 2016", "het eerste kwartaal van 2016": the period that begins on a day. */
function nameOf(language: Language, grain: string, start: string): string {
  const first = new Date(`${start}T00:00:00Z`);
  const end = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + (months[grain] ?? 1), 0));
  const period = { grain, period_start: start, period_end: end.toISOString().slice(0, 10) };
  return periodInWords(language, period, false).replace(/^In /, "");
}

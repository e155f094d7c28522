import { leastSpread } from "../../pipelines/statistics/least-spread.ts";
import type { Definition } from "../api.ts";
import type { CompareUnit } from "../charts/compare.ts";
import type { Translate } from "../charts/words.ts";
import { formatNumber, formatValue, type Language } from "../format.ts";
import { absentOf, classesOf, isSmall, isSpread, noLimits, outsideByChance } from "./comparison.ts";

/** In whose words, and what the units are called: "eenheden". */
export interface Speech {
  language: Language;
  t: Translate;
  /** A text that depends on a number. */
  count: (key: string, count: number, values?: Record<string, string | number>) => string;
  levels: string;
}

/** More names than this make no sentence; the number is said instead. */
const mostNames = 5;
/** From so many units on, some lie outside by chance alone: it is said how many. */
const byChanceFrom = 20;

/** What a comparison shows, in sentences: what it says, and what must be known to read it. `isWide`: the limits allow for more than chance. */
export function comparisonWords(
  units: CompareUnit[],
  definition: Definition,
  speech: Speech,
  isWide = false,
): { said: string[]; notes: string[] } {
  const { t, count, levels, language } = speech;
  const number = (value: number) => formatNumber(value, language);
  const rows = units.map(({ row }) => row);
  const reason = noLimits(rows, definition);
  if (reason === "nothing") return { said: [t("compare.noLimits.nothing", { levels })], notes: [] };
  if (reason) {
    const shown = rows.filter((row) => row.value !== null).length;
    const key = shown === rows.length ? "compare.valuesAll" : "compare.values";
    return {
      said: [t(key, { count: number(shown), of: number(rows.length), levels })],
      notes: [t(`compare.noLimits.${reason}`, { levels })],
    };
  }
  const classes = classesOf(units);
  const { compared, within, high, low } = classes;
  const values = {
    levels,
    of: number(compared.length),
    overall: formatValue(compared[0]!.row.overall!, definition, language),
  };
  const first =
    within.length === compared.length
      ? t(isWide ? "compare.allWide" : "compare.all", { ...values, count: values.of })
      : within.length === 0
        ? t("compare.none", { ...values, count: values.of })
        : count(isWide ? "compare.someWide" : "compare.some", within.length, values);
  return {
    said: [
      first,
      ...(high.length ? [t("compare.high", { names: namesOf(high, speech) })] : []),
      ...(low.length ? [t("compare.low", { names: namesOf(low, speech) })] : []),
    ],
    notes: [
      ...(isSmall(classes) ? [t("compare.small", { levels })] : []),
      ...(compared.length >= byChanceFrom && !isWide
        ? [t("compare.byChance", { count: values.of, outside: number(outsideByChance(compared.length)) })]
        : []),
      ...(isSpread(classes) && !isWide ? [t("compare.spread", { levels })] : []),
    ],
  };
}

/** What widening the limits came to: how much wider they are, and why; or why they are not. */
export function spreadWords(spread: number | null, { t, language, levels }: Speech): string {
  if (spread === null) return t("compare.spreadFew", { least: leastSpread, levels });
  if (spread <= 1) return t("compare.spreadNone", { levels });
  return t("compare.spreadWide", { factor: formatNumber(Math.sqrt(spread), language, 1), levels });
}

/** Units that have no figure, and why: "Limburg en Politieacademie: Geen gegevens". */
export function absentWords(units: CompareUnit[], speech: Speech): string[] {
  const { t } = speech;
  return absentOf(units).map(({ reason, units: some }) =>
    t("compare.absentGroup", { names: namesOf(some, speech), reason: uncapital(t(reason)) }),
  );
}

function namesOf(units: CompareUnit[], { language, t, levels }: Speech): string {
  if (units.length > mostNames) return t("compare.countOf", { count: formatNumber(units.length, language), levels });
  const names = units.map(({ name }) => name);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")}${t("compare.names.and")}${names.at(-1)}`;
}

const uncapital = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

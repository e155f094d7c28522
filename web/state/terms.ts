import type { Judgement, Target } from "../api.ts";

/** Words that readers meet and that are explained. Each has the texts `term.<id>` (its name) and `term.<id>.text`. */
export const terms = [
  "target",
  "result",
  "agreement",
  "objective",
  "proposed",
  "pace",
  "tolerance",
  "prolonged",
  "interval",
  "reached_uncertain",
  "missed_uncertain",
  "reached",
  "missed",
  "too_few",
  "not_due",
  "no_target",
  "no_data",
  "withheld",
  "band",
  "provisional",
  "overdue",
  "restated",
  "break",
  "published",
  "predecessor",
  "signal",
  "control_limits",
  "chance",
  "wanted",
  "funnel_limits",
  "overdispersion",
  "half",
  "r12",
  "stock",
  "numerator",
  "denominator",
  "unknown",
  "dual",
  "executive",
  "leaders",
  "strength",
  "formation",
  "vacancies",
  "fte",
  "flow",
  "national",
  "feed",
  "delivery",
  "apart",
  "snapshot",
  "levels",
] as const;
export type TermId = (typeof terms)[number];

/** What a figure can be marked with. */
export type MarkName = Judgement | "provisional" | "overdue";

/** The term that explains each mark, in the order of the legend. */
export const markTerms = {
  reached: "reached",
  reached_uncertain: "reached_uncertain",
  missed_uncertain: "missed_uncertain",
  missed: "missed",
  no_target: "no_target",
  too_few: "too_few",
  not_due: "not_due",
  withheld: "withheld",
  no_data: "no_data",
  provisional: "provisional",
  overdue: "overdue",
} as const satisfies Record<MarkName, TermId>;

/** The term that explains each kind of target. */
export const goalTerms = {
  streefcijfer: "target",
  resultaat: "result",
  afspraak: "agreement",
  doelstelling: "objective",
} as const satisfies Record<Target["goal"], TermId>;

/** Terms by the alphabet of their names: each first letter with its terms. */
export function byLetter(
  ids: readonly TermId[],
  nameOf: (id: TermId) => string,
  language: string,
): { letter: string; ids: TermId[] }[] {
  const collator = new Intl.Collator(language);
  const groups: { letter: string; ids: TermId[] }[] = [];
  for (const id of ids.toSorted((a, b) => collator.compare(nameOf(a), nameOf(b)))) {
    const letter = (/\p{Letter}|\p{Number}/u.exec(nameOf(id))?.[0] ?? "#").toUpperCase();
    const last = groups.at(-1);
    if (last?.letter === letter) last.ids.push(id);
    else groups.push({ letter, ids: [id] });
  }
  return groups;
}

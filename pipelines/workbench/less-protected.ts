import { computedOf, type Definition } from "../indicators/definition.ts";
import type { LessProtected } from "./draft.ts";
import type { Other } from "./known.ts";

/** Least numbers that are shown exactly, where a definition asks for no more (docs/disclosure.md). */
const usual = { denominator: 10, numerator: 5 };
const leastOf = ({ disclosure }: Pick<Definition, "disclosure">) => ({ ...usual, ...disclosure });

/** Whether figures of it are protected, or small ones of its breakdowns withheld: as the strictest of its versions. */
export const isGuarded = (definition: Definition): boolean =>
  computedOf(definition).some((each) => each.protected || each.sensitive);

/** What a draft would tell more of people than what stands of it does; of a new one, whether it looks away from what sources withheld. */
export function lessProtected(draft: Definition, standing: Other | undefined): LessProtected[] {
  const guarded = isGuarded(draft) || standing?.guarded === true;
  if (!guarded) return [];
  const found: LessProtected[] = [];
  if (standing) {
    const [now, then] = [leastOf(draft), leastOf(standing)];
    for (const what of ["denominator", "numerator"] as const)
      if (now[what] < then[what]) found.push({ what, before: String(then[what]), after: String(now[what]) });
    for (const what of ["levels", "grains"] as const) {
      const more = draft[what].filter((each) => !(standing[what] as string[]).includes(each));
      if (more.length > 0) found.push({ what, before: standing[what].join(", "), after: more.join(", ") });
    }
    const known = new Set(standing.breakdowns.map(({ name }) => name));
    const more = draft.breakdowns.map(({ name }) => name).filter((name) => !known.has(name));
    if (more.length > 0) found.push({ what: "breakdowns", before: [...known].join(", "), after: more.join(", ") });
  }
  if (!draft.has_withheld && (standing ? standing.has_withheld : draft.protected))
    found.push({ what: "withheld", before: "", after: "" });
  return found;
}

/** A definition with least numbers that are no smaller than those of what stands: until somebody approves of it a draft shows no more. */
export function asStrictAs(definition: Definition, standing: Other | undefined): Definition {
  if (!standing) return definition;
  const [now, then] = [leastOf(definition), leastOf(standing)];
  return {
    ...definition,
    disclosure: {
      denominator: Math.max(now.denominator, then.denominator),
      numerator: Math.max(now.numerator, then.numerator),
    },
  };
}

import {
  beyondNear,
  inTwoOfThree,
  ruleSides,
  rules,
  sidesOf,
  specialCauses,
  trialBelow,
  type Limits,
  type Rule,
  type RuleSides,
} from "./control-chart.ts";

/** One cause from the first point that it flags to the last, by their places in the series. Between the two nothing ended it. */
export interface Episode {
  rule: Rule;
  /** 1 is high or rising, -1 low or falling. */
  direction: 1 | -1;
  first: number;
  last: number;
  /** The point at which it could first be seen: a run of seven at its seventh. */
  found: number;
  /** Points from the first to the last, both among them. */
  points: number;
}

/** Below unit level many small series are looked at: only what lies outside the limits is told there. */
export type RuleSet = "all" | "outside";

export const ruleSetOf = (level: string): RuleSet => (level === "force" || level === "unit" ? "all" : "outside");

/** The fewest events a month that a chart must expect of a series below unit level. */
export const leastEvents = 5;

/** Whether a point can give a signal. `points` are those of its chart, `events` what it expects a month; NaN where nothing is counted. */
export const isLookedAt = (set: RuleSet, { points, events }: { points: number; events: number }): boolean =>
  set === "all" || (points >= trialBelow && events >= leastEvents);

/**
 * How many signals begin for each point of a series that only chance moves, around limits that are known: of points
 * outside alone 0.0027, the normal distribution beyond three standard deviations; of all rules together counted over
 * five million simulated points. Limits that follow from few points or small counts give somewhat more.
 */
export const falseAlarms: Record<RuleSet, number> = { outside: 0.0027, all: 0.0121 };

/**
 * The episodes of a part of a series that no break parts, in the order in which they begin. A rule has one where it is
 * the first to hold for a point at least; the episode goes on over neighbours for which it holds too. Of two of three
 * the point between belongs to it. `lookedAt` says which points can give a signal; left out, all do.
 */
export function episodesOf(
  values: ArrayLike<number>,
  limits: readonly Limits[],
  set: RuleSet = "all",
  lookedAt: (point: number) => boolean = () => true,
  holds = ruleSides(values, limits),
): Episode[] {
  const named = specialCauses(values, limits, holds);
  const near = beyondNear(values, limits);
  const spans: RuleSides = { ...holds, two_of_three: signedTriples(near, sidesOf(values, limits)) };
  const found: Episode[] = [];
  for (const rule of set === "all" ? rules : (["outside"] as const))
    for (const [from, to] of runsOf(spans[rule])) {
      const flagged = placesFrom(from, to).filter((i) => holds[rule][i] !== 0 && lookedAt(i));
      if (!flagged.some((i) => named[i]?.rule === rule)) continue;
      const first = flagged[0]!;
      const last = flagged.at(-1)!;
      found.push({
        rule,
        direction: spans[rule][from] as 1 | -1,
        first,
        last,
        found: foundAt(rule, first, to, spans.two_of_three, near),
        points: last - first + 1,
      });
    }
  return found.sort((a, b) => a.first - b.first || rules.indexOf(a.rule) - rules.indexOf(b.rule));
}

/** Of two of three all points of the three: the one between the two belongs to it. */
const signedTriples = (near: boolean[], sides: number[]): number[] => {
  const triples = inTwoOfThree(near, sides);
  return sides.map((side, i) => (triples[i] ? side : 0));
};

/** Stretches of one sign that is not 0: first and last place. */
function runsOf(signs: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  signs.forEach((sign, i) => {
    if (sign === 0) return;
    const current = runs.at(-1);
    if (current && current[1] === i - 1 && signs[i - 1] === sign) current[1] = i;
    else runs.push([i, i]);
  });
  return runs;
}

function foundAt(rule: Rule, first: number, to: number, sides: readonly number[], near: readonly boolean[]): number {
  if (rule === "outside") return first;
  if (rule !== "two_of_three") return Math.min(first + 6, to);
  for (let i = first + 1; i <= to; i++) {
    const three = [i - 2, i - 1, i];
    const isOneSide = three.every((j) => j >= 0 && sides[j] === sides[first]);
    if (isOneSide && three.filter((j) => near[j]).length >= 2) return i;
  }
  return to;
}

const placesFrom = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

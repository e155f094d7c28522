/** Which chart a series has. */
export type Chart = "xmr" | "p" | "u";

/** Whether more or less is better, or neither. */
export type Polarity = "up" | "down" | "balance" | "neutral";

/** Limits of one point, in the unit of its value. Between a near limit and the centre lies two thirds of the way to the limit. */
export interface Limits {
  centre: number;
  lower: number;
  upper: number;
  nearLower: number;
  nearUpper: number;
}

/** Why a point is no chance, and on which side: 1 is high or rising, -1 low or falling. */
export interface SpecialCause {
  rule: "outside" | "trend" | "two_of_three" | "one_side";
  direction: 1 | -1;
}

export type Variation = "common" | "improvement" | "concern" | "neutral_high" | "neutral_low";

/** Whether a series as it runs meets its target: always, never, or now and then by chance. */
export type Assurance = "passes" | "fails" | "hit_or_miss";

/** From this many points on limits are no longer on trial (Provost and Murray 2011). */
export const trialBelow = 12;

/** With fewer points nothing is said of them. */
export const leastPoints = 5;

/** From this many events a point on, more spread than chance gives shows, and is taken into the limits. */
export const largeFrom = 50;

/** Mean of moving ranges of two over the standard deviation: d₂ (Montgomery 2009, appendix VI). */
const d2 = 1.128;

/** A moving range of this many times their mean or more is set aside: D₄ of ranges of two (Nelson 1982). */
const wildRange = 3.267;

/** Shares have p charts, rates u charts, all else XmR charts. */
export const chartOf = (kind: string): Chart => (kind === "share" ? "p" : kind === "rate" ? "u" : "xmr");

/** Limits of an XmR chart (Wheeler 2003): the mean, and 2.66 times the mean moving range from it; not clipped. `screen` sets wild ranges aside once. At least two values, in the order of time, or a RangeError. */
export function xmrLimits(values: ArrayLike<number>, screen = true): Limits {
  const centre = meanOf(values);
  return around(centre, 2.66 * meanRange(values, screen));
}

/** Limits of each point of a p chart: the share of all, and 3√(c(1-c)/nᵢ) from it, clipped to 0..1 (Montgomery 2009, 7.2). `dispersion` above 1 widens them, as Laney's p′ does. Counts; every `of` above 0. */
export function pLimits(counts: ArrayLike<number>, of: ArrayLike<number>, dispersion = 1): Limits[] {
  const centre = totalOf(counts) / totalOf(of);
  return limitsAt("p", centre, dispersion, of);
}

/** Limits of each point of a u chart: the rate of all, and 3√(c/nᵢ) from it, not below 0 (Montgomery 2009, 7.3). With every exposure 1 it is a c chart. Counts; every `of` above 0. */
export function uLimits(counts: ArrayLike<number>, of: ArrayLike<number>, dispersion = 1): Limits[] {
  const centre = totalOf(counts) / totalOf(of);
  return limitsAt("u", centre, dispersion, of);
}

/** Limits of a p or u chart with this centre where the points have these denominators. */
export function limitsAt(chart: "p" | "u", centre: number, dispersion: number, of: ArrayLike<number>): Limits[] {
  return mapOf(of, (n) => clipped(around(centre, 3 * dispersion * deviation(chart, centre, n)), chart));
}

/** How much more the points of a p or u chart differ than chance alone explains: σ_z of Laney's p′ and u′ (Laney 2002), the mean moving range of the standardised points over 1.128. 1 where all are the same. */
export function dispersionOf(chart: "p" | "u", counts: ArrayLike<number>, of: ArrayLike<number>): number {
  const centre = totalOf(counts) / totalOf(of);
  const scores = mapOf(counts, (y, i) => (y / of[i]! - centre) / deviation(chart, centre, of[i]!));
  return scores.every(Number.isFinite) ? meanRange(scores, false) / d2 : 1;
}

/** What widens the limits of a p or u chart: its dispersion where the points are large and it is above 1, else nothing. */
export function wideningOf(chart: "p" | "u", counts: ArrayLike<number>, of: ArrayLike<number>): number {
  if (totalOf(counts) < largeFrom * counts.length) return 1;
  return Math.max(1, dispersionOf(chart, counts, of));
}

/** The rules in their order: the first that holds names a point's cause. */
export const rules = [
  "outside",
  "trend",
  "two_of_three",
  "one_side",
] as const satisfies readonly SpecialCause["rule"][];

export type Rule = (typeof rules)[number];

/** Of each rule the points for which it holds, by their side or direction; 0 where it does not. */
export type RuleSides = Record<Rule, number[]>;

/** Which rules hold for which points: outside the limits; six differences of one sign; two of three beyond a near limit, all three on one side; seven on one side of the centre. All points of a run have it; of two of three those beyond the near limit. */
export function ruleSides(values: ArrayLike<number>, limits: readonly Limits[]): RuleSides {
  const sides = sidesOf(values, limits);
  const pairs = partOfTwoOfThree(beyondNear(values, limits), sides);
  const runs = partOfRun(sides);
  return {
    outside: mapOf(values, (value, i) =>
      isAbove(value, limits[i]!.upper) ? 1 : isAbove(limits[i]!.lower, value) ? -1 : 0,
    ),
    trend: partOfTrend(values),
    two_of_three: sides.map((side, i) => (pairs[i] ? side : 0)),
    one_side: sides.map((side, i) => (runs[i] ? side : 0)),
  };
}

/** The special cause of each point, the first of the rules that holds; null is common cause. */
export function specialCauses(
  values: ArrayLike<number>,
  limits: readonly Limits[],
  sides = ruleSides(values, limits),
): (SpecialCause | null)[] {
  return mapOf(values, (_, i) => {
    const rule = rules.find((each) => sides[each][i] !== 0);
    return rule ? { rule, direction: sides[rule][i] as 1 | -1 } : null;
  });
}

/** On which side of the centre each point lies: 1, -1, or 0 on it. */
export const sidesOf = (values: ArrayLike<number>, limits: readonly Limits[]): number[] =>
  mapOf(values, (value, i) => signOf(value, limits[i]!.centre));

/** Whether each point lies beyond a near limit. */
export const beyondNear = (values: ArrayLike<number>, limits: readonly Limits[]): boolean[] =>
  mapOf(values, (value, i) => isAbove(value, limits[i]!.nearUpper) || isAbove(limits[i]!.nearLower, value));

/** Where seven in a row lie on one side: the side, at the last of the seven. `sides` are signs; 0 is on neither. */
export const endsOfRun = (sides: ArrayLike<number>): number[] => lastOf(sides, 7);

/** Where six differences in a row have one sign: the sign, at the last of the seven points. */
export function endsOfTrend(values: ArrayLike<number>): number[] {
  const steps = mapOf(values, (value, i) => (i === 0 ? 0 : signOf(value, values[i - 1]!)));
  return lastOf(steps, 6);
}

/** Points that one of the seven marked points, or the six before it, is. */
export function partOfSeven(ends: ArrayLike<number>): boolean[] {
  return mapOf(ends, (_, i) => {
    for (let j = i; j < i + 7 && j < ends.length; j++) if (ends[j] !== 0) return true;
    return false;
  });
}

/** Points of three in a row, all on one side, of which two lie beyond a near limit. */
export function inTwoOfThree(near: ArrayLike<boolean>, sides: ArrayLike<number>): boolean[] {
  const found = Array<boolean>(near.length).fill(false);
  for (let i = 2; i < near.length; i++) {
    const beyond = Number(near[i - 2]) + Number(near[i - 1]) + Number(near[i]);
    if (beyond >= 2 && Math.abs(sides[i - 2]! + sides[i - 1]! + sides[i]!) === 3)
      found[i - 2] = found[i - 1] = found[i] = true;
  }
  return found;
}

/** Of the points of `inTwoOfThree` those beyond the near limit. */
export function partOfTwoOfThree(near: ArrayLike<boolean>, sides: ArrayLike<number>): boolean[] {
  return inTwoOfThree(near, sides).map((found, i) => found && near[i]!);
}

/** What a point's special cause means. Of an indicator in balance neither side is better by itself. */
export function variationOf(cause: SpecialCause | null, polarity: Polarity): Variation {
  if (cause === null) return "common";
  const isHigh = cause.direction === 1;
  if (polarity === "up") return isHigh ? "improvement" : "concern";
  if (polarity === "down") return isHigh ? "concern" : "improvement";
  return isHigh ? "neutral_high" : "neutral_low";
}

/** Whether the limits lie wholly on the good side of the target, wholly on the other, or around it; null without a target or where neither side is better. In balance the good side is within the tolerance. */
export function assuranceOf(
  { lower, upper }: Pick<Limits, "lower" | "upper">,
  target: number | null,
  polarity: Polarity,
  tolerance: number | null = null,
): Assurance | null {
  if (target === null || polarity === "neutral") return null;
  if (polarity === "balance") {
    if (tolerance === null) return null;
    if (lower >= target - tolerance && upper <= target + tolerance) return "passes";
    return lower > target + tolerance || upper < target - tolerance ? "fails" : "hit_or_miss";
  }
  if (target > upper) return polarity === "up" ? "fails" : "passes";
  if (target < lower) return polarity === "up" ? "passes" : "fails";
  return "hit_or_miss";
}

/** As `Array.from` with a function, which takes ten times as long: half a million points go through here. */
function mapOf<T, U>(values: ArrayLike<T>, make: (value: T, i: number) => U): U[] {
  const made = new Array<U>(values.length);
  for (let i = 0; i < values.length; i++) made[i] = make(values[i]!, i);
  return made;
}

/** Whether one number lies above another. What differs in its last digits only is the same: sums of fractions do so with the order in which they are added, and a series that never changes would get causes of it. */
const isAbove = (a: number, b: number): boolean => a - b > sameWithin * Math.max(1, Math.abs(b));

const sameWithin = 1e-9;

const signOf = (a: number, b: number): number => (isAbove(a, b) ? 1 : isAbove(b, a) ? -1 : 0);

/** The sign that the last `need` values have in common, at each value; 0 where they have none. */
function lastOf(signs: ArrayLike<number>, need: number): number[] {
  let run = 0;
  return mapOf(signs, (sign, i) => {
    run = sign !== 0 && i > 0 && sign === signs[i - 1] ? run + 1 : sign === 0 ? 0 : 1;
    return run >= need ? sign : 0;
  });
}

const partOfRun = (sides: ArrayLike<number>) => partOfSeven(endsOfRun(sides));

/** The direction of the trend that a point is part of; at a turn that of the trend that begins. */
function partOfTrend(values: ArrayLike<number>): number[] {
  const ends = endsOfTrend(values);
  const found = Array<number>(values.length).fill(0);
  ends.forEach((sign, end) => {
    if (sign !== 0) found.fill(sign, end - 6, end + 1);
  });
  return found;
}

function around(centre: number, distance: number): Limits {
  return {
    centre,
    lower: centre - distance,
    upper: centre + distance,
    nearLower: centre - (distance * 2) / 3,
    nearUpper: centre + (distance * 2) / 3,
  };
}

function clipped(limits: Limits, chart: "p" | "u"): Limits {
  const lower = Math.max(0, limits.lower);
  return { ...limits, lower, upper: chart === "p" ? Math.min(1, limits.upper) : limits.upper };
}

/** Standard deviation of a share or rate of `n`, by chance alone. */
function deviation(chart: "p" | "u", centre: number, n: number): number {
  if (!(n > 0)) throw new RangeError(`no denominator: ${n}`);
  return Math.sqrt((chart === "p" ? centre * (1 - centre) : centre) / n);
}

function meanRange(values: ArrayLike<number>, screen: boolean): number {
  if (values.length < 2) throw new RangeError(`limits need two points; there are ${values.length}`);
  const ranges = Array.from({ length: values.length - 1 }, (_, i) => Math.abs(values[i + 1]! - values[i]!));
  const mean = meanOf(ranges);
  if (!screen || mean === 0) return mean;
  return meanOf(ranges.filter((range) => range < wildRange * mean));
}

function totalOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

const meanOf = (values: ArrayLike<number>) => totalOf(values) / values.length;

const parts = new Set(["share", "score", "coverage"]);

/** The edge of what is usual as a reader can take it: the limits of an XmR chart are not clipped, but no share is below 0 or above 1, and nothing else but a change is below 0. */
export function readableEdge(edge: number, kind: string): number {
  if (kind === "change") return edge;
  return Math.min(parts.has(kind) ? 1 : Infinity, Math.max(0, edge));
}

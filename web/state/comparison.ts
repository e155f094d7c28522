import type { CompareRow, Definition } from "../api.ts";
import type { CompareUnit } from "../charts/compare.ts";
import { lastComplete, periodsBetween, type CalendarGrain, type Period } from "../charts/period.ts";
import { absence } from "../charts/words.ts";
import { isShare } from "../format.ts";
import type { Organisation } from "./organisation.ts";

export type CalendarPeriod = Period & { grain: CalendarGrain };

/** How many years back a page looks for figures to show. */
const yearsBack = 5;

/**
 * Periods to try where the reader chose none: together the last half-year and year that are over, then those before
 * them, a year at a time, the newest first. An indicator without halves and years is tried at the longest grain it has.
 */
export function periodsToTry(grains: readonly CalendarGrain[], first: string, through: string): CalendarPeriod[][] {
  const longest = (["half", "year"] as const).filter((grain) => grains.includes(grain));
  const tried: CalendarGrain[] = longest.length ? longest : grains.slice(-1);
  const last = tried.map((grain) => ({ ...lastComplete(grain, through), grain }));
  const earlier = tried
    .flatMap((grain) => periodsBetween(grain, first, through).map((period) => ({ ...period, grain })))
    .filter((period) => last.some(({ grain, period_end }) => grain === period.grain && period.period_end < period_end))
    .sort((a, b) => b.period_end.localeCompare(a.period_end) || tried.indexOf(a.grain) - tried.indexOf(b.grain));
  const steps: CalendarPeriod[][] = last.length ? [last] : [];
  for (const period of earlier) {
    const step = steps.at(-1)!;
    if (steps.length > 1 && step[0]!.period_end.slice(0, 4) === period.period_end.slice(0, 4)) step.push(period);
    else steps.push([period]);
  }
  return steps.slice(0, yearsBack);
}

/** Of periods side by side the first that shows at least half as many units as the one that shows most; null where none shows any. */
export function firstShown<T extends { rows: CompareRow[] }>(answers: T[]): T | null {
  const counts = answers.map(({ rows }) => rows.filter((row) => row.value !== null && row.complete).length);
  const most = Math.max(0, ...counts);
  return most === 0 ? null : answers[counts.findIndex((count) => count * 2 >= most)]!;
}

/** Why figures have no limits; null where they have. */
export type NoLimits = "nothing" | "provisional" | "chance" | "count" | "kind" | "counts" | "few";

export function noLimits(rows: CompareRow[], definition: Pick<Definition, "kind" | "interval">): NoLimits | null {
  if (rows.some((row) => row.class !== null)) return null;
  const shown = rows.filter((row) => row.value !== null);
  if (shown.length === 0) return "nothing";
  if (definition.interval === "none") return "chance";
  if (definition.kind === "count" || definition.kind === "cumulative") return "count";
  if (definition.kind !== "share" && definition.kind !== "score" && definition.kind !== "rate") return "kind";
  if (shown.every((row) => !row.complete)) return "provisional";
  const counted = shown.filter((row) => row.complete && row.numerator !== null && row.denominator !== null);
  if (counted.length === 0) return "counts";
  const above = isShare(definition) && counted.some((row) => row.numerator! > row.denominator!);
  return above ? "kind" : "few";
}

/** Whether such figures can be drawn beside each other: numbers that grow with the unit say nothing so. */
export const canDraw = (reason: NoLimits | null, definition: Pick<Definition, "kind">): boolean =>
  reason !== "nothing" && definition.kind !== "count" && definition.kind !== "cumulative";

/** Units with the limits that allow for more than chance in the place of the others, and where they lie by those; as they are where there are none. */
export const withWideLimits = (units: CompareUnit[]): CompareUnit[] =>
  units.map(({ row, name }) => {
    if (row.spread === null) return { row, name };
    const { wide_lower_95: lower_95, wide_upper_95: upper_95, wide_class } = row;
    const { wide_lower_998: lower_998, wide_upper_998: upper_998 } = row;
    return { name, row: { ...row, lower_95, upper_95, lower_998, upper_998, class: wide_class } };
  });

/** How much more the units differ than chance explains; null where it cannot be said. */
export const spreadAmong = (rows: readonly CompareRow[]): number | null =>
  rows.find(({ spread }) => spread !== null)?.spread ?? null;

/** Units by where they lie. */
export interface Classes {
  compared: CompareUnit[];
  within: CompareUnit[];
  high: CompareUnit[];
  low: CompareUnit[];
}

export function classesOf(units: CompareUnit[]): Classes {
  const compared = units.filter(({ row }) => row.class !== null);
  return {
    compared,
    within: compared.filter(({ row }) => row.class === "within"),
    high: compared.filter(({ row }) => row.class!.startsWith("high")),
    low: compared.filter(({ row }) => row.class!.startsWith("low")),
  };
}

/** How many of so many units lie outside the limits of 95% where there is nothing but chance. */
export const outsideByChance = (count: number): number => Math.round(count * 0.05);

/** Whether so many lie outside that units must differ in more than chance: three or more, and over a quarter. */
export function isSpread({ compared, within }: Classes): boolean {
  const outside = compared.length - within.length;
  return outside >= 3 && outside > compared.length / 4;
}

/** Whether most numbers are so small that no figure at all would lie below the limits. */
export const isSmall = ({ compared }: Classes): boolean =>
  compared.filter(({ row }) => row.lower_95 !== null && row.lower_95 <= 0).length * 2 > compared.length;

/** Units without a figure, by the key of the reason in words, in the order in which the reasons come up. */
export function absentOf(units: CompareUnit[]): { reason: string; units: CompareUnit[] }[] {
  const groups = new Map<string, CompareUnit[]>();
  for (const unit of units) {
    const missing = absence(unit.row);
    if (!missing) continue;
    const reason =
      missing === "no_data"
        ? "figure.noData"
        : `withheld.${missing === "band" ? "band" : (unit.row.withheld_reason ?? "threshold")}`;
    groups.set(reason, [...(groups.get(reason) ?? []), unit]);
  }
  return [...groups].map(([reason, some]) => ({ reason, units: some }));
}

/** Rows in the order of the organisation, each with a name of its own: where two share one, with the unit they belong to. */
export function inOrder(rows: CompareRow[], level: string, organisation: Organisation, on: string): CompareUnit[] {
  const order = new Map(organisation.ofLevel(level, on).map((unit, index) => [unit.unit_id, index]));
  const place = (row: CompareRow) => order.get(row.unit_id) ?? order.size;
  const names = rows.map((row) => organisation.name(row.unit_id, on));
  return rows
    .map((row, index) => {
      const name = names[index]!;
      const parent = organisation.find(row.unit_id, on)?.parent_id;
      const shared = names.indexOf(name) !== names.lastIndexOf(name);
      return { row, name: shared && parent ? `${name}, ${organisation.name(parent, on)}` : name };
    })
    .sort((a, b) => place(a.row) - place(b.row));
}

/** Units of a level by the unit of the force that they belong to; one nameless group where they are such units themselves. */
export function groupsOf(
  units: CompareUnit[],
  organisation: Organisation,
  on: string,
): { id: string; name: string | null; units: CompareUnit[] }[] {
  const groups = new Map<string, { id: string; name: string | null; units: CompareUnit[] }>();
  for (const unit of units) {
    const head = organisation.path(unit.row.unit_id, on).find(({ level }) => level === "unit");
    const own = !head || head.unit_id === unit.row.unit_id;
    const id = own ? "" : head.unit_id;
    const group = groups.get(id) ?? { id, name: own ? null : head.name, units: [] };
    // Under the unit's name its parts need no more than their own.
    group.units.push(own ? unit : { ...unit, name: organisation.name(unit.row.unit_id, on) });
    groups.set(id, group);
  }
  return [...groups.values()];
}

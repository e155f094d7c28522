import { periodsOf, worldOf } from "./naive.ts";
import { firstDay, lastDay, monthOf, type RandomForce } from "./random-force.ts";

/** What a loop finds of a figure. */
export interface NaiveNumbers {
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  unknown: number;
  /** Sorted days of each closed case, of a duration. */
  days?: number[];
  /** The four numbers of a ratio. */
  pairs?: number[];
}

/** A unit's period as the loops see it. */
export interface Walked {
  unit: string;
  /** Months of the period in which at least a part of the unit is covered. */
  months: number[];
}

type Row = Record<string, unknown>;
type World = ReturnType<typeof worldOf>;

const grains = ["month", "quarter", "half", "year", "r12"];

/** Every figure without breakdown by loops over rows, keyed `unit grain start end`. `count` yields a figure's numbers, or null where there is none; a state is complete where its last month is covered whole, what adds up where all months are. */
export function naiveNumbers(
  force: RandomForce,
  feed: string,
  isState: boolean,
  count: (walked: Walked, world: World) => NaiveNumbers | null,
): Map<string, NaiveNumbers & { complete: boolean }> {
  const world = worldOf(force);
  const own = force.coverage.filter((each) => each.feed === feed);
  const first = Math.min(...own.map((each) => each.first));
  const last = Math.min(monthOf(force.today), Math.max(...own.map((each) => each.last)));
  const found = new Map<string, NaiveNumbers & { complete: boolean }>();
  for (const unit of new Set(force.units.map(({ unit_id }) => unit_id))) {
    const { level } = force.units.filter(({ unit_id }) => unit_id === unit).at(-1)!;
    const states = new Map<number, { exists: boolean; some: boolean; whole: boolean }>();
    for (let month = first - 12; month <= last + 12; month++) states.set(month, world.stateOf(unit, month, feed));
    for (const grain of grains)
      for (const [from, to] of periodsOf(grain, level, first, last, { target: null })) {
        const within = Array.from({ length: to - from + 1 }, (_, i) => from + i);
        const existing = within.filter((month) => states.get(month)!.exists);
        const months = existing.filter((month) => month <= last && states.get(month)!.some);
        if (months.length === 0) continue;
        const numbers = count({ unit, months }, world);
        if (!numbers) continue;
        const isWhole = (month: number) => month <= last && states.get(month)!.whole;
        const covers = isState ? isWhole(to) : existing.every(isWhole);
        const complete = lastDay(to) < force.today && covers;
        found.set(`${unit} ${grain} ${firstDay(from)} ${lastDay(to)}`, { ...numbers, complete });
      }
  }
  return found;
}

/** Rows of one of these months that count to the unit. */
const rowsOf = (rows: Row[], on: string, { unit, months }: Walked, world: World): Row[] =>
  rows.filter((row) => {
    const month = monthOf(String(row[on]));
    return months.includes(month) && world.countsFor(String(row.unit_id), month).includes(unit);
  });

/** Median days of the closed complaints, those within 40 days, and those still open. */
export const naiveDuration =
  (complaints: Row[]) =>
  (walked: Walked, world: World): NaiveNumbers => {
    const days: number[] = [];
    let open = 0;
    for (const row of rowsOf(complaints, "received_on", walked, world))
      for (let each = 0; each < Number(row.count); each++)
        if (row.closed_on === null) open++;
        else days.push((Date.parse(String(row.closed_on)) - Date.parse(String(row.received_on))) / 86_400_000);
    days.sort((a, b) => a - b);
    const half = days.length / 2;
    const middle = days.slice(Math.ceil(half) - 1, Math.floor(half) + 1);
    return {
      value: days.length === 0 ? null : middle.reduce((sum, each) => sum + each, 0) / middle.length,
      numerator: days.filter((each) => each <= 40).length,
      denominator: days.length,
      unknown: open,
      days,
    };
  };

/** Founded of the complaints about treatment over founded of the others; as rates, of the mean of the months. */
export const naiveRatio =
  (complaints: Row[], isRate: boolean) =>
  (walked: Walked, world: World): NaiveNumbers => {
    const pairs = [0, 0, 0, 0];
    for (const row of rowsOf(complaints, "received_on", walked, world)) {
      const pair = (row.aspects as string[]).includes("treatment") ? 0 : 2;
      if (row.outcome === "founded") pairs[pair]! += Number(row.count);
      pairs[pair + 1]! += Number(row.count);
    }
    if (isRate) for (const i of [1, 3]) pairs[i]! /= walked.months.length;
    const [n = 0, d = 0, n2 = 0, d2 = 0] = pairs;
    return {
      value: d > 0 && n2 > 0 && d2 > 0 ? n / d / (n2 / d2) : null,
      numerator: n,
      denominator: d,
      unknown: 0,
      pairs,
    };
  };

/** Teams that are there on the last day of the last month, and those of them with at least two of an output then. */
export const naiveCoverage =
  (force: RandomForce, outputs: Row[]) =>
  ({ unit, months }: Walked, world: World): NaiveNumbers | null => {
    const month = months.at(-1)!;
    const day = lastDay(month);
    const isThere = (team: string) =>
      force.units.some(
        (each) => each.unit_id === team && each.valid_from <= day && (each.valid_to ?? "9999-12-31") >= day,
      );
    const teams = [
      ...new Set(force.units.filter(({ level }) => level === "team").map(({ unit_id }) => unit_id)),
    ].filter((team) => isThere(team) && world.countsFor(team, month).includes(unit));
    if (teams.length === 0) return null;
    const has = (team: string) =>
      outputs
        .filter((row) => row.unit_id === team && monthOf(String(row.date)) <= month)
        .filter((row) => row.until === null || String(row.until) >= day)
        .reduce((sum, row) => sum + Number(row.quantity), 0) >= 2;
    const numerator = teams.filter(has).length;
    return { value: numerator / teams.length, numerator, denominator: teams.length, unknown: 0 };
  };

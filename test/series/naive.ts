import { wilson } from "../../pipelines/statistics/interval.ts";
import { firstDay, lastDay, monthOf, type RandomForce, type UnitVersion } from "./random-force.ts";

/** One thing that counts, as a loop meets it. */
export interface Cell {
  unit_id: string;
  month: number;
  numerator: number;
  denominator: number;
  unknown: number;
  /** Values of each breakdown. */
  by: Record<string, string[]>;
}

export interface NaiveFigure {
  numerator: number;
  denominator: number;
  unknown: number;
  complete: boolean;
  /** Null where it may be shown. */
  withheld_reason: string | null;
  judgement: string;
}

export interface NaiveIndicator {
  id: string;
  feed: string;
  rule: "protected" | "sensitive";
  levels: string[] | null;
  grains: string[];
  cells: Cell[];
  target: { from: string; to: string; value: number } | null;
}

const lengths: Record<string, number> = { month: 1, quarter: 3, half: 6, year: 12, r12: 12 };

/** Every figure of an indicator by loops over rows, keyed `unit grain start end breakdown value`. Slow on purpose: it shares nothing with the roll-up but the specification. */
export function naiveFigures(force: RandomForce, indicator: NaiveIndicator): Map<string, NaiveFigure> {
  const world = worldOf(force);
  const own = force.coverage.filter((each) => each.feed === indicator.feed);
  const firstCovered = Math.min(...force.coverage.filter((each) => each.feed === indicator.feed).map((c) => c.first));
  const today = monthOf(force.today);
  const lastCovered = Math.min(today, Math.max(...own.map((each) => each.last)));
  const states = new Map<string, { exists: boolean; some: boolean; whole: boolean }>();
  const stateOf = (unit: string, month: number) => {
    const key = `${unit} ${month}`;
    let state = states.get(key);
    if (!state) states.set(key, (state = world.stateOf(unit, month, indicator.feed)));
    return state;
  };
  // Where each cell counts, worked out once for each place and month.
  const sums = new Map<string, { n: number; d: number; u: number }>();
  const valuesOf = new Map<string, Set<string>>();
  for (const cell of indicator.cells)
    for (const unit of world.countsFor(cell.unit_id, cell.month)) {
      const slots = [""];
      for (const [breakdown, values] of Object.entries(cell.by))
        for (const value of new Set(values)) {
          slots.push(`${breakdown}=${value}`);
          if (!valuesOf.has(breakdown)) valuesOf.set(breakdown, new Set());
          valuesOf.get(breakdown)!.add(value);
        }
      for (const slot of slots) {
        const key = `${unit} ${cell.month} ${slot}`;
        const sum = sums.get(key) ?? { n: 0, d: 0, u: 0 };
        sum.n += cell.numerator;
        sum.d += cell.denominator;
        sum.u += cell.unknown;
        sums.set(key, sum);
      }
    }
  const figures = new Map<string, NaiveFigure>();
  for (const unit of new Set(force.units.map((each) => each.unit_id))) {
    const level = force.units.filter((each) => each.unit_id === unit).at(-1)!.level;
    if (indicator.levels && !indicator.levels.includes(level)) continue;
    for (const grain of indicator.grains)
      for (const [first, last] of periodsOf(grain, level, firstCovered, lastCovered, indicator)) {
        let months = 0;
        let some = 0;
        let whole = 0;
        for (let month = first; month <= last; month++) {
          const state = stateOf(unit, month);
          if (!state.exists) continue;
          months++;
          if (state.some && month <= lastCovered) some++;
          if (state.whole && month <= lastCovered) whole++;
        }
        if (some === 0) continue;
        const over = lastDay(last) < force.today;
        const complete = over && whole === months;
        const slots = [""];
        if (brokenDown(indicator, level, grain))
          for (const [breakdown, values] of valuesOf) for (const value of values) slots.push(`${breakdown}=${value}`);
        for (const slot of slots) {
          const total = { numerator: 0, denominator: 0, unknown: 0 };
          for (let month = first; month <= last; month++) {
            if (!stateOf(unit, month).some) continue;
            const sum = sums.get(`${unit} ${month} ${slot}`);
            total.numerator += sum?.n ?? 0;
            total.denominator += sum?.d ?? 0;
            total.unknown += sum?.u ?? 0;
          }
          const reason = reasonFor(indicator, { ...total, complete, level, grain, first, last, split: slot !== "" });
          const judged = judge(indicator, total, slot, first, last, grain);
          figures.set(`${unit} ${grain} ${firstDay(first)} ${lastDay(last)} ${slot}`, {
            ...total,
            complete,
            withheld_reason: reason,
            judgement: judged,
          });
        }
      }
  }
  return figures;
}

export function periodsOf(
  grain: string,
  level: string,
  first: number,
  last: number,
  { target }: Pick<NaiveIndicator, "target">,
) {
  const periods: [number, number][] = [];
  if (grain === "target") {
    if (!target) return periods;
    const [from, to] = [monthOf(target.from), monthOf(target.to)];
    // A half-year in progress has one too.
    for (let end = from; end <= Math.min(to, last + 5 - (last % 6)); end++)
      if (end % 6 === 5 || end === to) periods.push([from, end]);
    return periods;
  }
  const length = lengths[grain]!;
  if (grain === "r12") {
    for (let end = first + 11; end <= last; end++)
      if (level === "force" || level === "unit" || end % 6 === 5) periods.push([end - 11, end]);
    return periods;
  }
  for (let start = first - (first % length); start <= last; start += length) periods.push([start, start + length - 1]);
  return periods;
}

function brokenDown({ rule }: NaiveIndicator, level: string, grain: string): boolean {
  if (level === "force" || level === "unit") return grain !== "target";
  if (rule === "sensitive") return grain === "half" || grain === "year";
  return (level === "district" || level === "service") && grain === "year";
}

interface Ruled {
  numerator: number;
  denominator: number;
  unknown: number;
  complete: boolean;
  level: string;
  grain: string;
  first: number;
  last: number;
  split: boolean;
}

function reasonFor({ rule }: NaiveIndicator, cell: Ruled): string | null {
  const { numerator, denominator, unknown, complete, level, grain, first, last, split } = cell;
  const complement = denominator - numerator;
  const high = level === "force" || level === "unit";
  if (rule === "sensitive") {
    if (!split || high) return null;
    if (grain !== "half" && grain !== "year") return "sensitive";
    return [numerator, complement].some((n) => n >= 1 && n <= 4) ? "sensitive" : null;
  }
  const least = split ? (high ? 6 : 12) : level === "force" ? 1 : level === "unit" ? 3 : level === "team" ? 12 : 6;
  const length = lengths[grain];
  if (grain === "target" || grain === "r12") {
    if (last % 6 !== 5 || (last + 1) % least !== 0 || first % least !== 0) return "floor";
  } else if (length! < least) return "floor";
  if (!complete) return "incomplete";
  if (denominator === 0 && !(unknown > 0 && unknown < 5)) return null;
  if (denominator >= 10 && numerator >= 5 && complement >= 5) return null;
  return denominator >= 25 ? "band" : "threshold";
}

function judge(
  { target }: NaiveIndicator,
  { numerator, denominator }: { numerator: number; denominator: number },
  slot: string,
  first: number,
  last: number,
  grain: string,
): string {
  if (denominator === 0) return "no_data";
  if (!target || slot !== "") return "no_target";
  const within = first >= monthOf(target.from) && last <= monthOf(target.to);
  if (grain !== "target" && !within) return "no_target";
  if (denominator < 10) return "too_few";
  const { lower, upper } = wilson(numerator, denominator);
  if (numerator / denominator >= target.value) return lower >= target.value ? "reached" : "reached_uncertain";
  return upper < target.value ? "missed" : "missed_uncertain";
}

/** Who exists when, below whom, and what is covered; each question answered by looking at the rows of the organisation. */
export function worldOf({ units, coverage, today }: Pick<RandomForce, "units" | "coverage" | "today">) {
  const during = new Map<string, UnitVersion | undefined>();
  const at = (unit: string, month: number): UnitVersion | undefined => {
    const key = `${unit} ${month}`;
    if (!during.has(key))
      during.set(
        key,
        units
          .filter(
            (each) =>
              each.unit_id === unit &&
              each.valid_from <= lastDay(month) &&
              (each.valid_to ?? "9999") >= firstDay(month),
          )
          .sort((a, b) => (a.valid_from < b.valid_from ? -1 : 1))
          .at(-1),
      );
    return during.get(key);
  };
  const up = (unit: string, month: number): string[] => {
    const found = [];
    for (let here = at(unit, month); here; here = here.parent_id ? at(here.parent_id, month) : undefined)
      found.push(here.unit_id);
    return found;
  };
  const successors = (unit: string) => units.filter((each) => each.predecessor_ids?.includes(unit));
  /** Units that went up in this one as a whole, and theirs. */
  const took = (unit: string): { unit: string; before: number }[] => {
    const version = units.find((each) => each.unit_id === unit && each.predecessor_ids);
    const before = version?.predecessor_ids ?? [];
    if (!version || before.some((each) => successors(each).length > 1)) return [];
    return before.flatMap((each) => [{ unit: each, before: monthOf(version.valid_from) }, ...took(each)]);
  };
  const heirs = units
    .filter((each) => each.predecessor_ids)
    .map((each) => ({ unit: each.unit_id, took: took(each.unit_id) }));
  const names = [...new Set(units.map((each) => each.unit_id))];
  const countsFor = (unit: string, month: number): string[] => {
    const above = up(unit, month);
    const inherited = heirs.filter(
      (heir) => !at(heir.unit, month) && heir.took.some((each) => month < each.before && above.includes(each.unit)),
    );
    return [...above, ...inherited.map((heir) => heir.unit)];
  };
  const stateOf = (unit: string, month: number, feed: string) => {
    const leaves = names.filter(
      (each) =>
        at(each, month) &&
        !names.some((child) => at(child, month)?.parent_id === each) &&
        countsFor(each, month).includes(unit),
    );
    const covered = leaves.filter(
      (leaf) =>
        month <= monthOf(today) &&
        up(leaf, month).some((place) =>
          coverage.some(
            (each) => each.feed === feed && each.unit_id === place && each.first <= month && month <= each.last,
          ),
        ),
    );
    return {
      exists: leaves.length > 0,
      some: covered.length > 0,
      whole: leaves.length > 0 && covered.length === leaves.length,
    };
  };
  return { countsFor, stateOf };
}

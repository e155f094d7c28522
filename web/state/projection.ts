import { wilson } from "../../pipelines/statistics/interval.ts";
import { projectStaffing, type Scenario, type StaffingPoint } from "../../pipelines/statistics/plan.ts";
import type { SeriesRow, Target } from "../api.ts";
import { addDays, periodAt, periodCode, type Grain } from "../charts/period.ts";
import { isShown } from "./figure.ts";

export const groups = ["women", "dual"] as const;
export type Group = (typeof groups)[number];

/** Where a projection starts: staff on a day, and what is usual in a half-year. */
export interface Start {
  /** The last day of staff that is known. */
  day: string;
  staff: number;
  group: number;
  /** People who come in a half-year. */
  intake: number;
  scenario: Scenario;
  /** The figures that it was made from. */
  from: { staff: SeriesRow; share: SeriesRow; intake: SeriesRow[]; exits: SeriesRow[] };
  /** Exits by background are not shown: both groups start at the rate of all. */
  sameExits: boolean;
  /** Only the intake for the police task has a share that is shown. */
  executiveOnly: boolean;
}

/** What a projection lacks, by the indicator's id. */
export interface Lack {
  lacking: string;
  row: SeriesRow | null;
}

/** Figures of one unit: of an indicator's total, or of one value of its breakdown by gender; in order of time. */
export type Figures = (indicatorId: string, grain: Grain, gender?: string) => SeriesRow[];

const usualGrains: Grain[] = ["r12", "year"];

/** The start for a group at the end of a half-year, from figures that are shown; or the first one that is lacking. */
export function startAt(group: Group, figures: Figures, day: string): Start | Lack {
  const staffRow = figures("staffing-women", "half").findLast((row) => row.period_end <= day && row.complete);
  if (!staffRow || staffRow.denominator === null) return { lacking: "staffing-women", row: staffRow ?? null };
  const intakeRow = overYear(figures, "intake-women", day);
  if (!intakeRow || intakeRow.denominator === null) return { lacking: "intake-women", row: intakeRow };
  const exits = overYear(figures, "outflow", day);
  if (!exits || exits.value === null) return { lacking: "outflow", row: exits };
  const base = { day: staffRow.period_end, staff: staffRow.denominator, intake: headsOf(intakeRow) / 2 };
  return group === "women"
    ? womenStart(figures, day, base, staffRow, intakeRow)
    : dualStart(figures, day, base, staffRow, exits);
}

type Base = Pick<Start, "day" | "staff" | "intake">;

function womenStart(
  figures: Figures,
  day: string,
  base: Base,
  staffRow: SeriesRow,
  intakeRow: SeriesRow,
): Start | Lack {
  const women = overYear(figures, "outflow", day, "woman");
  const men = overYear(figures, "outflow", day, "man");
  if (women?.value == null || men?.value == null) return { lacking: "outflow", row: women };
  if (staffRow.numerator === null || intakeRow.value === null) return { lacking: "intake-women", row: intakeRow };
  return {
    ...base,
    group: staffRow.numerator,
    scenario: { intakeShare: intakeRow.value, exitRate: half(women), exitRateOthers: half(men) },
    from: { staff: staffRow, share: staffRow, intake: [intakeRow], exits: [women, men] },
    sameExits: false,
    executiveOnly: false,
  };
}

function dualStart(figures: Figures, day: string, base: Base, staffRow: SeriesRow, exits: SeriesRow): Start | Lack {
  const share = figures("staffing-dual", "half").findLast((row) => row.period_end <= day && row.value !== null);
  if (!share) return { lacking: "staffing-dual", row: figures("staffing-dual", "half").at(-1) ?? null };
  const executive = overYear(figures, "intake-dual", day);
  if (!executive || executive.value === null) return { lacking: "intake-dual", row: executive };
  const other = figures("intake-dual-other", executive.grain).find(
    (row) => row.period_end === executive.period_end && row.numerator !== null && row.denominator !== null,
  );
  const counted = executive.numerator !== null && executive.denominator !== null;
  const intakeShare =
    other && counted
      ? (executive.numerator! + other.numerator!) / (executive.denominator! + other.denominator!)
      : executive.value;
  const ratio = overYear(figures, "outflow-dual", day);
  const known = ratio?.value ?? null;
  const rate = half(exits);
  // Rates of the two groups that lie this ratio apart and together give the rate of all.
  const others = known === null ? rate : rate / (share.value! * known + 1 - share.value!);
  return {
    ...base,
    group: base.staff * share.value!,
    scenario: { intakeShare, exitRate: known === null ? rate : Math.min(1, others * known), exitRateOthers: others },
    from: { staff: staffRow, share, intake: [executive, ...(other ? [other] : [])], exits: [exits] },
    sameExits: known === null,
    executiveOnly: !other,
  };
}

/** A figure of the last twelve months or of the last year that is over, on a day. */
function overYear(figures: Figures, indicatorId: string, day: string, gender?: string): SeriesRow | null {
  const oldest = `${Number(day.slice(0, 4)) - 2}${day.slice(4)}`;
  let withheld: SeriesRow | null = null;
  for (const grain of usualGrains) {
    const rows = figures(indicatorId, grain, gender).filter(
      (row) =>
        row.complete && row.period_end > oldest && (grain === "r12" ? row.period_end === day : row.period_end <= day),
    );
    const shown = rows.findLast((row) => isShown(row) && row.value !== null);
    if (shown) return shown;
    withheld ??= rows.findLast((row) => row.withheld) ?? null;
  }
  return withheld;
}

/** A rate per 100 staff in a year, as a share of a half-year. */
const half = (row: SeriesRow): number => Math.min(1, row.value! / 200);

const headsOf = (row: SeriesRow): number => row.denominator! + (row.unknown ?? 0);

/** The range of shares in which a target is reached. */
export interface Aim {
  low: number;
  high: number;
}

export function aimOf(target: Target | null): Aim | null {
  if (!target || (target.kind !== "at_least" && target.kind !== "within")) return null;
  const tolerance = target.tolerance ?? 0;
  if (target.kind === "at_least") return { low: target.value, high: 1 };
  return { low: target.value - tolerance, high: target.value + tolerance };
}

/** Half-years that a projection looks ahead. */
export const halvesAhead = 20;

export interface Outcome {
  points: { half: string; share: number; low: number; high: number; staff: number }[];
  /** The first half-year within the aim, in the middle and with less and more intake from the group; null: not within ten years. */
  reached: { middle: string | null; low: string | null; high: string | null };
  /** Whether the start is within the aim already. */
  now: boolean;
}

/** Staff as it would go on: with the size of the start's intake, the shares of a scenario, and the margin that a year's intake leaves around its share. */
export function project(start: Start, scenario: Scenario, aim: Aim | null): Outcome {
  const question = {
    staff: start.staff,
    group: start.group,
    intake: start.intake,
    from: periodCode(periodAt("half", addDays(start.day, 1))),
    halves: halvesAhead,
    target: aim?.low ?? 1,
  };
  const year = start.intake * 2;
  const margin =
    year > 0 ? wilson(scenario.intakeShare * year, year) : { lower: scenario.intakeShare, upper: scenario.intakeShare };
  const run = (intakeShare: number): StaffingPoint[] => projectStaffing(question, { ...scenario, intakeShare }).points;
  const [middle, low, high] = [run(scenario.intakeShare), run(margin.lower), run(margin.upper)];
  const first = (points: StaffingPoint[]) =>
    (aim && points.find(({ share }) => share !== null && within(share, aim))?.half) ?? null;
  return {
    points: middle.map(({ half, share, staff }, index) => ({
      half,
      staff,
      share: share ?? 0,
      low: low[index]!.share ?? 0,
      high: high[index]!.share ?? 0,
    })),
    reached: { middle: first(middle), low: first(low), high: first(high) },
    now: aim !== null && within(start.group / start.staff, aim),
  };
}

const within = (share: number, { low, high }: Aim): boolean => share >= low - 1e-12 && share <= high + 1e-12;

/** The sliders, by their names in the address; each a percentage. */
export const sliders = {
  intake: { of: "intakeShare", most: 100, step: 0.5 },
  exit: { of: "exitRate", most: 10, step: 0.1 },
  others: { of: "exitRateOthers", most: 10, step: 0.1 },
} as const;
export type SliderName = keyof typeof sliders;
export const sliderNames = Object.keys(sliders) as SliderName[];

/** How many people come in a half-year: from nobody to more than twice as many as now, in steps of some hundredths of it. */
export function sizeSlider({ intake }: Pick<Start, "intake">): { most: number; step: number } {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((each) => intake * 2 <= each * 250) ?? 1000;
  return { most: Math.max(10, Math.ceil((intake * 2) / (step * 10)) * step * 10), step };
}

/** The size of the intake in the address, in people; null where there is none, or more than the slider has. */
export function readSize(text: string | null, start: Pick<Start, "intake">): number | null {
  if (text === null || !/^\d{1,6}$/.test(text) || Number(text) > sizeSlider(start).most) return null;
  return Number(text);
}

/** A slider's position in the address as a share; null where there is none, or none that the slider has. */
export function readPosition(name: SliderName, text: string | null): number | null {
  if (text === null || !/^\d{1,3}(\.\d{1,2})?$/.test(text) || Number(text) > sliders[name].most) return null;
  return Number(text) / 100;
}

/** A share as the slider's percentage. */
export const writePosition = (share: number): string => String(Number((share * 100).toFixed(2)));

/** The scenario of the start, with the positions that the reader chose. */
export function scenarioOf(start: Start, positions: Partial<Record<SliderName, number | null>>): Scenario {
  const scenario = { ...start.scenario };
  for (const name of sliderNames) {
    const position = positions[name];
    if (position !== null && position !== undefined) scenario[sliders[name].of] = position;
  }
  return scenario;
}

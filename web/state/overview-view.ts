import type { Question, Unit } from "../api.ts";
import {
  chosenPeriod,
  isCalendarGrain,
  periodCode,
  stepPeriod,
  type CalendarGrain,
  type Period,
} from "../charts/period.ts";
import type { Language } from "../format.ts";
import type { Address } from "./address.ts";
import { comparedFields } from "../charts/figure-fields.ts";
import type { Organisation } from "./organisation.ts";

/** What a reader looks at on the overview. */
export interface OverviewView {
  grain: CalendarGrain;
  period: Period;
  before: Period;
  force: Unit | null;
  /** The unit whose parts are the columns. */
  lead: Unit | null;
  /** The whole force by one level below the units: its districts, its teams. */
  level: string | null;
  /** The columns, the lead first. */
  units: Unit[];
}

/** Levels by which the whole force can be shown. */
export const wideLevels = ["district", "team"];

/** The view of an address; `through` is the last day that the data reach. */
export function overviewView({ query }: Address, organisation: Organisation, through: string): OverviewView {
  const grain = isCalendarGrain(query.grain ?? "") ? (query.grain as CalendarGrain) : "half";
  const period = chosenPeriod(query.period ?? null, grain, organisation.start(through), through);
  const on = period.period_end;
  const force = organisation.force(on);
  const lead = organisation.find(query.of ?? "", on) ?? force;
  const level = lead?.level === "force" ? (wideLevels.find((each) => each === query.level) ?? null) : null;
  const parts = lead ? (level ? organisation.ofLevel(level, on) : organisation.below(lead.unit_id, on)) : [];
  const before = stepPeriod({ ...period, grain }, -1);
  return { grain, period, before, force, lead, level, units: lead ? [lead, ...parts] : [] };
}

/** Levels of which figures are asked: with those of its parts come those of the force. */
export const levelsShown = ({ units }: Pick<OverviewView, "units">): string[] =>
  [...new Set(units.map(({ level }) => level))].filter((level) => level !== "force" || units.length === 1);

const questions = (period: Period, levels: readonly string[], fields: string): Question[] =>
  levels.map((level) => ["/overview", { grain: period.grain, period: periodCode(period), fields, level }]);

/** The figures of a period at some levels, with their sentences in a language. */
export const figureQuestions = (period: Period, levels: readonly string[], language: Language): Question[] =>
  questions(period, levels, `sentence_${language}`);

/** What those of the period before are compared by. */
export const beforeQuestions = (period: Period, levels: readonly string[]): Question[] =>
  questions(period, levels, comparedFields);

/** What the page asks for a view: its figures, with their sentences in a language, and those of the period before. */
export function overviewQuestions(view: OverviewView, language: Language): Question[] {
  const levels = levelsShown(view);
  return [...figureQuestions(view.period, levels, language), ...beforeQuestions(view.before, levels)];
}

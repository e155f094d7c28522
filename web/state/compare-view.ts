import type { Definition, Level, Question, Unit } from "../api.ts";
import {
  calendarGrains,
  chosenPeriod,
  isCalendarGrain,
  periodCode,
  readPeriod,
  type CalendarGrain,
} from "../charts/period.ts";
import type { Address } from "./address.ts";
import type { CalendarPeriod } from "./comparison.ts";
import { levelOf, levelsFor } from "./levels.ts";
import type { Organisation } from "./organisation.ts";

/** What a reader compares. */
export interface CompareView {
  /** Those that the indicator has. */
  grains: CalendarGrain[];
  levels: Level[];
  unit: Unit | null;
  level: Level | null;
  /** The grain of the address, or of its period; where the indicator lacks it, the next longer one. Null where the reader chose none. */
  asked: CalendarGrain | null;
  /** The period that the reader chose. */
  fixed: CalendarPeriod | null;
}

/** The view of an address; `through` is the last day that the data reach. */
export function compareView(
  { query }: Address,
  definition: Definition,
  organisation: Organisation,
  through: string,
): CompareView {
  const grains = calendarGrains.filter((each) => definition.grains?.includes(each) ?? true);
  const levels = levelsFor(definition, organisation, through);
  const unit = organisation.find(query.unit ?? "", through);
  const level = levels.find((each) => each === query.level) ?? levelOf(unit, levels) ?? levels[0] ?? null;
  const asked = askedGrain(query, grains);
  const fixed =
    asked && readPeriod(query.period ?? "")
      ? { ...chosenPeriod(query.period ?? null, asked, organisation.start(through), through), grain: asked }
      : null;
  return { grains, levels, unit, level, asked, fixed };
}

function askedGrain(query: Address["query"], grains: CalendarGrain[]): CalendarGrain | null {
  const wanted = query.grain ?? readPeriod(query.period ?? "")?.grain ?? "";
  if (!isCalendarGrain(wanted)) return null;
  return grains.find((each) => calendarGrains.indexOf(each) >= calendarGrains.indexOf(wanted)) ?? null;
}

/** What is asked for the figures of a level in a period. */
export const compareQuestion = (id: string, level: string, period: CalendarPeriod): Question => [
  "/compare",
  { indicator: id, level, grain: period.grain, period: periodCode(period) },
];

/** What the page asks for a period that the reader chose; which period it shows by itself only answers tell. */
export const compareQuestions = (id: string, { level, fixed }: CompareView): Question[] =>
  level && fixed ? [level, "force"].map((each) => compareQuestion(id, each, fixed)) : [];

import type { Question, Unit } from "../api.ts";
import { chosenPeriod, isCalendarGrain, type CalendarGrain, type Period } from "../charts/period.ts";
import type { Language } from "../format.ts";
import { matchPath, type Address } from "./address.ts";
import { chartFields, lineFields } from "../charts/figure-fields.ts";
import type { Organisation } from "./organisation.ts";

/** What figures of a unit are compared with: another unit, or the same period a year earlier; null where with nothing. */
export type Compared = { kind: "unit"; unit: Unit } | { kind: "year" } | null;

/** What a reader looks at on the page of a unit. */
export interface UnitView {
  /** Null where the address names none that exists. */
  unit: Unit | null;
  /** The unit that it belongs to. */
  above: Unit | null;
  grain: CalendarGrain;
  period: Period;
  compared: Compared;
}

/** Choices of `compare` besides the ids of units; without one, it is the unit above. */
export const yearEarlier = "last-year";
export const withNothing = "none";

/** The view of an address; `through` is the last day that the data reach. */
export function unitView({ path, query }: Address, organisation: Organisation, through: string): UnitView {
  const grain = isCalendarGrain(query.grain ?? "") ? (query.grain as CalendarGrain) : "half";
  const period = chosenPeriod(query.period ?? null, grain, organisation.start(through), through);
  const on = period.period_end;
  const unitId = matchPath("/unit/:unit?", path)?.unit;
  const unit = unitId ? organisation.find(unitId, on) : organisation.force(through);
  const above = unit?.parent_id ? organisation.find(unit.parent_id, on) : null;
  return { unit, above, grain, period, compared: comparedOf(query.compare, unit, above, organisation, on) };
}

function comparedOf(
  choice: string | undefined,
  unit: Unit | null,
  above: Unit | null,
  organisation: Organisation,
  on: string,
): Compared {
  if (choice === withNothing) return null;
  if (choice === yearEarlier) return { kind: "year" };
  const other = choice && choice !== unit?.unit_id ? organisation.find(choice, on) : null;
  const compared = other ?? above;
  return compared && { kind: "unit", unit: compared };
}

/** What the page asks for a view: the unit's figures at the grain at which each is best shown, and those beside them. */
export function unitQuestions({ unit, compared, grain }: UnitView, language: Language): Question[] {
  if (!unit) return [];
  const of = (unitId: string, fields: string): Question => [
    "/series",
    { unit: unitId, indicator: "all", grain, best_for: unit.unit_id, fields },
  ];
  const own = of(unit.unit_id, chartFields(language));
  return compared?.kind === "unit" ? [own, of(compared.unit.unit_id, lineFields)] : [own];
}

import type { Breakdown, Definition, Level, SeriesRow, Unit } from "../api.ts";
import type { LetteredEvent } from "../charts/events.ts";
import type { TrendData } from "../charts/trend-frame.ts";
import { levelsFor } from "./levels.ts";
import { finestForMany, rowsByKey } from "./figure.ts";
import type { Organisation } from "./organisation.ts";
import type { GrainRows } from "./series.ts";

/** Of whom or what there is a small chart. */
export interface Subject {
  key: string;
  name: string;
  href: string | null;
  events?: readonly LetteredEvent[];
}

/** One of many small charts beside each other. */
export interface Small extends Subject {
  data: TrendData;
}

/** So many small charts stand on a page at most. */
const mostSmall = 48;

/**
 * Small charts of one grain for all, the finest at which most can be shown; a subject without any row has none. `within`
 * says which rows are shown.
 */
export function smallCharts(
  answers: GrainRows[],
  definition: Definition,
  subjects: Subject[],
  keyOf: (row: SeriesRow) => string,
  within: (row: SeriesRow) => boolean = () => true,
): Small[] {
  const found = finestForMany(answers, keyOf);
  if (!found) return [];
  const own = rowsByKey(found.rows, keyOf);
  return subjects.flatMap((subject) => {
    const rows = (own.get(subject.key) ?? []).filter(within);
    return rows.length ? [{ ...subject, data: { definition, rows, events: subject.events ?? [] } }] : [];
  });
}

/** The values of a breakdown that have rows, in the order of its definition; others after them. */
export function valuesOf(answers: GrainRows[], by: Breakdown): string[] {
  const there = [...new Set(answers.flatMap(({ rows }) => rows.flatMap((row) => row.breakdown_value ?? [])))];
  const order = Object.keys(by.values ?? {});
  const place = (value: string) => (order.includes(value) ? order.indexOf(value) : order.length);
  return there.sort((a, b) => place(a) - place(b));
}

/** Which units have small charts: `beside` (those of the unit above the chosen one), all of a level within the chosen one, or none. */
export type Around = "beside" | "none" | Exclude<Level, "force">;

/** Units of which there can be small charts together, by the name of the choice. */
export interface Group {
  around: Around;
  units: readonly Unit[];
  /** Whose parts they are. */
  of: Unit | null;
}

/** Those of them that have one. */
export const shownUnits = (group: Group): Unit[] => group.units.slice(0, mostSmall);

/** Groups by unit, levels and day, each made once: what is shown of them changes only where they do. */
const known = new WeakMap<Organisation, Map<string, Group[]>>();

/** What a reader can choose of around a unit, on a day: two units or more each. */
export function groupsAround(
  unit: Unit | null,
  definition: Pick<Definition, "levels">,
  organisation: Organisation,
  on: string,
): Group[] {
  if (!unit) return [];
  let groups = known.get(organisation);
  if (!groups) known.set(organisation, (groups = new Map()));
  const key = [unit.unit_id, unit.valid_from, on, definition.levels?.join() ?? ""].join(" ");
  let found = groups.get(key);
  if (!found) groups.set(key, (found = makeGroups(unit, definition, organisation, on)));
  return found;
}

function makeGroups(
  unit: Unit,
  definition: Pick<Definition, "levels">,
  organisation: Organisation,
  on: string,
): Group[] {
  const of = (unit.parent_id && organisation.find(unit.parent_id, on)) || unit;
  const beside: Group = { around: "beside", units: organisation.below(of.unit_id, on), of };
  const isWithin = (each: Unit) =>
    each.unit_id !== unit.unit_id &&
    organisation.path(each.unit_id, on).some(({ unit_id }) => unit_id === unit.unit_id);
  const below = levelsFor(definition, organisation, on).map((level): Group => ({
    around: level,
    units: organisation.ofLevel(level, on).filter(isWithin),
    of: unit,
  }));
  const idsOf = ({ units }: Group) => units.map((each) => each.unit_id).sort().join(" "); // prettier-ignore
  return [beside, ...below.filter((group) => idsOf(group) !== idsOf(beside))].filter(({ units }) => units.length > 1);
}

/** Units that a reader can choose for a page: the force and those under it, then those around the chosen one. */
export function unitOptions(
  unit: Unit | null,
  organisation: Organisation,
  on: string,
  named: { units: string; former: string },
): { value: string; label: string; group?: string }[] {
  const force = organisation.force(on);
  if (!force) return [];
  const list: { value: string; label: string; group?: string }[] = [{ value: force.unit_id, label: force.name }];
  const add = (some: readonly Unit[], group: string) =>
    list.push(
      ...some
        .filter((each) => !list.some((one) => one.value === each.unit_id))
        .map((each) => ({ value: each.unit_id, label: each.name, group })),
    );
  add(organisation.below(force.unit_id, on), named.units);
  if (unit?.valid_to && unit.valid_to < on) add([unit], named.former);
  for (const each of unit ? organisation.path(unit.unit_id, on).slice(1) : [])
    add(organisation.below(each.unit_id, on), each.name);
  return list;
}

import type { Catalogue } from "./catalogue.ts";

/** Grains of which pages show the totals of all indicators at once. */
const grains = ["half", "year", "target"];
/** Levels that most pages are about; in a force they are one of twenty units. */
const topLevels = ["force", "unit"];

const listed = (words: readonly string[]) => words.map((word) => `'${word}'`).join(", ");

/** The totals of a relation like `series` at those grains. */
export const totalsIn = (series: string): string =>
  `select * from ${series} where breakdown is null and grain in (${listed(grains)})`;

/** Of those, by a relation like `units`, the totals of units that are or were at the top levels. */
export const topsIn = (totals: string, units: string): string =>
  `select * from ${totals} where unit_id in (select unit_id from ${units} where level in (${listed(topLevels)}))`;

/** More rows than these do not go into memory, where they have a hundred megabytes and more until they are packed. */
export const mostTotals = 1_000_000;

/**
 * Copies in memory: of the totals, those of a unit together, while in a snapshot those of an indicator are, so that a
 * page of a unit reads a tenth of it; and of the top levels' for themselves, which are a twentieth of the totals.
 */
export const makeTotals = (memory: string, snapshot: string): string[] => [
  `attach ':memory:' as ${memory} (compress)`,
  `create table ${memory}.totals as ${totalsIn(`${snapshot}.series`)} order by unit_id, indicator_id, grain, period_start, period_end`,
  `create table ${memory}.tops as ${topsIn(`${memory}.totals`, `${snapshot}.units`)} order by indicator_id, unit_id, grain, period_start, period_end`,
  `checkpoint ${memory}`,
];

/** Whether these levels have all their figures among those of the top levels. */
export const areTopLevels = (levels: readonly string[]): boolean => levels.every((level) => topLevels.includes(level));

/** The same of units; null is all there are. */
export const areTops = (units: readonly string[] | null, { units: known }: Pick<Catalogue, "units">): boolean =>
  units !== null && units.every((id) => known.get(id)?.some(({ level }) => topLevels.includes(level)) ?? false);

/** A statement on `series` that asks for totals of these grains only, on the table that has them and the least besides. */
export function onTotals(
  sql: string,
  { asked, tops, totals }: { asked: readonly string[]; tops: boolean; totals: boolean },
): string {
  if (!asked.every((grain) => grains.includes(grain)) || !(tops || totals)) return sql;
  return sql.replaceAll("from series", `from ${tops ? "tops" : "totals"} as series`);
}

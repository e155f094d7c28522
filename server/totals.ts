import type { Catalogue } from "./catalogue.ts";

/** Grains of which pages show the totals of all indicators at once. */
const grains = ["half", "year", "target"];
/** Levels that most pages are about; in a force they are one of twenty units. */
const topLevels = ["force", "unit"];

const listed = (words: readonly string[]) => words.map((word) => `'${word}'`).join(", ");

/** The totals of a relation like `series` at those grains, with these columns. */
export const totalsIn = (series: string, columns: readonly string[]): string =>
  `select ${columns.join(", ")} from ${series} where breakdown is null and grain in (${listed(grains)})`;

/** Of those, by a relation like `units`, the totals of units that are or were at the top levels. */
export const topsIn = (totals: string, units: string): string =>
  `select * from ${totals} where unit_id in (select unit_id from ${units} where level in (${listed(topLevels)}))`;

/** More rows than these do not go into memory, where they have a hundred megabytes and more until they are packed. */
export const mostTotals = 1_000_000;

/**
 * Copies in memory: of the totals, those of a unit together, while in a snapshot those of an indicator are, so that a
 * page of a unit reads a tenth of it; and of the top levels' for themselves, which are a twentieth of the totals. Their
 * columns are as answers have them, and their rows lie in the order of answers: both take longer than finding them.
 */
export const makeTotals = (memory: string, snapshot: string, columns: readonly string[]): string[] => [
  `attach ':memory:' as ${memory} (compress)`,
  `create table ${memory}.totals as ${totalsIn(`${snapshot}.series`, columns)} order by unit_id, indicator_id, period_start, period_end, grain`,
  `create table ${memory}.tops as ${topsIn(`${memory}.totals`, `${snapshot}.units`)} order by indicator_id, unit_id, period_start, period_end, grain`,
  `checkpoint ${memory}`,
];

/** A copy with the place of each row among the others. */
export const placed = (table: string): string => `(select *, rowid as place from ${table})`;

/** Whether these levels have all their figures among those of the top levels. */
export const areTopLevels = (levels: readonly string[]): boolean => levels.every((level) => topLevels.includes(level));

/** The same of units; null is all there are. */
export const areTops = (units: readonly string[] | null, { units: known }: Pick<Catalogue, "units">): boolean =>
  units !== null && units.every((id) => known.get(id)?.some(({ level }) => topLevels.includes(level)) ?? false);

/** Where figures are asked: `totals` and `tops` have their columns as answers have them. */
export type Figures = "series" | "totals" | "tops";

/** Which of them has what is asked of totals of these grains, and the least besides. */
export function figuresOf({
  asked,
  tops,
  totals,
}: {
  asked: readonly string[];
  tops: boolean;
  totals: boolean;
}): Figures {
  if (!asked.every((grain) => grains.includes(grain)) || !(tops || totals)) return "series";
  return tops ? "tops" : "totals";
}

/** A statement on `series`, asked of another table that is like it. */
export const askedOf = (figures: Figures, sql: string): string =>
  figures === "series" ? sql : sql.replaceAll("from series", `from ${figures} as series`);

/** What puts figures in the order of indicators, units and periods: by their places, where they lie in it. */
export function orderIn(figures: Figures, units: readonly string[] | null, { placed }: { placed: boolean }): string {
  const inOrder = figures === "tops" || (figures === "totals" && units?.length === 1);
  return placed && inOrder ? "place" : "indicator_id, unit_id, period_start, period_end, grain, breakdown_value";
}

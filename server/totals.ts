/** Grains of which pages show the totals of all indicators at once. */
const grains = ["half", "year", "target"];

/** The totals of a relation like `series` at those grains. */
export const totalsIn = (series: string): string =>
  `select * from ${series} where breakdown is null and grain in (${grains.map((grain) => `'${grain}'`).join(", ")})`;

/** More rows than these do not go into memory, where they have a hundred megabytes and more until they are packed. */
export const mostTotals = 1_000_000;

/** A copy of the totals in memory, those of a unit together, while in a snapshot those of an indicator are: a page of a unit reads a tenth of it. */
export const makeTotals = (memory: string, series: string): string[] => [
  `attach ':memory:' as ${memory} (compress)`,
  `create table ${memory}.totals as ${totalsIn(series)} order by unit_id, indicator_id, grain, period_start, period_end`,
  `checkpoint ${memory}`,
];

/** A statement on `series` that asks for totals of these grains only, on `totals` where they have them. */
export const onTotals = (sql: string, asked: readonly string[]): string =>
  asked.every((grain) => grains.includes(grain)) ? sql.replaceAll("from series", "from totals as series") : sql;

import { identifier, literal, type Database } from "../database.ts";
import { finestCellsSql, finestCellsTable } from "../disclosure/cells.ts";
import type { Computed } from "../indicators/definition.ts";

/** Values of a breakdown are numbered from its own number times this on; the first of them is what has no value. */
const slotsPerBreakdown = 100_000;

export const slotMacros = `
create or replace temp macro breakdown_of(slot) as slot // ${slotsPerBreakdown};
create or replace temp macro exposure_of(slot) as slot // ${slotsPerBreakdown} * ${slotsPerBreakdown};`;

const tables = `
create or replace temp table slots (computed_id integer, slot integer, breakdown varchar, breakdown_value varchar);
create or replace temp table cells (computed_id integer, unit_id unit_key, month integer, slot integer, numerator double, denominator double,
  numerator2 double, denominator2 double, unknown double, share double, share_step double, whole boolean, withheld boolean);
create or replace temp table duration_cells (computed_id integer, unit_id unit_key, month integer, slot integer, days integer, cases double);`;

/** What happens to the table `query_cells` of a protected definition, before anything is made of it. */
export interface ProtectedCells {
  hold?: ((definition: Computed, types: Map<string, string>) => Promise<void>) | undefined;
  stage?: ((definition: Computed) => Promise<void>) | undefined;
}

/** Columns of cells that few queries have. */
const rare = ["numerator2", "denominator2", "unknown", "withheld"] as const;
type Rare = (typeof rare)[number];

/**
 * Macros that add up the columns of cells that few queries have: where none has a column (`found`), the sum is the constant that it
 * comes to. Who adds up `cells` names its groups, as a constant is no sum.
 */
function sumMacros(found: ReadonlySet<Rare>): string {
  const macro = (name: string, has: boolean, sum: string, constant: string) =>
    `create or replace temp macro ${name}(x) as ${has ? sum : constant};`;
  return [
    macro("sum_second", found.has("numerator2") || found.has("denominator2"), "sum(x)", "null::double"),
    macro("sum_unknown", found.has("unknown"), "sum(x)", "0::double"),
    macro("any_withheld", found.has("withheld"), "bool_or(x)", "false"),
  ].join("\n");
}

/** What of `rare` a query's cells have. */
const rareIn = (types: Map<string, string>): Rare[] =>
  rare.filter((name) => types.has(name) || (name === "unknown" && (types.has("waiting") || types.has("days"))));

/** Runs the query of each version of a definition once, and adds up its cells by unit, month and slot (0: all; else a value of a breakdown). Leaves the macros `sum_second`, `sum_unknown` and `any_withheld`. */
export async function insertCells(
  db: Database,
  computed: Computed[],
  protectedCells: ProtectedCells = {},
): Promise<void> {
  await db.run(tables);
  await db.run(finestCellsTable);
  const found = new Set<Rare>();
  for (const [index, definition] of computed.entries()) {
    await db.run(queryCellsSql(definition));
    const columns = await db.all<{ column_name: string; column_type: string }>("describe query_cells");
    const types = new Map(columns.map((column) => [column.column_name, column.column_type]));
    for (const name of Object.keys(placed)) types.delete(name);
    for (const name of rareIn(types)) found.add(name);
    if (definition.protected) {
      await protectedCells.hold?.(definition, types);
      await protectedCells.stage?.(definition);
    }
    await db.run(`insert into slots values (${index}, 0, null, null)`);
    await db.run(cellsSql(definition, index, types));
    for (const [position, { name, values }] of definition.breakdowns.entries()) {
      const first = (position + 1) * slotsPerBreakdown;
      await db.run(slotsSql(definition, index, { name, first, values: Object.keys(values) }, types));
      await db.run(cellsSql(definition, index, types, { name, first }));
    }
    if (definition.protected) await db.run(finestCellsSql(definition, types));
  }
  await db.run(`drop table if exists query_cells; ${sumMacros(found)}`);
}

/** Columns beside those of a query, which no query can have: what every sum goes by, worked out once for all of them. */
const placed = { "its unit": "try_cast(unit_id as unit_key)", "its month": "month_of(month)" };

/** Those of protected definitions are published cells in part, which have no columns but their query's. */
const queryCellsSql = ({ sql, protected: isProtected }: Computed): string =>
  `create or replace temp table query_cells as ${
    isProtected
      ? sql
      : `select *, ${placed["its unit"]} as "its unit", ${placed["its month"]} as "its month" from (${sql}\n)`
  }`;

interface Breakdown {
  /** The column of the query. */
  name: string;
  /** The slot of what has no value. */
  first: number;
}

/** The statement that numbers the values of a breakdown: those that occur, and of what is counted all that the definition names. */
function slotsSql(
  { kind }: Computed,
  index: number,
  { name, first, values }: Breakdown & { values: string[] },
  types: Map<string, string>,
): string {
  const column = identifier(name);
  const isList = types.get(name)!.endsWith("[]");
  const found = `select distinct ${isList ? `unnest(${column})` : column}::varchar as value from query_cells where unit_id is not null`;
  const isCounted = kind === "count" || kind === "rate" || kind === "cumulative";
  const named =
    isCounted && values.length > 0
      ? ` union select unnest([${values.map(literal).join(", ")}]) where exists (from query_cells)`
      : "";
  return `insert into slots
    select ${index}, ${first} + row_number() over (order by value), ${literal(name)}, value
    from (${found}${named}) where value is not null;
    insert into slots values (${index}, ${first}, ${literal(name)}, '*')`;
}

/** The statement that adds up a query's cells: all of them, or by the values of one breakdown. */
function cellsSql(definition: Computed, index: number, types: Map<string, string>, breakdown?: Breakdown): string {
  const has = (column: string, fallback: string) => (types.has(column) ? column : fallback);
  const { kind } = definition;
  const isDuration = kind === "duration";
  // What a query has not is not added up.
  const over = (aggregate: string, column: string, fallback: string) =>
    types.has(column) ? `${aggregate}(${column})` : fallback;
  const share = over("any_value", "share", "null::double");
  const measures = [
    isDuration
      ? `sum(numerator) filter (days is not null and ${has("within", "false")})`
      : // Nobody among those who are there is 0; a share that came as one has no numbers.
        `if(${share} is null, coalesce(sum(numerator), 0), sum(numerator))`,
    isDuration ? "sum(numerator) filter (days is not null)" : over("sum", "denominator", "0"),
    over("sum", "numerator2", "null::double"),
    over("sum", "denominator2", "null::double"),
    isDuration ? "sum(numerator) filter (days is null)" : over("sum", "waiting", over("sum", "unknown", "0")),
    share,
    over("any_value", "share_step", "null::double"),
  ];
  const whole = `coalesce(${has("whole", "false")}, false)`;
  const withheld = `coalesce(${over("bool_or", "withheld", "false")}, false)`;
  const lasts = types.has("until");
  const unit = definition.protected ? placed["its unit"] : identifier("its unit");
  const month = definition.protected || lasts ? placed["its month"] : identifier("its month");
  const cells = lasts
    ? // What lasts is there at the end of each of its months.
      `(select query_cells.* replace (months.first_day as month) from query_cells
        join months on months.month >= month_of(query_cells.month) and months.last_day <= coalesce(query_cells.until, date '9999-12-31'))`
    : "query_cells";
  // Unit, month, slot and whether it stands for the whole: named, as of what is not added up there is but a constant.
  const groups = ["2", "3", "4", String(5 + measures.length)].join(", ");
  const add = (from: string, slot: string, where: string) => `
    insert into cells
    select ${index}, ${unit}, ${month}, ${slot}, ${measures.join(", ")}, ${whole}, ${withheld}
    from ${from} where ${where} and ${unit} is not null
    group by ${groups};
    ${isDuration ? addDurations(from, slot, where) : ""}`;
  const addDurations = (from: string, slot: string, where: string) => `
    insert into duration_cells
    select ${index}, ${unit}, ${month}, ${slot}, days::integer, sum(numerator)
    from ${from} where ${where} and days is not null and ${unit} is not null
    group by all;`;
  if (!breakdown) return add(cells, "0", "unit_id is not null");
  const column = identifier(breakdown.name);
  const values = types.get(breakdown.name)!.endsWith("[]")
    ? `(select * exclude (${column}), unnest(list_distinct(${column})) as ${column} from ${cells})`
    : cells;
  const slotted = `${values} as valued join slots on slots.computed_id = ${index} and slots.breakdown = ${literal(breakdown.name)}
      and slots.breakdown_value = valued.${column}::varchar and slots.breakdown_value <> '*'`;
  const valued = add(slotted, "slots.slot", `${column} is not null`);
  if (kind !== "rate") return valued;
  return valued + add(cells, String(breakdown.first), `${column} is null and denominator > 0`);
}

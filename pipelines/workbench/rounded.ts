import { isNumeric, storedColumns, tableColumns, type Column, type Contract } from "../contracts/contract.ts";
import { identifier, literal } from "../database.ts";
import { protectedColumns, protectedFeeds } from "../indicators/read.ts";
import { stateFeeds } from "../indicators/states.ts";

/** People are counted in steps of so many; days of people in what so many work in a month. */
export const step = 5;
const daysStep = 100;

/** Whether a feed says anything that makes a figure protected. */
export const hasProtected = (contract: Contract): boolean =>
  protectedFeeds.has(contract.name) || storedColumns(contract).some(({ name }) => protectedColumns.has(name));

/** A feed without what is protected, as a query; null where nothing of it is left. Rows that differ in that alone are one: how many there are, and of how many people each is, would tell it. */
export function openSql(contract: Contract): string | null {
  if (protectedFeeds.has(contract.name)) return null;
  const name = identifier(contract.name);
  if (!hasProtected(contract)) return `select * exclude (load_id) from ${name}`;
  const counted = countedOf(contract);
  const columns = tableColumns(contract).filter((each) => each.name !== "withheld" && !protectedColumns.has(each.name));
  const left = columns.filter((each) => !counted.includes(each.name)).map((each) => identifier(each.name));
  // A draft is checked against the feed's own types.
  const sums = columns
    .filter((each) => counted.includes(each.name))
    .map((each) => `sum(${identifier(each.name)})::${each.type.split(" NOT NULL ")[0]!} as ${identifier(each.name)}`);
  return `select ${[...left, ...sums, withheldSql].join(", ")} from ${name} group by ${left.join(", ")} order by all`;
}

/** Columns that add up, people first. */
const countedOf = (contract: Contract): string[] =>
  storedColumns(contract)
    .filter((column) => isNumeric(column) && column.adds)
    .map(({ name }) => name);

const withheldSql = "nullif(list_sort(list_distinct(flatten(list(coalesce(withheld, []))))), []) as withheld";

/** The units to which teams, districts and services belong, with the days on which they do: what is rounded is counted by these. */
export const bearers = `
create or replace temp table bearers as
with recursive up as (
  select unit_id, unit_id as bearer_id, level, parent_id, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to, 0 as depth
  from units
  union all
  select up.unit_id, parent.unit_id, parent.level, parent.parent_id, greatest(up.valid_from, parent.valid_from),
    least(up.valid_to, coalesce(parent.valid_to, date '9999-12-31')), up.depth + 1
  from up
  join units as parent on parent.unit_id = up.parent_id and parent.valid_from <= up.valid_to
    and coalesce(parent.valid_to, date '9999-12-31') >= up.valid_from
  where up.level not in ('force', 'unit') and up.depth < 20
)
from up where level in ('force', 'unit')`;

/** Of fewer people than this nothing is told that others do not share. */
const least = 10;

/**
 * A feed of people as a query in which every number is a multiple of five, by unit and month and all else that it tells.
 * Numbers are rounded as they are added up in one order, so that what is told of many cells is not off by the sum of
 * what each was rounded by. Where rounding begins is drawn by `key` for each unit and month: else the months before
 * and after somebody came or went would tell who that was. Whatever the exact feed tells besides (a role, a scale) is
 * left out where fewer than ten people of a unit share it, and the months of what happens in a year are one: in a cell
 * of one person any number would say something of that person.
 */
export function roundedSql(contract: Contract, key: string): string {
  const stored = storedColumns(contract).filter(({ type }) => type !== "id");
  const unit = identifier(stored.find(({ type }) => type === "unit")!.name);
  const counted = countedOf(contract);
  const kept = tableColumns(contract)
    .map(({ name }) => name)
    .filter((name) => isKept(name, stored) && !counted.includes(name) && identifier(name) !== unit);
  const rest = kept.filter((name) => name !== contract.date);
  const [secret, open] = [rest.filter((name) => protectedColumns.has(name)), rest.filter((name) => !protectedColumns.has(name))]; // prettier-ignore
  const date = identifier(contract.date);
  const flows = contract.cadence === "month" && !stateFeeds.has(contract.name);
  const isExact = openSql(contract) !== null;
  const names = (list: string[]) => list.map(identifier).join(", ");
  const list = (...parts: string[]) => parts.filter(Boolean).join(", ");
  const width = (name: string) => (name.endsWith("_days") ? daysStep : step);
  const rounded = counted.map((name) => {
    const column = identifier(name);
    const drawn = `md5_number_lower(concat_ws('|', ${literal(key)}, ${literal(`${contract.name}.${name}`)}, ${unit}, block)) % 1000 / 1000.0`;
    const upTo = `sum(coalesce(${column}, 0)) over so_far`;
    const near = (sum: string) => `floor((${sum}) / ${width(name)} + ${drawn}) * ${width(name)}`;
    return `case when ${column} is not null then ${near(upTo)} - ${near(`${upTo} - coalesce(${column}, 0)`)} end as ${column}`;
  });
  const told = [
    ...rest.filter((name) => stored.some((column) => column.name === name && column.type === "share")),
    "withheld",
  ];
  const somebody = [
    ...counted.map((name) => `${identifier(name)} <> 0`),
    ...told.map((name) => `${identifier(name)} is not null`),
  ];
  // What is protected goes first: what is asked for most is then whole stretches of the order.
  return `
with placed as (
  select coalesce(bearers.bearer_id, feed.${unit}) as ${unit}, ${flows ? `year(feed.${date})` : `feed.${date}`} as block, feed.${date},
    ${list(names(rest), names(counted))}, withheld
  from ${identifier(contract.name)} as feed
  left join bearers on bearers.unit_id = feed.${unit} and feed.${date} between bearers.valid_from and bearers.valid_to
),
dated as (${flows ? `select * replace (min(${date}) over (partition by ${unit}, block) as ${date}) from placed` : "from placed"}),
${isExact ? shared(open, { unit, people: identifier(counted[0]!) }) : "shared as (from dated),"}
cells as (
  select ${list(unit, "block", date, names(rest))}, ${counted.map((name) => `sum(${identifier(name)}) as ${identifier(name)}`).join(", ")},
    ${withheldSql}
  from shared
  group by all
)
-- A row of nobody is left out: that there is one would tell that there is somebody.
from (
select ${list(unit, date, names(rest))}, ${rounded.join(", ")}, withheld
from cells
window so_far as (partition by ${unit}, block order by ${list(names(secret), names(open), date)} rows unbounded preceding)
)
where ${somebody.join(" or ")}`;
}

/** Steps (each made once: planned as one they take seconds) that leave out units of a few people, then leave of each column, one after the other, the values that enough people share with all columns before it; where those who are left over would be too few, it is left out for all of them. */
function shared(columns: string[], { unit, people }: { unit: string; people: string }): string {
  const steps = columns.flatMap((name, i) => {
    const column = identifier(name);
    const before = [unit, "block", ...columns.slice(0, i).map(identifier)].join(", ");
    const from = i === 0 ? "enough" : `shared_${i}`;
    return [
      `sized_${i + 1} as materialized (select *, sum(${people}) over (partition by ${before}, ${column}) as sharing from ${from}),`,
      `left_${i + 1} as materialized (select *, coalesce(sum(${people}) filter (sharing < ${least}) over (partition by ${before}), 0) as left_over from sized_${i + 1}),`,
      `shared_${i + 1} as materialized (select * exclude (sharing, left_over) replace (if(sharing >= ${least} and (left_over = 0 or left_over >= ${least}), ${column}, null) as ${column}) from left_${i + 1}),`,
    ];
  });
  const last = columns.length > 0 ? `shared_${columns.length}` : "enough";
  const enough = `enough as materialized (from dated qualify sum(${people}) over (partition by ${unit}, block) >= ${least}),`;
  return [enough, ...steps, `shared as (from ${last}),`].join("\n");
}

/** Columns of the feed's table that its rounded cells have too: not who it was. */
const isKept = (name: string, stored: Column[]): boolean =>
  name !== "withheld" && stored.some((column) => column.name === name || `${column.name}_step` === name);

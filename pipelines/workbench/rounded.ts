import { isNumeric, storedColumns, tableColumns, type Column, type Contract } from "../contracts/contract.ts";
import { identifier } from "../database.ts";
import { protectedColumns, protectedFeeds } from "../indicators/read.ts";
import { stateFeeds } from "../indicators/states.ts";

/** People are counted in steps of so many; days of people in what so many work in a month. */
export const step = 5;
const daysStep = 100;

/** Whether a feed says anything that makes a figure protected. */
export const hasProtected = (contract: Contract): boolean =>
  protectedFeeds.has(contract.name) || storedColumns(contract).some(({ name }) => protectedColumns.has(name));

/** A feed without what is protected, as a query; null where nothing of it is left. */
export function openSql(contract: Contract): string | null {
  if (protectedFeeds.has(contract.name)) return null;
  const left = tableColumns(contract).filter(({ name }) => protectedColumns.has(name));
  const gone = ["load_id", ...left.map(({ name }) => name)];
  return `select * exclude (${gone.map(identifier).join(", ")}) from ${identifier(contract.name)}`;
}

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

/**
 * A feed of people as a query in which every number is a multiple of five, by unit and month and all else that it tells.
 * Numbers are rounded as they are added up in one order, so that what is told of many cells is not off by the sum of
 * what each was rounded by: the whole of a unit and month is the nearest multiple.
 */
export function roundedSql(contract: Contract): string {
  const stored = storedColumns(contract).filter(({ type }) => type !== "id");
  const unit = stored.find(({ type }) => type === "unit")!.name;
  const counted = stored.filter((column) => isNumeric(column) && column.adds).map(({ name }) => name);
  const kept = tableColumns(contract)
    .map(({ name }) => name)
    .filter((name) => isKept(name, stored) && !counted.includes(name) && name !== unit);
  const rest = kept.filter((name) => name !== contract.date);
  // What is protected goes first: what is asked for most is then whole stretches of the order.
  const order = [
    ...rest.filter((name) => protectedColumns.has(name)),
    ...rest.filter((name) => !protectedColumns.has(name)),
  ];
  const date = identifier(contract.date);
  const isEvents = stored.find(({ name }) => name === contract.date)!.type === "date" && contract.cadence === "month";
  const flows = contract.cadence === "month" && !stateFeeds.has(contract.name);
  const block = flows ? `year(${date})` : date;
  const names = (list: string[]) => list.map(identifier).join(", ");
  const list = (...parts: string[]) => parts.filter(Boolean).join(", ");
  const width = (name: string) => (name.endsWith("_days") ? daysStep : step);
  const rounded = counted.map((name) => {
    const upTo = `sum(coalesce(${identifier(name)}, 0)) over so_far`;
    const near = (sum: string) => `floor((${sum}) / ${width(name)} + 0.5) * ${width(name)}`;
    return `case when ${identifier(name)} is not null then ${near(upTo)} - ${near(`${upTo} - coalesce(${identifier(name)}, 0)`)} end as ${identifier(name)}`;
  });
  const told = [
    ...rest.filter((name) => stored.some((column) => column.name === name && column.type === "share")),
    "withheld",
  ];
  const somebody = [
    ...counted.map((name) => `${identifier(name)} <> 0`),
    ...told.map((name) => `${identifier(name)} is not null`),
  ];
  return `
with placed as (
  select coalesce(bearers.bearer_id, feed.${identifier(unit)}) as ${identifier(unit)},
    ${isEvents ? `date_trunc('month', feed.${date})::date` : `feed.${date}`} as ${date},
    ${list(names(rest), names(counted))}, withheld
  from ${identifier(contract.name)} as feed
  left join bearers on bearers.unit_id = feed.${identifier(unit)} and feed.${date} between bearers.valid_from and bearers.valid_to
),
cells as (
  select ${list(identifier(unit), date, names(rest))}, ${counted.map((name) => `sum(${identifier(name)}) as ${identifier(name)}`).join(", ")},
    nullif(list_sort(list_distinct(flatten(list(coalesce(withheld, []))))), []) as withheld
  from placed
  group by all
)
-- A row of nobody is left out: that there is one would tell that there is somebody.
from (
select ${list(identifier(unit), date, names(rest))}, ${rounded.join(", ")}, withheld
from cells
window so_far as (partition by ${identifier(unit)}, ${block} order by ${list(names(order), date)} rows unbounded preceding)
)
where ${somebody.join(" or ")}`;
}

/** Columns of the feed's table that its rounded cells have too: not who it was. */
const isKept = (name: string, stored: Column[]): boolean =>
  name !== "withheld" && stored.some((column) => column.name === name || `${column.name}_step` === name);

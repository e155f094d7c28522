import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { Context } from "../context.ts";
import { isDated, tableColumns, type Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import { sync } from "../durable.ts";
import { monthsBefore, today } from "./today.ts";

/** A contract of a feed whose events become cells. */
export type FoldedContract = Contract & { fold: NonNullable<Contract["fold"]> };

export const isFolded = (contract: Contract): contract is FoldedContract => contract.fold !== undefined;

/** What was folded: events of a feed, and the cells that they became a part of. */
export interface Folded {
  feed: string;
  events: number;
  cells: number;
}

/** Events closed before this day are folded. */
export const foldBefore = (context: Context, { fold }: FoldedContract): string =>
  monthsBefore(today(context), fold.months);

/** The columns by which the statements of a feed's folding speak of it. */
export function foldNames(contract: FoldedContract) {
  const { fold } = contract;
  const unit = contract.columns.find((column) => column.type === "unit");
  const id = identifier(contract.key[0]!);
  return {
    table: identifier(contract.name),
    id,
    /** What the event belongs to; itself, where it belongs to nothing. */
    groupOf: (row: string) =>
      fold.group ? `coalesce(${row}.${identifier(fold.group)}, hash(${row}.${id}))` : `${row}.${id}`,
    date: identifier(contract.date),
    closed: identifier(fold.closed),
    weight: identifier(contract.weight!),
    unit: unit && identifier(unit.name),
    columns: tableColumns(contract).map(({ name }) => identifier(name)),
    united: Object.entries(fold.unites).map(([name, of]) => ({ name: identifier(name), of: identifier(of) })),
  };
}

/** The cells of folded events: no id, and all dates moved back by the same days, to `cell_day`. So the days between two dates stay as they were. */
function cellColumns(contract: FoldedContract): { name: string; sql: string }[] {
  const { date, united } = foldNames(contract);
  const columns = new Map(contract.columns.map((column) => [column.name, column]));
  const cells = tableColumns(contract)
    .filter(({ name }) => name !== contract.weight)
    .map(({ name, type }) => {
      const column = columns.get(name);
      const isOrder = !column && name.endsWith("_order");
      const sql = column?.type === "id" || isOrder ? `cast(null as ${type})` : `t.${identifier(name)}`;
      const moved = `${sql} - cast(t.${date} - t.cell_day as integer)`;
      return { name: identifier(name), sql: column && isDated(column) ? moved : sql };
    });
  return [...cells, ...united.map(({ name }) => ({ name, sql: `t.${name}` }))];
}

/** Makes `fold_rows` of the events that were closed before the day: as they are, with the day of their cell, and for the first of a group what it unites. A group is folded when all of it was closed. */
async function findRows(db: Database, contract: FoldedContract, before: string): Promise<void> {
  const { table, id, groupOf, date, closed, columns, united, unit } = foldNames(contract);
  const order = contract.fold.first ? `t.${identifier(`${contract.fold.first}_order`)}, ` : "";
  const dates = contract.columns.filter(isDated).map((column) => `t.${identifier(column.name)}`);
  const later = Object.entries(contract.fold.later).map(([name, days]) => `t.${identifier(name)} + ${days}`);
  // The earliest day on which each of these dates keeps its month, and the unit the place that it had.
  const back = [
    ...[...dates, ...later].map((each) => `day(${each}) - 1`),
    ...(unit ? [`t.${date} - u.valid_from`] : []),
  ].join(", ");
  // What one group unites is worked out of those alone that will be folded: over all of a long history it would not fit in memory.
  await db.run(
    `create or replace temp table fold_groups as
     select distinct ${groupOf("t")} as of from ${table} as t where ${id} is not null and ${closed} < $before::date`,
    { before },
  );
  await db.run(
    `delete from fold_groups where of in (
       select ${groupOf("t")} from ${table} as t
       where ${id} is not null and (${closed} is null or ${closed} >= $before::date)
     )`,
    { before },
  );
  await db.run(
    `create or replace temp table fold_rows as
     with groups as (
       select of${united.map(({ name, of }) => `, list_sort(list_distinct(flatten(list(${of})))) as ${name}`).join("")}
       from fold_groups join ${table} as t on ${groupOf("t")} = of
       where ${id} is not null and ${closed} < $before::date
       group by of
     )
     select ${columns.map((name) => `t.${name}`).join(", ")}, t.load_id,
       t.${date} - cast(least(${back}) as integer) as cell_day
       ${united.map(({ name }) => `, if(row_number() over (partition by groups.of order by t.${date}, ${order}t.${id}) = 1, groups.${name}, null) as ${name}`).join("")}
     from ${table} as t
     join groups on groups.of = ${groupOf("t")}
     ${unit ? `left join units as u on u.unit_id = t.${unit} and t.${date} between u.valid_from and coalesce(u.valid_to, date '9999-12-31')` : ""}
     where t.${id} is not null and t.${closed} < $before::date`,
    { before },
  );
  await db.run("drop table fold_groups");
}

/** Adds the events of a relation (as `fold_rows`) to their cells, or with -1 takes them out. Returns how many cells there are in the end, of those days. */
export async function addToCells(db: Database, contract: FoldedContract, rows: string, sign: 1 | -1): Promise<number> {
  const { table, date, weight } = foldNames(contract);
  const cells = cellColumns(contract);
  const names = cells.map(({ name }) => name).join(", ");
  const touched = `folded = 'known' and ${date} in (select distinct cell_day from ${rows})`;
  await db.run(
    `create or replace temp table fold_cells as
     select ${names}, sum(n)::bigint as n from (
       select ${names}, ${weight} as n from ${table} where ${touched}
       union all
       select ${cells.map(({ name, sql }) => `${sql} as ${name}`).join(", ")}, ${sign} * t.${weight} from ${rows} as t
     ) group by all having sum(n) <> 0`,
  );
  await db.run(`delete from ${table} where ${touched}`);
  await db.run(
    `insert into ${table} (${names}, ${weight}, folded) select ${names}, n, 'known' from fold_cells order by all`,
  );
  const count = await db.one<{ n: number }>("select count(*) as n from fold_cells");
  await db.run("drop table fold_cells");
  return count!.n;
}

/** Puts the feed's events that were closed before the day into cells; their rows are then in `fold_rows`. */
async function foldRows(db: Database, contract: FoldedContract, before: string): Promise<Folded> {
  const { table, id } = foldNames(contract);
  await findRows(db, contract, before);
  const found = await db.one<{ n: number }>("select count(*) as n from fold_rows");
  if (!found!.n) return { feed: contract.name, events: 0, cells: 0 };
  await db.run(`delete from ${table} where ${id} in (select ${id} from fold_rows)`);
  const cells = await addToCells(db, contract, "fold_rows", 1);
  return { feed: contract.name, events: found!.n, cells };
}

/** The folder, relative to the home, of the events that were folded: one file for each folding. */
export const foldedFolder = (feed: string): string => path.join("archive", feed, "folded");

/** Most events that are folded at once: they are held in memory. */
const eventsAtOnce = 1_000_000;

/** Up to which days a feed is folded, one after another: the last is the day before which events are folded, those before it part a long history. */
export async function foldDays(db: Database, context: Context, contract: FoldedContract): Promise<string[]> {
  const { table, id, closed } = foldNames(contract);
  const before = foldBefore(context, contract);
  const parts = await db.all<{ day: string }>(
    `select max(next_month)::varchar as day from (
       select next_month, sum(n) over (order by next_month) // $most as part from (
         select cast(date_trunc('month', ${closed}) + interval 1 month as date) as next_month, count(*) as n
         from ${table} where ${id} is not null and ${closed} < $before::date group by next_month
       )
     ) group by part order by day`,
    { before, most: eventsAtOnce },
  );
  return [...parts.map(({ day }) => day).filter((day) => day < before), before];
}

/** Folds the events of one feed that were closed before the day, and keeps them and those that were taken out since as a file of the archive. Within a transaction of the caller; `firstId` is the least number that the folding may have. */
export async function foldFeed(
  db: Database,
  context: Context,
  contract: FoldedContract,
  before: string,
  firstId = 1,
): Promise<Folded & { file: string | null }> {
  const folded = await foldRows(db, contract, before);
  const taken = await db.one<{ n: number }>("select count(*) as n from unfolded where feed = $feed", {
    feed: contract.name,
  });
  const file = folded.events || taken!.n ? await keepFolded(db, context, contract, before, folded, firstId) : null;
  await db.run("drop table fold_rows");
  return { ...folded, file };
}

async function keepFolded(
  db: Database,
  context: Context,
  contract: FoldedContract,
  before: string,
  folded: Folded,
  firstId: number,
): Promise<string> {
  const { id } = foldNames(contract);
  const feed = contract.name;
  const last = await db.one<{ n: number }>("select coalesce(max(fold_id), 0) as n from folds");
  const fold_id = Math.max(last!.n + 1, firstId);
  const file = path.join(foldedFolder(feed), `${fold_id}.parquet`);
  const full = path.join(context.settings.home, file);
  mkdirSync(path.dirname(full), { recursive: true });
  await db.run(
    `copy (
       select *, false as taken, ${fold_id} as fold_id from fold_rows
       union all by name
       select distinct id as ${id}, true as taken, ${fold_id} as fold_id from unfolded
       where feed = ${literal(feed)} and id not in (select ${id} from fold_rows)
     ) to ${literal(full)} (format parquet, compression zstd)`,
  );
  sync(full);
  await db.run("delete from unfolded where feed = $feed", { feed });
  await db.run("insert into folds values ($fold_id, $feed, $file, $before::date, $at::timestamp, $events, $cells)", {
    fold_id,
    feed,
    file,
    before,
    at: context.now().toISOString().slice(0, -1),
    events: folded.events,
    cells: folded.cells,
  });
  return file;
}

/** Whether any feed has events to fold, or some that were taken out of their cells. */
export async function isFoldDue(db: Database, context: Context, contracts: Map<string, Contract>): Promise<boolean> {
  for (const contract of contracts.values()) {
    if (!isFolded(contract)) continue;
    const { table, id, closed } = foldNames(contract);
    const due = await db.one<{ any: boolean }>(
      `select exists (from ${table} where ${id} is not null and ${closed} < $before::date)
         or exists (from unfolded where feed = $feed) as any`,
      { before: foldBefore(context, contract), feed: contract.name },
    );
    if (due!.any) return true;
  }
  return false;
}

/** Folds what is due of every feed, each part in a transaction of its own. Changes no figure. */
export async function foldAll(db: Database, context: Context, contracts: Map<string, Contract>): Promise<Folded[]> {
  const all: Folded[] = [];
  for (const contract of contracts.values()) {
    if (!isFolded(contract)) continue;
    const parts: Folded[] = [];
    for (const day of await foldDays(db, context, contract)) {
      const { file, ...folded } = await db.transaction(() => foldFeed(db, context, contract, day));
      if (file) parts.push(folded);
    }
    const total = (of: (part: Folded) => number) => parts.reduce((sum, part) => sum + of(part), 0);
    if (parts.length > 0)
      all.push({ feed: contract.name, events: total(({ events }) => events), cells: total(({ cells }) => cells) });
    await sweepFolded(db, context.settings.home, contract.name);
  }
  return all;
}

/** Removes the files of foldings that were cut off or are no longer needed. */
export async function sweepFolded(db: Database, home: string, feed: string): Promise<void> {
  const folder = path.join(home, foldedFolder(feed));
  if (!existsSync(folder)) return;
  const known = await db.all<{ file: string }>("select file from folds where feed = $feed", { feed });
  const names = new Set(known.map(({ file }) => path.basename(file)));
  for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(path.join(folder, name));
}

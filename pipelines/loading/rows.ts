import { isNumeric, tableColumns, type Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import { resolvedSql, type FaultKind } from "./check.ts";

/** How many of the checked rows became what. */
export interface RowCounts {
  read: number;
  accepted: number;
  merged: number;
  quarantined: number;
  reasons: Record<string, number>;
}

/** So many rows have this wrong with them. */
export interface Faulty extends FaultKind {
  rows: number;
}

const names = (contract: Contract) => tableColumns(contract).map(({ name }) => identifier(name));

/** From `load_checked` finds duplicates and makes `load_faults(n, fault, events)` and `load_rows`, the rows as they go into the feed's table: those without an id that are equal but for what they count are added up, where the feed counts at all. */
export async function sortRows(
  db: Database,
  contract: Contract,
  faults: FaultKind[],
  present: ReadonlySet<string>,
  weighed = false,
): Promise<{ counts: RowCounts; faulty: Faulty[] }> {
  const person = contract.columns.find((column) => column.person && present.has(column.name));
  const duplicate = faults.findIndex((fault) => fault.reason === "duplicate_key");
  const keys = person ? ["person", identifier(contract.date)] : contract.key.map(identifier);
  await findDuplicates(db, keys, duplicate);
  await db.run(
    `create or replace temp table load_faults as
     select c.rowid as n, case when fault < ${duplicate} or d.row_n is null then fault else ${duplicate}::smallint end as fault,
       ${weighed ? "c.n" : "1"} as events
     from load_checked as c left join load_duplicates as d on d.row_n = c.rowid
     where fault is not null or d.row_n is not null`,
  );
  const isMerged = await makeRows(db, contract, present, person !== undefined);
  return countRows(db, faults, isMerged && !person, weighed);
}

/** So many rows are grouped at once: rows about persons have no disk to go to. */
const rowsAtOnce = 1_000_000;

/** Of the rows with one key that are else in order the first is kept; the numbers of the others go into `load_duplicates`. */
async function findDuplicates(db: Database, keys: string[], duplicate: number): Promise<void> {
  await db.run("create or replace temp table load_duplicates (row_n bigint)");
  if (keys.length === 0) return;
  const usable = `c.${keys[0]} is not null and (c.fault is null or c.fault > ${duplicate})`;
  const key = keys.map((name) => `c.${name}`).join(", ");
  const repeated = `select ${key}, min(c.rowid) as first_n from load_checked as c where ${usable}`;
  const counts = await db.one<{ n: number }>("select count(*) as n from load_checked");
  const turns = Math.ceil(counts!.n / rowsAtOnce);
  await db.run(`create or replace temp table load_repeated as ${repeated} group by ${key} limit 0`);
  for (let turn = 0; turn < turns; turn++)
    await db.run(
      `insert into load_repeated ${repeated} and hash(${key}) % ${turns} = ${turn} group by ${key} having count(*) > 1`,
    );
  const same = keys.map((name) => `c.${name} is not distinct from r.${name}`).join(" and ");
  await db.run(
    `insert into load_duplicates
     select c.rowid from load_checked as c join load_repeated as r on ${same} where ${usable} and c.rowid > r.first_n`,
  );
  await db.run("drop table load_repeated");
}

/** Returns whether rows without an id were added up. */
async function makeRows(
  db: Database,
  contract: Contract,
  present: ReadonlySet<string>,
  isPersonal: boolean,
): Promise<boolean> {
  const repeated = await db.one<{ any: boolean }>("select count(*) > 0 as any from load_duplicates");
  const first = repeated?.any ? " and not exists (from load_duplicates as d where d.row_n = c.rowid)" : "";
  const columns = names(contract).join(", ");
  const accepted = `select ${columns} from load_checked as c where fault is null${first}`;
  const resolved = (relation: string) => resolvedSql(contract, present, relation);
  const key = contract.columns.find((column) => column.name === contract.key[0]);
  const mayLackId = key === undefined || (key.unless !== undefined && present.has(key.unless));
  const addsUp = contract.columns.some((column) => column.adds);
  if (!isPersonal && !(mayLackId && addsUp)) {
    await db.run(`create or replace temp view load_rows as ${resolved(accepted)}`);
    return false;
  }
  const id = key && identifier(key.name);
  const withId = id ? `${resolved(`${accepted} and ${id} is not null`)} union all by name ` : "";
  const withoutId = id ? `${accepted} and ${id} is null` : accepted;
  // Added up by word, which is fast; then again by what the words mean, for two may mean the same.
  await db.run(
    `create or replace temp table load_merged as
     ${withId}${mergeSql(contract, `(${resolved(mergeSql(contract, `(${withoutId})`))})`)}`,
  );
  await db.run("create or replace temp view load_rows as from load_merged");
  return true;
}

/** Adds up rows that are equal in all columns but those that add; one withheld value withholds the sum. */
function mergeSql(contract: Contract, from: string): string {
  const adds = new Set(contract.columns.filter((column) => column.adds).map((column) => column.name));
  const integers = new Set(contract.columns.filter((column) => column.type === "integer").map((column) => column.name));
  const neverNull = new Set(
    contract.columns.filter((column) => column.default !== undefined).map((column) => column.name),
  );
  const hasAny = contract.columns.some((column) => !column.person && isNumeric(column));
  const selected = tableColumns(contract).map(({ name }) => {
    const column = identifier(name);
    if (name === "withheld" && hasAny)
      return `nullif(list_sort(list_distinct(flatten(list(coalesce(withheld, []::varchar[]))))), []) as withheld`;
    if (!adds.has(name)) return column;
    const sum = integers.has(name) ? `sum(${column})::bigint` : `sum(${column})`;
    return hasAny
      ? `if(bool_or(coalesce(list_contains(withheld, ${literal(name)}), false)), ${neverNull.has(name) ? 0 : "null"}, ${sum}) as ${column}`
      : `${sum} as ${column}`;
  });
  return `select ${selected.join(", ")} from ${from} group by all`;
}

/** Rows that stand for several events count as these. */
async function countRows(
  db: Database,
  faults: FaultKind[],
  isMerged: boolean,
  weighed: boolean,
): Promise<{ counts: RowCounts; faulty: Faulty[] }> {
  const checked = await db.one<{ n: number }>(
    `select ${weighed ? "coalesce(sum(n), 0)::bigint" : "count(*)"} as n from load_checked`,
  );
  const counted = await db.all<{ fault: number; n: number }>(
    "select fault, sum(events)::bigint as n from load_faults group by fault order by fault",
  );
  const faulty = counted.map(({ fault, n }) => ({ ...faults[fault]!, rows: n }));
  const byReason: Record<string, number> = {};
  for (const { reason, rows } of faulty) byReason[reason] = (byReason[reason] ?? 0) + rows;
  const quarantined = counted.reduce((sum, { n }) => sum + n, 0);
  const sound = checked!.n - quarantined;
  const kept = isMerged ? (await db.one<{ n: number }>("select count(*) as n from load_rows"))!.n : sound;
  const counts = { read: checked!.n, accepted: kept, merged: sound - kept, quarantined, reasons: byReason };
  return { counts, faulty };
}

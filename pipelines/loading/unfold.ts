import path from "node:path";
import type { Contract } from "../contracts/contract.ts";
import { literal, type Database } from "../database.ts";
import { archivedColumns } from "./archive.ts";
import { withinCoverage, type Coverage } from "./coverage.ts";
import { addToCells, foldNames, isFolded, type FoldedContract } from "./fold.ts";

/** A load that may speak of events that are folded. */
export interface Late {
  home: string;
  full: boolean;
  coverage: Coverage;
}

/** Before a load: the folded events that it changes are rows again, out of their cells; those that it repeats as they were stay folded, and their ids are in `load_unchanged`. A full load also brings back those in its coverage that it lacks. */
export async function unfold(db: Database, contract: Contract, late: Late): Promise<void> {
  await db.run("create or replace temp table load_unchanged (id ubigint)");
  if (!isFolded(contract)) return;
  const ledger = await ledgerSql(db, contract, late.home);
  if (!ledger) return;
  if (!late.full && !(await speaksOfFolded(db, contract, ledger))) return;
  await findFolded(db, contract, ledger, late);
  await sortFolded(db, contract, late);
  await bringBack(db, contract);
}

/** Whether any event of the load, or another of its group, was ever folded; reads no more than the ids. */
async function speaksOfFolded(db: Database, contract: FoldedContract, ledger: string): Promise<boolean> {
  const { id, groupOf } = foldNames(contract);
  const rows = `(select * from load_rows where ${id} is not null)`;
  const found = await db.one<{ any: boolean }>(
    `select exists (from ${ledger} as l where l.${id} in (select r.${id} from ${rows} as r)
       ${contract.fold.group ? `or ${groupOf("l")} in (select ${groupOf("r")} from ${rows} as r)` : ""}) as any`,
  );
  return found!.any;
}

/** All that the archive says of folded events of the feed, as a select; null where it has nothing. An event may be there several times, folded and taken out again; the last counts. */
async function ledgerSql(db: Database, contract: FoldedContract, home: string): Promise<string | null> {
  const files = await db.all<{ file: string }>("select file from folds where feed = $feed order by fold_id", {
    feed: contract.name,
  });
  if (files.length === 0) return null;
  const list = files.map(({ file }) => literal(path.join(home, file))).join(", ");
  const rows = `read_parquet([${list}], union_by_name = true)`;
  const columns = await archivedColumns(db, contract, rows);
  const united = foldNames(contract).united.map(({ name }) => name);
  return `(select ${[...columns, ...united, "load_id", "cell_day", "taken", "fold_id"].join(", ")} from ${rows})`;
}

/** The statement that gives the events, of those with these ids, that are folded now. */
export function foldedNow(contract: FoldedContract, ledger: string, ids: string): string {
  const { id } = foldNames(contract);
  return `select * exclude (taken, fold_id) from (
      select l.*, row_number() over (partition by l.${id} order by l.fold_id desc) as place
      from ${ledger} as l where ${ids}
    ) where place = 1 and not taken
      and ${id} not in (select id from unfolded where feed = ${literal(contract.name)})`;
}

/** Makes `load_folded` of the folded events that the load may change, whole groups. */
async function findFolded(
  db: Database,
  contract: FoldedContract,
  ledger: string,
  { full, coverage }: Late,
): Promise<void> {
  const { id, groupOf } = foldNames(contract);
  const named = `l.${id} in (select ${id} from load_rows where ${id} is not null)`;
  const sameGroup = (rows: string) =>
    `l.${id} in (select g.${id} from ${ledger} as g where not g.taken and ${groupOf("g")} in (select ${groupOf("r")} from ${rows} as r where r.${id} is not null))`;
  const isGrouped = contract.fold.group !== undefined;
  const wanted = isGrouped ? `${named} or ${sameGroup("load_rows")}` : named;
  await db.run(`create or replace temp table load_folded as ${foldedNow(contract, ledger, wanted)}`);
  if (full)
    await db.run(
      `insert into load_folded select t.* from (${foldedNow(contract, ledger, "true")}) as t
       where ${await withinCoverage(db, contract, coverage)} and t.${id} not in (select ${id} from load_folded)`,
    );
  if (isGrouped)
    await db.run(
      `insert into load_folded select t.* from (${foldedNow(contract, ledger, sameGroup("load_folded"))}) as t
       where t.${id} not in (select ${id} from load_folded)`,
    );
}

/** Leaves in `load_folded` the groups that the load changes; the ids of the others that it has go into `load_unchanged`. */
async function sortFolded(db: Database, contract: FoldedContract, { full, coverage }: Late): Promise<void> {
  const { id, groupOf, columns } = foldNames(contract);
  const differs = columns.map((name) => `f.${name} is distinct from r.${name}`).join(" or ");
  const rows = `(select * from load_rows where ${id} is not null)`;
  await db.run(
    `create or replace temp table load_changed as
     select ${groupOf("f")} as of from load_folded as f join ${rows} as r on r.${id} = f.${id} where ${differs}
     union
     select ${groupOf("r")} from ${rows} as r left join load_folded as f on f.${id} = r.${id} where f.${id} is null or ${differs}
`,
  );
  if (full)
    await db.run(
      `insert into load_changed select ${groupOf("t")} from load_folded as t
       where ${await withinCoverage(db, contract, coverage)} and t.${id} not in (select r.${id} from ${rows} as r)`,
    );
  await db.run(
    `insert into load_unchanged
     select f.${id} from load_folded as f
     where f.${id} in (select ${id} from load_rows) and ${groupOf("f")} not in (select of from load_changed)`,
  );
}

/** Takes the events of changed groups out of their cells and makes them rows again. */
async function bringBack(db: Database, contract: FoldedContract): Promise<void> {
  const { table, id, groupOf, columns } = foldNames(contract);
  await db.run(
    `create or replace temp table load_back as select f.* from load_folded as f where ${groupOf("f")} in (select of from load_changed)`,
  );
  const any = await db.one<{ any: boolean }>("select exists (from load_back) as any");
  if (!any!.any) return;
  await addToCells(db, contract, "load_back", -1);
  const names = [...columns, "load_id"].join(", ");
  await db.run(`insert into ${table} (${names}) select ${names} from load_back`);
  await db.run(`insert into unfolded select $feed, ${id} from load_back`, { feed: contract.name });
}

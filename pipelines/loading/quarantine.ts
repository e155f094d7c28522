import type { Contract } from "../contracts/contract.ts";
import { literal, type Database } from "../database.ts";
import type { TableFile } from "../reading/file.ts";
import type { Reading } from "../reading/rows.ts";
import { linesOf } from "../reading/table.ts";
import { recordSql, type FaultKind } from "./check.ts";

/** Of rows that each stand for many events so many are kept, those of the most; the load's counts have all. */
const mostWeighed = 1000;

/** Makes `load_quarantine(r, line, column_name, value, reason, record)` of the rows in `load_faults`: with the texts as they came, but never one of a column about a person. */
export async function describeFaults(
  db: Database,
  contract: Contract,
  rows: Reading,
  faults: FaultKind[],
  file: TableFile,
): Promise<void> {
  const list = (items: string[]) => `[${items.map(literal).join(", ")}]`;
  await db.run(
    `create or replace temp table load_quarantine as
     select f.n, ${rows.placed ? "c.r" : "f.n"} as r, cast(null as bigint) as line,
       ${list(faults.map((fault) => fault.column))}[f.fault + 1] as column_name,
       cast(null as varchar) as value,
       ${list(faults.map((fault) => fault.reason))}[f.fault + 1] as reason,
       c.record
     from load_faults as f join load_checked as c on c.rowid = f.n
     ${rows.weighed ? `order by f.events desc, f.n limit ${mostWeighed}` : ""}`,
  );
  const unread = await db.one<{ any: boolean }>("select count(*) > 0 as any from load_quarantine where record is null");
  // Rows that were sound in themselves, but not the first of their key: they are read once more.
  if (unread?.any)
    await db.run(
      `update load_quarantine as q set record = late.record
       from (select n, ${recordSql(contract, rows.columns)} as record
             from (select row_number() over () - 1 as n, * from (${rows.relation}) as texts)
             where n in (select n from load_quarantine where record is null)) as late
       where late.n = q.n`,
    );
  await db.run("update load_quarantine set value = record ->> column_name");
  if (rows.weighed && contract.weight)
    await db.run(
      `update load_quarantine as q set record = json_merge_patch(q.record, json_object(${literal(contract.weight)}, f.events))
       from load_faults as f where f.n = q.n`,
    );
  // Of one person's row only what is wrong with it is kept: the rest together would say who it is.
  if (file.personal) await db.run("update load_quarantine set record = null");
  const found = await db.all<{ r: number }>("select distinct r from load_quarantine order by r");
  if (found.length === 0) return;
  if (file.regular) return db.run("update load_quarantine set line = r + $first", { first: file.firstLine });
  const lines = await linesOf(
    file,
    found.map(({ r }) => r),
  );
  await db.run(
    `update load_quarantine set line = l.line
     from (select unnest($rows::bigint[]) as r, unnest($lines::bigint[]) as line) as l where l.r = load_quarantine.r`,
    { rows: `[${found.map(({ r }) => r).join(",")}]`, lines: `[${lines.join(",")}]` },
  );
}

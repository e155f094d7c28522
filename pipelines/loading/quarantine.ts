import type { Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import { linesOf } from "../reading/delimited.ts";
import type { Decoded } from "../reading/decode.ts";
import type { Reading } from "../reading/rows.ts";
import type { FaultKind } from "./check.ts";

/** Makes `load_quarantine(line, column_name, value, reason, record)` of the rows in `load_faults`: with the texts as they came, but never one of a column about a person. */
export async function describeFaults(
  db: Database,
  contract: Contract,
  rows: Reading,
  faults: FaultKind[],
  file: Decoded,
): Promise<void> {
  const shown = contract.columns.filter(
    (column) => rows.columns.has(column.name) && !column.personal && !column.person,
  );
  const isShown = new Set(shown.map((column) => column.name));
  const text = (name: string) => identifier(`t_${name}`);
  const values = faults.flatMap(({ column }, i) => (isShown.has(column) ? `when ${i} then ${text(column)}` : []));
  const list = (items: string[]) => `[${items.map(literal).join(", ")}]`;
  const record = shown.map((column) => `${literal(column.name)}, ${text(column.name)}`).join(", ");
  await db.run(
    `create or replace temp table load_quarantine as
     select texts.r, cast(null as bigint) as line,
       ${list(faults.map((fault) => fault.column))}[f.fault + 1] as column_name,
       cast(case f.fault ${values.join(" ") || "when -1 then null"} end as varchar) as value,
       ${list(faults.map((fault) => fault.reason))}[f.fault + 1] as reason,
       cast(json_object(${record}) as varchar) as record
     from load_faults as f join (${rows.only("select n from load_faults")}) as texts on texts.n = f.n`,
  );
  const found = await db.all<{ r: number }>("select distinct r from load_quarantine order by r");
  if (found.length === 0) return;
  if (file.regular) return db.run("update load_quarantine set line = r + 2");
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

import type { Column } from "../contracts/contract.ts";
import { identifier, type Database } from "../database.ts";
import { codesSql } from "./values.ts";

const table = (column: string) => identifier(`load_${column}_codes`);

/** For each column with several codes makes a temporary table `load_<column>_codes(word, codes)` of the texts that the rows have: they are few, and taking them apart is slow. */
export async function resolveCodes(db: Database, relation: string, columns: Column[]): Promise<void> {
  for (const column of columns) {
    const text = identifier(`t_${column.name}`);
    await db.run(
      `create or replace temp table ${table(column.name)} as
       select word, ${codesSql("word", column.values)} as codes
       from (select distinct ${text} as word from (${relation}) as texts where ${text} is not null)`,
    );
  }
}

/** The join that gives each row its codes. */
export function joinCodesSql(column: string): string {
  const codes = identifier(`${column}_codes`);
  return `left join ${table(column)} as ${codes} on ${codes}.word = rows.${identifier(`t_${column}`)}`;
}

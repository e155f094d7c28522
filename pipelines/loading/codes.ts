import type { Column } from "../contracts/contract.ts";
import { identifier, type Database } from "../database.ts";
import { codesSql } from "./values.ts";
import { keepOfWords, ofWord, wordsSql, wordType } from "./words.ts";

const table = (column: string) => identifier(`load_${column}_codes`);

/** For each column with several codes makes a temporary table `load_<column>_codes(word, codes)` of the texts that the rows have: they are few, and taking them apart is slow. */
export async function resolveCodes(db: Database, columns: Column[]): Promise<void> {
  for (const { name, values } of columns) {
    await db.run(
      `create or replace temp table ${table(name)} as
       select cast(word as ${wordType(name)}) as word, ${codesSql("word", values)} as codes from (${wordsSql(name)})`,
    );
    await keepOfWords(
      db,
      name,
      "allowed",
      `select word::varchar as word, codes is not null as value from ${table(name)}`,
    );
  }
}

/** The condition that a word, given as `x`, has a code that is not allowed. */
export const isNotAllowedSql = (column: string, x: string): string => `not ${ofWord(column, "allowed", x)}`;

/** The join that gives the words of `rows` their codes. */
export function joinCodesSql(column: string): { join: string; value: string } {
  const codes = identifier(`${column}_codes`);
  return {
    join: `left join ${table(column)} as ${codes} on ${codes}.word = rows.${identifier(column)}`,
    value: `${codes}.codes`,
  };
}

import type { Column, Contract } from "../contracts/contract.ts";
import { identifier, type Database } from "../database.ts";
import type { Reading } from "../reading/rows.ts";

/** Columns whose texts are few and whose meaning is looked up: units, and several codes in one text. */
export const hasWords = (column: Column): boolean => column.type === "unit" || column.type === "codes";

const text = (column: string) => identifier(`t_${column}`);

/** The type of a column's texts: each is a small number, in the order of `load_words`. */
export const wordType = (column: string): string => identifier(`load_${column}_word`);

/** What is to be known of a file's texts before its rows can be judged. */
export interface Words {
  /** Whether points group thousands in its decimal numbers: one of them has a decimal comma. */
  isDutch: boolean;
}

/** Reads, in one pass over the rows, the texts of each column that has words, into the type `wordType(column)`. */
export async function readWords(db: Database, contract: Contract, rows: Reading): Promise<Words> {
  const present = contract.columns.filter((column) => rows.columns.has(column.name));
  const columns = present.filter(hasWords).map((column) => column.name);
  const decimals = present.filter((column) => column.type === "decimal" || column.type === "share");
  if (columns.length + decimals.length === 0) return { isDutch: false };
  const dutch = decimals.map(({ name }) => `coalesce(regexp_full_match(${text(name)}, '-?[\\d.]*,\\d+\\s*%?'), false)`);
  await db.run(
    `create or replace temp table load_words as
     select ${[...columns.map(text), `coalesce(bool_or(${dutch.join(" or ") || "false"}), false) as is_dutch`].join(", ")}
     from (${rows.relation}) as texts group by all`,
  );
  for (const name of columns)
    // A text is never empty; a type without words is no type.
    await db.run(
      `create temp type ${wordType(name)} as enum (
         select '' as word union all (select distinct ${text(name)} from load_words where ${text(name)} is not null order by all))`,
    );
  const found = await db.one<{ dutch: boolean | null }>("select bool_or(is_dutch) as dutch from load_words");
  await db.run("drop table load_words");
  return { isDutch: found?.dutch ?? false };
}

/** A select of a column's words: `word` as a text. */
export const wordsSql = (column: string): string =>
  `select unnest(enum_range(null::${wordType(column)}))::varchar as word`;

/** The word of a row's text, as `wordType(column)`. */
export const wordSql = (column: string): string => `cast(${text(column)} as ${wordType(column)})`;

const variable = (column: string, name: string) => `load_${column}_${name}`;

/** Keeps for each word what a select says of it, for `ofWord`; `values` has the columns `word` and `value`, at most a row a word. */
export async function keepOfWords(db: Database, column: string, name: string, values: string): Promise<void> {
  await db.run(
    `set variable ${identifier(variable(column, name))} = (
       select list(value order by place)
       from (select word, row_number() over () as place from (${wordsSql(column)})) as words left join (${values}) as said using (word))`,
  );
}

/** What was kept of the word in `x`, an expression of `wordType(column)`; NULL where nothing was. */
export const ofWord = (column: string, name: string, x: string): string =>
  `getvariable('${variable(column, name)}')[enum_code(${x}) + 1]`;

/** Forgets the words of a load, when no table has them any more. */
export async function forgetWords(db: Database): Promise<void> {
  const types = await db.all<{ name: string }>(
    `select distinct type_name as name from duckdb_types() where database_name = 'temp' and type_name like 'load\\_%' escape '\\'`,
  );
  for (const { name } of types) await db.run(`drop type if exists ${identifier(name)}`);
  const variables = await db.all<{ name: string }>(
    `select name from duckdb_variables() where name like 'load\\_%' escape '\\'`,
  );
  for (const { name } of variables) await db.run(`reset variable ${identifier(name)}`);
}

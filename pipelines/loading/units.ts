import { identifier, type Database } from "../database.ts";
import { normaliseSql } from "./values.ts";
import { keepOfWords, ofWord, wordsSql, wordType } from "./words.ts";

const table = (column: string) => identifier(`load_${column}_valid`);

/** For each unit column makes a temporary table from the words that the rows use: `load_<column>_valid(word, unit_id, since, until)`, whose periods of a word do not overlap. A word is a unit's id, or else a name that only one unit then has. */
export async function resolveUnits(db: Database, columns: string[]): Promise<void> {
  for (const column of columns) {
    await db.run(
      `create or replace temp table ${table(column)} as
       with words as (select word, ${normaliseSql("word")} as spelling from (${wordsSql(column)})),
       periods as (
         select unit_id, ${normaliseSql("unit_id")} as id_spelling, ${normaliseSql("name")} as name_spelling,
           valid_from as since, coalesce(valid_to, date '9999-12-31') as until
         from units
       ),
       exact as (select word, unit_id, since, until from words join periods on unit_id = word),
       by_id as (
         select word, unit_id, since, until from words join periods on id_spelling = spelling
         where word not in (select word from exact)
           and spelling in (select id_spelling from periods group by id_spelling having count(distinct unit_id) = 1)
       ),
       named as (
         select word, unit_id, since, until from words join periods on name_spelling = spelling
         where word not in (select word from exact) and word not in (select word from by_id)
       ),
       -- Between two bounds the set of units with the name does not change.
       bounds as (select word, since as start from named union select word, until + 1 from named),
       pieces as (select word, start, lead(start) over (partition by word order by start) - 1 as stop from bounds),
       by_name as (
         select pieces.word, any_value(named.unit_id) as unit_id, pieces.start as since, pieces.stop as until
         from pieces join named on named.word = pieces.word and named.since <= pieces.start and named.until >= pieces.stop
         where pieces.stop is not null
         group by all having count(distinct named.unit_id) = 1
       )
       select cast(word as ${wordType(column)}) as word, unit_id, since, until
       from (select * from exact union all select * from by_id union all select * from by_name)`,
    );
    const said = (value: string) =>
      `select word::varchar as word, ${value} as value from ${table(column)} group by word`;
    await keepOfWords(db, column, "since", said("min(since)"));
    await keepOfWords(db, column, "until", said("max(until)"));
    // Most words have one period; only of the others are the gaps between periods looked at.
    await keepOfWords(db, column, "periods", `${said("list({'since': since, 'until': until})")} having count(*) > 1`);
  }
}

/** The condition that the word in `x` was never a unit. */
export const isUnknownUnitSql = (column: string, x: string): string =>
  `${x} is not null and ${ofWord(column, "since", x)} is null`;

/** The day on which a row's word is read: one without a day means the unit that the word meant last. */
const dayOf = (column: string, x: string, day: string): string => `coalesce(${day}, ${ofWord(column, "until", x)})`;

/** The condition that the word in `x` is a unit on the day in `given`, or ever where there is no day; NULL where there is no word. */
export function isUnitThenSql(column: string, x: string, given: string): string {
  const day = dayOf(column, x, given);
  const periods = ofWord(column, "periods", x);
  return `case when ${x} is null then null
    when ${day} between ${ofWord(column, "since", x)} and ${ofWord(column, "until", x)}
    then ${periods} is null or len(list_filter(${periods}, lambda p: ${day} between p.since and p.until)) > 0
    else false end`;
}

/** The join that gives the words of `rows` their unit on the day in their column `dateColumn`. */
export function joinUnitsSql(column: string, dateColumn: string): { join: string; value: string } {
  const valid = identifier(`${column}_valid`);
  const word = `rows.${identifier(column)}`;
  return {
    join: `left join ${table(column)} as ${valid} on ${valid}.word = ${word}
      and ${dayOf(column, word, `rows.${identifier(dateColumn)}`)} between ${valid}.since and ${valid}.until`,
    value: `${valid}.unit_id`,
  };
}

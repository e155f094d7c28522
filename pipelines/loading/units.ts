import { identifier, type Database } from "../database.ts";
import { normaliseSql } from "./values.ts";

/** For each unit column makes a temporary table from the words that the rows use: `load_<column>_valid(word, unit_id, since, until)`, whose periods of a word do not overlap. A word is a unit's id, or else a name that only one unit then has. `units` is a relation with the units. */
export async function resolveUnits(db: Database, relation: string, columns: string[], units: string): Promise<void> {
  for (const column of columns) {
    const text = identifier(`t_${column}`);
    await db.run(
      `create or replace temp table load_words as
       select word, ${normaliseSql("word")} as spelling
       from (select distinct ${text} as word from (${relation}) as texts where ${text} is not null)`,
    );
    await db.run(
      `create or replace temp table ${identifier(`load_${column}_valid`)} as
       with periods as (
         select unit_id, ${normaliseSql("unit_id")} as id_spelling, ${normaliseSql("name")} as name_spelling,
           valid_from as since, coalesce(valid_to, date '9999-12-31') as until
         from ${units}
       ),
       exact as (select word, unit_id, since, until from load_words join periods on unit_id = word),
       by_id as (
         select word, unit_id, since, until from load_words join periods on id_spelling = spelling
         where word not in (select word from exact)
           and spelling in (select id_spelling from periods group by id_spelling having count(distinct unit_id) = 1)
       ),
       named as (
         select word, unit_id, since, until from load_words join periods on name_spelling = spelling
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
       select * from exact union all select * from by_id union all select * from by_name`,
    );
  }
  await db.run("drop table if exists load_words");
}

/** The join that gives each row its unit at the day in `dateColumn`. */
export function joinUnitsSql(column: string, dateColumn: string | null): string {
  const valid = identifier(`${column}_valid`);
  const text = `rows.${identifier(`t_${column}`)}`;
  const then = dateColumn ? ` and rows.${identifier(dateColumn)} between ${valid}.since and ${valid}.until` : "";
  return `left join ${identifier(`load_${column}_valid`)} as ${valid} on ${valid}.word = ${text}${then}`;
}

/** The condition that a word is a unit at some time; for the few rows without a unit. */
export const isKnownUnitSql = (column: string): string =>
  `coalesce(list_contains((select list(word) from ${identifier(`load_${column}_valid`)}), ${identifier(`t_${column}`)}), false)`;

-- Which unit of the level `unit` each unit lies in, for corrections that wait. Needs the tables of spine.sql.
create schema if not exists released;
create table if not exists released.definitions (indicator_id varchar, version integer, hash varchar);
create table if not exists released.waiting (indicator_id varchar, version integer, top varchar, half integer, since integer);

create or replace temp table tops as
select above.unit_id::varchar as unit_id, above.epoch, ancestor_id::varchar as top
from above join unit_levels on unit_levels.unit_id = above.ancestor_id
where unit_levels.level = 'unit';

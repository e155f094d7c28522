-- What the programme delivered or has: what places (districts, services, teams) get, what happens so many times a year, and
-- a list of single things. A unit's own rule holds instead of the one for all.
create table output_rules as
select row_number() over () as rule, * replace (string_split(levels, '|') as levels, "from"::date as "from", "to"::date as "to")
from output_places;

create table output_given as
with ranked as (
  select rules.*, leaves.leaf_id, hash(getvariable('seed'), 'output', output, leaf_id) as key,
    (row_number() over (partition by rule, leaves.unit_id order by hash(getvariable('seed'), 'rank', output, leaf_id)) - 0.5)
      / count(*) over (partition by rule, leaves.unit_id) as rank
  from output_rules as rules
  join leaves on leaves.purpose = 'executive' and list_contains(rules.levels, leaves.level)
    and leaves.unit_id in (select unit_id from population_year)
    and coalesce(rules.unit_id = leaves.unit_id,
      not exists (from output_rules as own where own.output = rules.output and own.unit_id = leaves.unit_id))
),
begun as (
  select *, "from" + floor(draw(key, 1) * ("to" - "from"))::integer as begins
  from ranked where rank >= rank_from and rank < rank_to
)
-- What lasts some years is mostly renewed, after a while.
select output, leaf_id as unit_id, quantity,
  begins + coalesce(365 * years * again, 0)::integer + if(again = 0, 0, floor(200 * draw(key, 10 + again))::integer) as date,
  begins + (365 * years * (again + 1))::integer - 1 as until
from begun, unnest(range(if(years is null, 1, 12))) as repeats(again)
where again = 0 or draw(key, 30 + again) < 0.85;

create table output_counted as
with planned as (
  select rules.output, rules.number, rules.varies, coalesce(rules.half, 0) as half, unit_years.year, unit_years.unit_id
  from output_year as rules
  join unit_years on unit_years.year between rules.from_year and coalesce(rules.to_year, 9999)
    and unit_years.unit_id in (select unit_id from population_year)
    and coalesce(rules.unit_id = unit_years.unit_id,
      not exists (from output_year as own where own.output = rules.output and own.unit_id = unit_years.unit_id))
),
numbered as (
  select *, unnest(range(round(number * (1 + varies * (2 * draw(hash(getvariable('seed'), 'outputs', output, unit_id, year), 1) - 1)))::integer)) as serial
  from planned
)
select output, unit_id, 1 as quantity,
  day_of_year(year, if(half = 2, 0.5, 0) + if(half = 0, 1, 0.49) * draw(hash(getvariable('seed'), 'output', output, unit_id, year, half, serial), 1)) as date,
  null::date as until
from numbered;

create table programme_outputs as
select date, unit_id, output, sum(quantity) as quantity, until
from (
  from output_given
  union all by name from output_counted
  union all by name
  select output, unit_id, quantity, "date"::date as date, until::date as until from output_list
)
group by all;

-- The programme's actions: those that the papers name, and from 2017 on a plan of each year in every unit with an area. Money
-- is spent in the course of the year; at the end of the action the spending is known.
create table actions as
with planned as (
  select unit_years.unit_id || '-' || year || '-' || number as action_id, number::varchar as number, 'action' as kind, focus, title,
    unit_years.unit_id, owner, if(draw(hash(getvariable('seed'), 'action', unit_years.unit_id, number), 1) < 0.7, 'yes', 'no') as mandatory,
    make_date(year, 1, 1) as starts_on, last_day(make_date(year, due_month::integer, 1)) as due_on, year, budget,
    hash(getvariable('seed'), 'action', unit_years.unit_id, year, number) as key
  from action_plan
  join unit_years on unit_years.year >= from_year and unit_years.unit_id in (select unit_id from population_year)
)
select * exclude (key),
  -- Of ten actions seven are ready in time, two later, and one never.
  case when draw(key, 1) < 0.7 then due_on - floor(60 * draw(key, 2))::integer
    when draw(key, 1) < 0.9 then due_on + 15 + floor(150 * draw(key, 2))::integer end as ends_on,
  'done' as ends_as, 0.7 + 0.4 * draw(key, 3) as spent, case when budget is not null then if(number = '4', 'national', 'local') end as funding,
  case when budget is not null then 'KVV-' || year end as cost_code, null as condition, 'voorbeelddata' as note
from planned
union all by name
select * exclude (source) replace (starts_on::date as starts_on, due_on::date as due_on, ends_on::date as ends_on, year::integer as year),
  source as note
from action_list;

-- An action is delivered when it begins, half-way the year of its budget, and when it ends: each time as it stood then.
create table action_stages as
with stages as (
  select *, unnest([
    {stage: 'begun', month: last_day(starts_on)},
    {stage: 'half_way', month: case when budget is not null then make_date(year, 6, 30) end},
    {stage: 'ended', month: last_day(ends_on)}
  ], recursive := true)
  from actions
)
select action_id, number, kind, focus, title, unit_id, owner, mandatory, starts_on::varchar as starts_on, due_on::varchar as due_on,
  if(stage = 'ended', ends_as, 'running') as status, year::varchar as year, budget::integer::varchar as budget,
  case when budget is not null then round(budget * case stage when 'begun' then 0.1 when 'half_way' then 0.6 * greatest(spent, 0.5) else spent end)::integer::varchar end as committed,
  case when budget is not null then round(budget * case stage when 'begun' then 0 when 'half_way' then 0.45 * spent else spent end)::integer::varchar end as spent,
  case when budget is not null then round(budget * case stage when 'begun' then 1 when 'half_way' then (1 + spent) / 2 else spent end)::integer::varchar end as forecast,
  funding, cost_code, condition, note, month, stage, 0 as fault
from stages
where month <= getvariable('through') and (stage <> 'half_way' or month > last_day(starts_on) and month < coalesce(last_day(ends_on), date '9999-12-31'));

create table actions_begun_delivery as from action_stages where stage = 'begun';
create table actions_half_way_delivery as from action_stages where stage = 'half_way';
create table actions_ended_delivery as from action_stages where stage = 'ended';

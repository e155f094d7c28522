-- Incidents of discrimination by the day of registration, of the seven days up to the last that the feed reaches, for each unit with
-- all that lies below it now. Shown at every level, as all plain totals of this feed are (docs/disclosure.md, what is sensitive).
-- Needs `feed_states` and the variable `today`.

create table snapshot.recent as
with recursive reach as (
  -- A feed covers whole months; within the last of them nobody knows more than was loaded.
  select least(covered_to, last_load_at::date, getvariable('today')) as last_day
  from feed_states where feed = 'incidents' and covered_to is not null
),
-- Each unit with the one above it, as it lies now; of one that ended, as it lay last.
placed as (
  select unit_id, arg_max(level, valid_from) as level, arg_max_null(parent_id, valid_from) as parent_id,
    max(coalesce(valid_to, date '9999-12-31')) >= last_day as exists_now
  from units, reach where valid_from <= last_day
  group by unit_id, last_day
),
above(unit_id, above_id, depth) as (
  select unit_id, unit_id, 0 from placed
  union all
  select above.unit_id, placed.parent_id, depth + 1
  from above join placed on placed.unit_id = above.above_id
  where placed.parent_id is not null and depth < 20
),
asked as (
  select distinct date_trunc('month', day)::date as month
  from (select unnest([last_day, last_day - 6]) as day from reach)
),
lowest as (
  select unit_id from placed
  where exists_now and unit_id not in (select parent_id from placed where exists_now and parent_id is not null)
),
-- Whether the feed tells of a lowest unit in all of the seven days.
told as (
  select lowest.unit_id, bool_and(exists (
    from coverage
    where feed = 'incidents' and only_values is null and coverage.from_month <= asked.month and coverage.to_month >= asked.month
      and (coverage.unit_id is null or coverage.unit_id in (select above_id from above where above.unit_id = lowest.unit_id))
  )) as known
  from lowest, asked
  group by lowest.unit_id
),
reached as (
  select above.above_id as unit_id, bool_or(known) as is_known, bool_and(known) as is_whole
  from told join above using (unit_id)
  group by above.above_id
),
counted as (
  select above.above_id as unit_id, sum("count") as registered,
    bool_or(coalesce(list_contains(withheld, 'count'), false)) as withheld
  from incidents
  join reach on registered_on between last_day - 6 and last_day
  join above using (unit_id)
  group by above.above_id
)
select 'incidents' as feed, placed.unit_id, placed.level, last_day - 6 as "from", last_day as "to",
  if(coalesce(withheld, false), null, coalesce(registered, 0))::double as registered, is_whole as complete
from placed
join reached using (unit_id)
left join counted using (unit_id)
cross join reach
where exists_now and is_known
order by placed.unit_id;

-- How targets of units of the force's first two levels ended by a day, the last first, with their course.
with whose as (
  select unit_id, any_value(name order by valid_from desc) as unit_name, any_value(level order by valid_from desc) as level
  from units where level in ('force', 'unit') and ($unit is null or unit_id = $unit)
  group by unit_id
),

ended as (
  select outcomes.*, targets.goal, targets."value" as target, targets.kind as target_kind, targets.demo,
    targets."from" as target_from, targets."to" as target_to, unit_name, level
  from outcomes
  join whose using (unit_id)
  join targets using (indicator_id, target_id)
  where targets."to" <= $day::date
),

courses as (
  select ended.indicator_id, ended.unit_id, ended.target_to,
    list({ period_start: series.period_start, period_end: series.period_end, "value": series."value" } order by series.period_end) as course
  from ended
  join series
    on series.indicator_id = ended.indicator_id and series.unit_id = ended.unit_id and series.grain = ended.grain
    and series.breakdown is null
    and series.period_end <= ended.period_end
    and if(ended.grain = 'target', series.period_start = ended.period_start, series.period_end > ended.period_end - interval 6 year)
  group by all
)

select ended.indicator_id, ended.unit_id, unit_name, level, goal, target, target_kind, demo, target_from, target_to,
  ended.grain, ended.period_start, ended.period_end, ended."value", ended.numerator, ended.denominator, ended.judgement, ended.withheld,
  coalesce(to_json(course)::varchar, '[]') as course
from ended
left join courses using (indicator_id, unit_id, target_to)
join indicators using (indicator_id)
order by target_to desc, level = 'force' desc, unit_name, indicators.position

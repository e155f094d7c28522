-- Results, agreements and aims, one row for each unit, indicator and year: where it stood, what is still needed, and by when.
-- Target figures of composition are not among them: those have their own page.
with whose as (
  select unit_id, any_value(level order by valid_from desc) as level
  from units where level in ('force', 'unit')
  group by unit_id
),

aims as (
  select target_id, indicator_id, unit_id as whose_target, goal, status, source, "by", demo, kind as target_kind, "value" as target,
    "from" as target_from, "to" as target_to, grain as target_grain,
    -- What is aimed at for one day has a path towards it.
    year(if("from" = "to", coalesce(baseline_to, proposed_on, "from"), "from")) as first_year
  from targets where goal <> 'streefcijfer' and breakdown is null
),

-- The last figure of each year at the grain that the target speaks of; what is aimed at for one day has it by the year.
figures as (
  select aims.*, series.unit_id, series.grain, series.period_start, series.period_end, series."value", series.numerator, series.denominator,
    series.pace, series.judgement, series.complete, series.withheld, series.withheld_reason, year(series.period_end) as "year"
  from series
  join aims using (indicator_id, target_id)
  join whose using (unit_id)
  where series.breakdown is null and (series.grain = target_grain or (target_grain = 'target' and series.grain = 'year'))
  qualify row_number() over (
    partition by indicator_id, series.unit_id, year(series.period_end) order by series.grain = target_grain desc, series.period_end desc, target_from desc
  ) = 1
),

-- What a unit aimed at itself in a year of which nothing is known.
silent as (
  select aims.*, whose_target as unit_id, make_date("year"::integer, 12, 31) as last_day, "year"
  from aims
  join whose on unit_id = whose_target
  cross join (select unnest(range(first_year, least(year(target_to), year($through::date)) + 1)) as "year", target_id as of_target from aims) as years
  where of_target = target_id and not exists (
    from figures where figures.indicator_id = aims.indicator_id and figures.unit_id = whose_target and figures."year" = years."year")
  qualify row_number() over (partition by indicator_id, unit_id, "year" order by target_from desc) = 1
),

standing as (
  select figures.* exclude (judgement),
    -- When a target's period is over its end judgement is the one that counts.
    coalesce(if(year(target_to) = figures."year", outcomes.judgement, null), figures.judgement) as judgement,
    if(figures.grain = target_grain and figures.grain <> 'target', figures.period_end, target_to) as due
  from figures
  left join outcomes using (indicator_id, unit_id, target_id)
  union all by name
  select * exclude (last_day), target_grain as grain, null as period_start, null as period_end, null as "value", null as numerator, null as denominator,
    null as pace, 'no_data' as judgement, false as complete, false as withheld, null as withheld_reason,
    if(target_grain = 'target', target_to, least(last_day, target_to)) as due
  from silent
),

counted as (
  select standing.*,
    case
      when standing.withheld or standing."value" is null then null
      when target_kind = 'number' then greatest(0, ceil(target - if(definition->>'kind' = 'coverage', numerator, standing."value") - 1e-9))
      when target_kind <> 'at_least' then null
      when definition->>'kind' in ('share', 'coverage') then greatest(0, ceil(target * denominator - 1e-9) - numerator)
      when definition->>'kind' = 'change' then greatest(0, ceil((1 + target) * denominator - 1e-9) - numerator)
    end as needed,
    position
  from standing
  join indicators using (indicator_id)
)

select indicator_id, unit_id, "year", whose_target as target_unit_id, goal, status, source, "by", demo, target_kind, target, target_from, target_to,
  grain, period_start, period_end, "value", numerator, denominator, pace, judgement, complete, withheld, withheld_reason, needed, due,
  case
    when needed = 0 or judgement like 'reached%' then 'reached'
    -- Of a figure that is withheld the judgement may be known.
    when complete and period_end >= due and (needed > 0 or judgement like 'missed%') then 'missed'
    when withheld then 'withheld'
    when "value" is null or (complete and period_end >= due) then 'no_data'
    else 'running'
  end as state,
  next_target, next_from, next_to
from counted
left join lateral (
  select aims.target as next_target, aims.target_from as next_from, aims.target_to as next_to from aims
  where aims.indicator_id = counted.indicator_id and whose_target = counted.unit_id and aims.target_from > counted.target_to
  order by aims.target_from limit 1
) on true
where ($units is null or list_contains($units, unit_id)) and ($indicators is null or list_contains($indicators, indicator_id))
  and ($year is null or "year" = $year)
order by "year" desc, (select level from whose where whose.unit_id = counted.unit_id) = 'force' desc, unit_id, position

-- From figures to what is said of them: value, interval, target, judgement. Needs `figures`, `indicators`, `applied_targets`
-- and the macros of judgement.ts.

-- The target of each figure that has one: the unit's own before that of the force, a period's before an aim on a day.
create or replace temp table aims as
with wanted as (
  select indicator_id, unit_id, grain, target_id as own_target_id, first_day(first_month) as period_start, last_day(first_day(last_month)) as period_end, null as breakdown, null as breakdown_value
  from figure_spans
  union all
  select indicator_id, unit_id, grain, null, first_day(first_month), last_day(first_day(last_month)), breakdown, breakdown_value
  from figure_spans join breakdown_values using (indicator_id)
  where broken_down and (indicator_id, breakdown) in (select (indicator_id, breakdown) from applied_targets where breakdown is not null)
)
select wanted.*, targets.target_id, targets.kind as target_kind, targets.value as target, targets.tolerance, targets.source as target_source,
  targets."from" as target_from, targets."to" as target_to, targets.baseline_to
from wanted
join applied_targets as targets on targets.indicator_id = wanted.indicator_id and targets.unit_id = wanted.unit_id
where targets.breakdown is not distinct from wanted.breakdown
  and (targets.breakdown_value is null or targets.breakdown_value = wanted.breakdown_value)
  and case
    when wanted.own_target_id is not null then targets.target_id = wanted.own_target_id
    -- An aim on a day stands before its readers from its baseline on.
    when targets."from" = targets."to" then wanted.period_end <= targets."to" and wanted.period_end > coalesce(targets.baseline_to, targets."to" - 1)
    else wanted.period_start >= targets."from" and wanted.period_end <= targets."to"
      and (not targets.at_grain or wanted.grain = targets.grain)
  end
qualify row_number() over (
  partition by wanted.indicator_id, wanted.unit_id, wanted.grain, wanted.own_target_id, wanted.period_start, wanted.period_end,
    wanted.breakdown, wanted.breakdown_value
  order by targets.holder_id <> targets.unit_id, targets."from" = targets."to", targets."to", targets.target_id
) = 1;

create or replace temp view judged as
with valued as (
  select figures.*, indicators.kind, indicators.per, indicators.version,
    case
      when source_withheld then null
      when share is not null then share
      when indicators.kind = 'count' then numerator
      when denominator > 0 then numerator / denominator * indicators.per
    end as value,
    case
      when source_withheld or (indicators.kind <> 'count' and share is null and coalesce(denominator, 0) <= 0) then null
      when share is not null then {lower: greatest(0, share - share_step / 2), upper: least(1, share + share_step / 2)}
      when indicators.kind = 'count' then {lower: events_lower(numerator), upper: events_upper(numerator)}
      when indicators.kind = 'rate' then
        {lower: events_lower(numerator) / denominator * indicators.per, upper: events_upper(numerator) / denominator * indicators.per}
      else {lower: wilson_lower(numerator, denominator), upper: wilson_upper(numerator, denominator)}
    end as interval
  from figures join indicators using (indicator_id)
),
targeted as (
  select valued.*, aims.target_id, aims.target_kind, aims.target, aims.tolerance, aims.target_source, aims.target_from, aims.target_to, aims.baseline_to
  from valued
  left join aims on aims.indicator_id = valued.indicator_id and aims.unit_id = valued.unit_id and aims.grain = valued.grain
    and aims.period_start = valued.period_start and aims.period_end = valued.period_end
    and aims.breakdown is not distinct from valued.breakdown and aims.breakdown_value is not distinct from valued.breakdown_value
    and aims.own_target_id is not distinct from valued.own_target_id
)
select * exclude (interval), interval.lower as lower, interval.upper as upper,
  case
    when value is null then 'no_data'
    when target is null or (target_from = target_to and period_end < target_to) then 'no_target'
    -- A number to reach is not missed before its time is over.
    when target_kind = 'number' and value < target and (not complete or (own_target_id is not null and period_end < target_to))
      then 'no_target'
    when kind in ('share', 'score') and denominator < 10 then 'too_few'
    else judge(target_kind, value, interval.lower, interval.upper, target, tolerance)
  end as judgement
from targeted;

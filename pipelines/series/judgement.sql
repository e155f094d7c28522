-- From figures to what is said of them: value, interval, target, judgement. Needs `reasoned`, `applied_targets`
-- and the macros of judgement.ts.

-- The target of each figure that has one: the unit's own before that of the force, a period's before an aim on a day.
create or replace temp table aims as
with wanted as (
  select spans.span_no, spans.indicator_id, spans.unit_id, spans.kind, spans.grain, spans.target_id as own_target_id, slots.slot,
    slots.breakdown, slots.breakdown_value,
    first_day(first_month) as period_start, last_day(first_day(last_month)) as period_end
  from figure_spans as spans join slots using (computed_id)
  where slots.slot = 0 or (spans.broken_down and slots.breakdown_value <> '*')
)
select wanted.span_no, wanted.slot, targets.target_id, targets.kind as target_kind, targets.value as target, targets.tolerance,
  targets."from" as target_from, targets."to" as target_to
from wanted
join applied_targets as targets on targets.indicator_id = wanted.indicator_id and targets.unit_id = wanted.unit_id
where targets.breakdown is not distinct from wanted.breakdown
  and (targets.breakdown_value is null or targets.breakdown_value = wanted.breakdown_value)
  and case
    when wanted.own_target_id is not null then targets.target_id = wanted.own_target_id
    -- An aim on a day stands before its readers from its baseline on.
    when targets."from" = targets."to" then wanted.period_end <= targets."to" and wanted.period_end > coalesce(targets.baseline_to, targets."to" - 1)
    -- A running count has run since the target's start, whenever the period began.
    else (wanted.period_start >= targets."from" or (wanted.kind = 'cumulative' and wanted.period_end >= targets."from"))
      and wanted.period_end <= targets."to" and (not targets.at_grain or wanted.grain = targets.grain)
  end
qualify row_number() over (
  partition by wanted.span_no, wanted.slot
  order by targets.holder_id <> targets.unit_id, targets."from" = targets."to", targets."to", targets.target_id
) = 1;

create or replace temp view judged as
with valued as (
  select *,
    case
      when source_withheld then null
      when kind = 'ratio' then (case when share is not null then share when denominator > 0 then numerator / denominator end)
        / (case when denominator2 > 0 and numerator2 > 0 then numerator2 / denominator2 end)
      when share is not null then share
      when kind in ('count', 'cumulative') then numerator
      when kind = 'duration' then median
      when kind = 'change' then case when denominator > 0 then numerator / denominator - 1 end
      when denominator > 0 then numerator / denominator * per
    end as value
  from reasoned
),
bounded as (
  select *,
    case
      when value is null or not has_chance then null
      when kind = 'ratio' and share is not null then
        {lower: greatest(0, share - share_step / 2) * value / share, upper: (share + share_step / 2) * value / share}
      when kind = 'ratio' and exposure is null then {
        lower: ratio_lower(value, share_variance(numerator, denominator) + share_variance(numerator2, denominator2)),
        upper: ratio_upper(value, share_variance(numerator, denominator) + share_variance(numerator2, denominator2))}
      when kind = 'ratio' then {lower: ratio_lower(value, rate_variance(numerator, numerator2)), upper: ratio_upper(value, rate_variance(numerator, numerator2))}
      when share is not null then {lower: greatest(0, share - share_step / 2), upper: least(1, share + share_step / 2)}
      when kind in ('count', 'cumulative') then {lower: events_lower(numerator), upper: events_upper(numerator)}
      when kind = 'duration' then {lower: median_lower, upper: median_upper}
      when kind = 'change' then {
        lower: ratio_lower(value + 1, rate_variance(numerator, denominator)) - 1,
        upper: ratio_upper(value + 1, rate_variance(numerator, denominator)) - 1}
      when kind = 'rate' then {lower: events_lower(numerator) / denominator * per, upper: events_upper(numerator) / denominator * per}
      else {lower: wilson_lower(numerator, denominator), upper: wilson_upper(numerator, denominator)}
    end as interval
  from valued
),
targeted as (
  select bounded.*, aims.* exclude (span_no, slot), if(aims.target_kind = 'number' and kind = 'coverage', numerator, value) as reached
  from bounded
  left join aims on aims.span_no = bounded.span_no and aims.slot = bounded.slot
)
select * exclude (interval, reached, span_no, slot, own_target_id, per, share_step, median, median_lower, median_upper, exposure, has_chance, target_from, target_to), interval.lower as lower, interval.upper as upper,
  case
    when value is null then 'no_data'
    when target is null or (target_from = target_to and period_end < target_to) then 'no_target'
    -- A number to reach is not missed before its time is over; nor is what runs up to it.
    when (target_kind = 'number' or kind = 'cumulative') and reached < target
      and (not complete or ((own_target_id is not null or kind in ('cumulative', 'coverage')) and period_end < target_to))
      then 'no_target'
    -- Where everything is counted nothing is left to chance.
    when not has_chance then judge(target_kind, reached, reached, reached, target, tolerance)
    when kind in ('share', 'score') and denominator < 10 then 'too_few'
    else judge(target_kind, value, interval.lower, interval.upper, target, tolerance)
  end as judgement
from targeted;

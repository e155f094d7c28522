-- The one gate between what is computed and what is published. What fails it leaves without value, numerator and interval,
-- with its reason. Needs `judged`, `indicators` and the macros of judgement.ts. Floors, thresholds, bands and the sensitive class:
-- docs/disclosure.md.

create or replace temp macro judged_as(numerators, denominator, target_kind, target, tolerance) as
  list_transform(numerators, lambda x: judge(target_kind, x / denominator, wilson_lower(x, denominator), wilson_upper(x, denominator), target, tolerance));

create or replace temp view gated as
with ruled as (
  select judged.*, indicators.protected, indicators.min_numerator as least_part,
    -- The least period in months; null where there is none. A window of several (r12, target) ends at a half-year's end and is
    -- made of whole periods of that length: from anywhere else it would tell a shorter one.
    case
      when judged.breakdown is not null then case
        when judged.level in ('force', 'unit') then 6 when judged.level in ('district', 'service') then 12 end
      when judged.level = 'force' then 1
      when judged.level = 'unit' then 3
      when judged.level in ('district', 'service') then 6
      else 12 end as floor_months,
    indicators.sensitive and judged.breakdown is not null and judged.level not in ('force', 'unit') as small_case,
    judged.denominator - judged.numerator as complement,
    indicators.min_denominator as least_whole
  from judged join indicators using (indicator_id)
),
floored as (
  select *, coalesce(
      case grain
        when 'month' then floor_months = 1
        when 'quarter' then floor_months <= 3
        when 'half' then floor_months <= 6
        when 'year' then true
        else month(period_end) in (6, 12) and month(period_end) % floor_months = 0 and (month(period_start) - 1) % floor_months = 0
      end and floor_months is not null, false) as above_floor
  from ruled
),
reasoned as (
  select *,
    case
      when source_withheld then 'source'
      -- A share without its numbers was protected by its source.
      when share is not null then null
      when protected and not above_floor then 'floor'
      when protected and not complete then 'incomplete'
      when protected and denominator >= least_whole and numerator >= least_part and complement >= least_part then null
      -- A stricter indicator has no bands: they would say more than its own least numbers allow.
      when protected and least_part = 5 and denominator >= greatest(25, least_whole) and least(numerator, complement) between 0 and 4
        then 'band'
      when protected then 'threshold'
      when small_case and grain not in ('half', 'year') then 'sensitive'
      when small_case and numerator between 1 and 4 then 'sensitive'
      when small_case and kind = 'share' and complement between 1 and 4 then 'sensitive'
    end as withheld_reason
  from floored
),
-- What the numerator of a band may be.
possible as (
  select *, if(numerator <= 4, [0, 1, 2, 3, 4], [denominator - 4, denominator - 3, denominator - 2, denominator - 1, denominator]) as numerators
  from reasoned
)
select * exclude (numerators),
  case when withheld_reason = 'band' then if(numerator <= 4, 'low', 'high') end as band_side,
  case
    when withheld_reason is null then judgement
    when withheld_reason <> 'band' then 'withheld'
    when judgement in ('no_target', 'no_data') then judgement
    -- A band is judged where each of its values would be judged the same.
    when len(list_distinct(judged_as(numerators, denominator, target_kind, target, tolerance))) = 1
      then judged_as(numerators, denominator, target_kind, target, tolerance)[1]
    else 'withheld'
  end as shown_judgement
from possible;

-- From here on only what may be shown.
create or replace temp table shown as
select indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value,
  case when withheld_reason is null then value end as value,
  case when withheld_reason is null and share is null then numerator end as numerator,
  case when coalesce(withheld_reason, 'band') = 'band' and share is null then denominator end as denominator,
  -- A few people of unknown background are people too.
  case when withheld_reason is null and not (protected and unknown between 1 and 4) then unknown end as unknown,
  case when withheld_reason is null then lower end as lower,
  case when withheld_reason is null then upper end as upper,
  target, target_source, target_from, target_to, baseline_to, target_id,
  shown_judgement as judgement, complete, withheld_reason is not null as withheld, withheld_reason, version as definition_version,
  reference, band_side
from gated;

-- Pace: the straight path from what was shown at the baseline to the aim. Of several figures with that end the one whose period
-- is nearest to the baseline's.
create or replace temp table baselines as
select targets.target_id, shown.unit_id, arg_min(shown.value, abs(shown.period_start - coalesce(targets.baseline_from, targets.baseline_to))) as value
from shown
join applied_targets as targets on targets.indicator_id = shown.indicator_id and targets.unit_id = shown.unit_id
  and targets.baseline_to = shown.period_end
where shown.breakdown is null and targets.breakdown is null and shown.value is not null and shown.grain in ('month', 'quarter', 'half', 'year')
group by all;

-- What is said of each over time, by the row of `shown`: filled after the gate (series/variation.ts), from what it showed.
create or replace temp table variations (row_no integer, variation varchar, assurance varchar, trend varchar);

create or replace temp view series as
select shown.indicator_id, shown.unit_id, shown.grain, shown.period_start, shown.period_end, shown.breakdown, shown.breakdown_value,
  shown.value, shown.numerator, shown.denominator, shown.unknown, shown.lower, shown.upper, shown.target, shown.target_source,
  case when shown.breakdown is null and not shown.withheld and shown.target_from = shown.target_to then baselines.value + (shown.target - baselines.value)
    * (shown.period_end - shown.baseline_to)::double / (shown.target_to - shown.baseline_to) end as pace,
  shown.judgement, variations.variation, variations.assurance, variations.trend,
  shown.complete, shown.withheld, shown.withheld_reason, false as restated, indicators.freshness, shown.definition_version,
  shown.target_id, shown.reference, shown.band_side is not null as band, shown.band_side
from shown
join indicators using (indicator_id)
left join baselines on baselines.target_id = shown.target_id and baselines.unit_id = shown.unit_id
left join variations on variations.row_no = shown.rowid;

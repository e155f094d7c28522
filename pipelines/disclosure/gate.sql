-- The rules of the gate: which figures may not be shown, each by itself, and why. Leaves `gated`, with the figures as they are. Needs `judged`, `indicators`, the macros of judgement.ts and the keys of keys.ts. Floors, thresholds, bands and the sensitive class:
-- docs/disclosure.md.

create or replace temp macro judged_as(numerators, denominator, target_kind, target, tolerance) as list_transform(
  list_transform(numerators, lambda x: {value: x / denominator, lower: wilson_lower(x, denominator), upper: wilson_upper(x, denominator)}),
  lambda figure: judge(target_kind, figure.value, figure.lower, figure.upper, target, tolerance));

-- Days from Monday to Friday.
create or replace temp macro working_days(first_day, last_day) as
  len(list_filter(generate_series(first_day::timestamp, last_day::timestamp, interval 1 day), lambda day: isodow(day) <= 5));

create or replace temp table gated as
with ruled as (
  select judged.*, indicators.protected, indicators.in_days,
    if(indicators.in_days, 0, indicators.min_numerator) as least_part,
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
    -- Days of people are as many people as the days that one of them works.
    if(indicators.in_days, 10 * working_days(judged.period_start, judged.period_end), indicators.min_denominator) as least_whole
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
      -- Of nobody there is nothing to tell: how many people there are is known to all. Not so whether anybody answered (a score), nor
      -- whether there is anybody of a background (a ratio), nor whether a few have not said theirs.
      when protected and kind = 'share' and denominator = 0 and coalesce(unknown, 0) not between 1 and 4 then null
      -- Of other kinds nothing says how many people are behind a figure; of a ratio both pairs must be large.
      when protected and kind not in ('share', 'score', 'rate', 'ratio') then 'threshold'
      when protected and kind = 'ratio'
        and not coalesce(denominator2 >= least_whole and numerator2 >= least_part and denominator2 - numerator2 >= least_part, false) then 'threshold'
      when protected and denominator >= least_whole and numerator >= least_part and complement >= least_part then null
      -- A stricter indicator has no bands: they would say more than its own least numbers allow.
      when protected and kind <> 'ratio' and least_part = 5 and denominator >= greatest(25, least_whole) and least(numerator, complement) between 0 and 4
        then 'band'
      when protected then 'threshold'
      when small_case and grain not in ('half', 'year') then 'sensitive'
      when small_case and numerator between 1 and 4 then 'sensitive'
      when small_case and kind = 'share' and complement between 1 and 4 then 'sensitive'
    end::reason_key as withheld_reason
  from floored
),
-- What the numerator of a band may be, and how each of that would be judged.
possible as (
  select *, case when withheld_reason = 'band' and judgement not in ('no_target', 'no_data') then list_distinct(judged_as(
    if(numerator <= 4, [0, 1, 2, 3, 4], [denominator - 4, denominator - 3, denominator - 2, denominator - 1, denominator]),
    denominator, target_kind, target, tolerance)) end as judgements
  from reasoned
)
select * exclude (judgements, judgement, numerator2, denominator2, floor_months, above_floor, small_case, complement, tolerance, target_kind, source_withheld, in_days),
  case when withheld_reason = 'band' then if(numerator <= 4, 'low', 'high') end::side_key as band_side,
  case
    when withheld_reason is null then judgement
    -- Of a small number to reach no more than whether it is reached.
    when withheld_reason = 'threshold' and kind = 'count' and target_kind in ('number', 'at_least') and target < 5 then judgement
    when withheld_reason <> 'band' then 'withheld'
    when judgement in ('no_target', 'no_data') then judgement
    -- A band is judged where each of its values would be judged the same.
    when len(judgements) = 1 then judgements[1]
    else 'withheld'
  end::judgement_key as shown_judgement
from possible;

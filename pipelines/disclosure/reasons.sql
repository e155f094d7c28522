-- Which figures may not be shown, each by itself, and why: `reasoned` is `figures` with what the gate goes by. Needs `figures`,
-- `indicators` and the keys of keys.ts. Floors, thresholds, bands and the sensitive class: docs/disclosure.md.

-- Days from Monday to Friday.
create or replace temp macro working_days(first_day, last_day) as
  len(list_filter(generate_series(first_day::timestamp, last_day::timestamp, interval 1 day), lambda day: isodow(day) <= 5));

create or replace temp view reasoned as
with ruled as (
  select figures.*, indicators.protected, indicators.in_days,
    if(indicators.in_days, 0, indicators.min_numerator) as least_part,
    -- The least period in months; null where there is none. A window of several (r12, target) ends at a half-year's end and is
    -- made of whole periods of that length: from anywhere else it would tell a shorter one.
    case
      when figures.breakdown is not null then case
        when figures.level in ('force', 'unit') then 6 when figures.level in ('district', 'service') then 12 end
      when figures.level = 'force' then 1
      when figures.level = 'unit' then 3
      when figures.level in ('district', 'service') then 6
      else 12 end as floor_months,
    indicators.sensitive and figures.breakdown is not null and figures.level not in ('force', 'unit') as small_case,
    figures.denominator - figures.numerator as complement,
    -- Days of people are as many people as the days that one of them works.
    if(indicators.in_days, 10 * working_days(figures.period_start, figures.period_end), indicators.min_denominator) as least_whole
  from figures join indicators using (indicator_id)
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
)
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
from floored;

-- What must hold of `added_series` before readers see it: nothing withheld shows, no figure stands twice.
with
-- To look for two of the same hash takes half the time, and there are none.
alike as (
  select hash(added_series.indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value) as hashed
  from added_series group by hashed having count(*) > 1
)
select
  count(*) filter (withheld and (
    "value" is not null or numerator is not null or "unknown" is not null or "lower" is not null or "upper" is not null or pace is not null
    or variation is not null or assurance is not null or trend is not null
    or (denominator is not null and not band)
  )) as "open",
  (
    select count(*) from (
      select 1 from added_series
      semi join alike on hash(added_series.indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value) = hashed
      group by added_series.indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value having count(*) > 1
    )
  ) as doubled
from added_series;

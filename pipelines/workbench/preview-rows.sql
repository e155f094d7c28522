-- The rows of `series` that a preview of $indicator_id shows: of force and units every total, and the breakdowns of the last
-- complete year; of all below them the totals of that year; of $units every row. At most $most. Needs `gated`, `unit_levels`.
with newest as (
  select coalesce(max(period_end), getvariable('today')) - interval 1 year as after from gated where complete
)
select series.indicator_id, series.unit_id, unit_levels.level, grain, period_start, period_end, breakdown, breakdown_value, value,
  numerator, denominator, unknown, lower, upper, target, target_source, pace, judgement, complete, withheld, withheld_reason,
  definition_version, reference, band, band_side
from series
join unit_levels on unit_levels.unit_id::varchar = series.unit_id
where indicator_id = $indicator_id and (
  list_contains($units::varchar[], series.unit_id)
  or case when unit_levels.level in ('force', 'unit') then breakdown is null or period_end > (select after from newest)
    else breakdown is null and period_end > (select after from newest) end)
order by breakdown nulls first, grain, list_position(['force', 'unit', 'district', 'service', 'team', 'bureau'], unit_levels.level),
  series.unit_id, period_start, period_end, breakdown_value
limit $most

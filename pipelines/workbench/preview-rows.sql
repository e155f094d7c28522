-- The rows of `series` that a preview of $indicator_id shows: of force and units every total, and the breakdowns of the last
-- complete year; of all below them the totals of that year; of $units every row. At most $most, as one text of JSON, which the
-- engine writes in a fifth of the time; `n` is how many. Needs `keyed_series`, `counted`, `unit_levels`.
with newest as (
  select coalesce(max(newest), getvariable('today')) - interval 1 year as after from counted
),
shown as (
  select series.indicator_id, series.unit_id, unit_levels.level, grain, period_start, period_end, breakdown, breakdown_value, value,
    numerator, denominator, unknown, lower, upper, target, target_source, pace, judgement, complete, withheld, withheld_reason,
    definition_version, reference, band, band_side
  from keyed_series as series
  join unit_levels using (unit_id)
  where indicator_id::varchar = $indicator_id and (
    list_contains($units::varchar[], series.unit_id::varchar)
    or case when unit_levels.level in ('force', 'unit') then breakdown is null or period_end > (select after from newest)
      else breakdown is null and period_end > (select after from newest) end)
  order by breakdown nulls first, grain, list_position(['force', 'unit', 'district', 'service', 'team', 'bureau'], unit_levels.level),
    series.unit_id, period_start, period_end, breakdown_value
  limit $most
),
-- JSON has no number without an end.
finite as (
  select * replace (if(isfinite(value), value, null) as value, if(isfinite(numerator), numerator, null) as numerator,
    if(isfinite(denominator), denominator, null) as denominator, if(isfinite(unknown), unknown, null) as unknown,
    if(isfinite(lower), lower, null) as lower, if(isfinite(upper), upper, null) as upper, if(isfinite(pace), pace, null) as pace)
  from shown
)
select count(*) as n, '[' || coalesce(string_agg(to_json(finite)::varchar, ','), '') || ']' as rows from finite

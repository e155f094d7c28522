-- Signals with the points of their charts: the last 24 that are shown of the unit's series, with the limits of each, or the target.
with chosen as (
  select signals.*, indicators.position, list_position(['force', 'unit', 'district', 'service', 'team', 'bureau'], level) as rank
  from (from signals {where}) as signals
  join indicators using (indicator_id)
  order by found_end desc, has_target desc, rank, position, unit_id, cause
  limit $limit
),
points as (
  select chosen.signal_id, series.period_end, series."value", series.target, limits.centre, limits.chart, limits.scale,
    limits."lower" as fixed_lower, limits."upper" as fixed_upper,
    3 * dispersion * scale * sqrt(greatest(0, limits.centre / scale * if(chart = 'p', 1 - limits.centre / scale, 1)) / series.denominator) as distance
  from chosen
  join series on series.indicator_id = chosen.indicator_id and series.unit_id = chosen.unit_id and series.grain = chosen.grain
    and series.breakdown is null and series."value" is not null and series.complete
    -- Figures of a target are those of that target.
    and (chosen.grain <> 'target' or series.period_start = chosen.period_start)
  -- Of a missed target no limits: as part of a key, since a condition beside it would compare all with all.
  left join limits on limits.indicator_id = if(chosen.cause <> 'target', series.indicator_id, null) and limits.unit_id = series.unit_id
    and limits.grain = series.grain and series.period_start >= limits."from" and series.period_end <= limits."to"
  qualify row_number() over (partition by chosen.signal_id order by series.period_end desc) <= 24
),
charts as (
  select signal_id,
    list(period_end::varchar order by period_end) as chart_ends,
    list("value" order by period_end) as chart_values,
    list(centre order by period_end) as chart_centres,
    list(coalesce(fixed_lower, if(distance is null, null, greatest(0, centre - distance))) order by period_end) as chart_lowers,
    list(coalesce(fixed_upper, if(chart = 'p' and centre + distance > scale, scale, centre + distance)) order by period_end) as chart_uppers,
    list(target order by period_end) as chart_targets
  from points
  group by signal_id
)
select chosen.* exclude (position, rank), charts.* exclude (signal_id)
from chosen
left join charts using (signal_id)
order by found_end desc, has_target desc, rank, position, unit_id, cause

-- The control limits of each shown point: of an XmR chart the same for all points between two breaks, of the others by their denominators.
with parts as (
  from limits {where}
),
points as (
  select parts.*, series.period_start, series.period_end,
    3 * dispersion * scale * sqrt(greatest(0, centre / scale * if(chart = 'p', 1 - centre / scale, 1)) / series.denominator) as distance
  from parts
  join series on series.indicator_id = parts.indicator_id and series.unit_id = parts.unit_id and series.grain = parts.grain
    and series.breakdown is null and series.variation is not null
    and series.period_start >= parts."from" and series.period_end <= parts."to"
)
select indicator_id, unit_id, grain, period_start, period_end, chart, centre,
  coalesce("lower", greatest(0, centre - distance)) as "lower",
  coalesce("upper", if(chart = 'p', least(scale, centre + distance), centre + distance)) as "upper",
  points < 12 as trial
from points
order by indicator_id, unit_id, period_start

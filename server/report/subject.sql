-- Figures of years of one unit: totals, and parts of some indicators, in the order of the catalogue and of time.
with parts as (
  select unnest($part_indicators) as part_indicator, unnest($part_breakdowns) as part_breakdown
),

places as (
  select indicator_id as place_of, position from indicators
)

select {columns}
from series
join places on place_of = indicator_id
where unit_id = $unit and grain = 'year'
  and list_contains($indicators, indicator_id)
  and (
    breakdown is null
    or exists (from parts where part_indicator = indicator_id and part_breakdown = breakdown)
  )
  and year(period_end) between $from_year::integer and $year::integer
order by position, breakdown nulls first, breakdown_value, period_end

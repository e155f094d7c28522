-- The figures of one indicator and period, of some units, named with commas between them, in their order.
select {columns}
from series
where breakdown is null and indicator_id = $indicator and grain = $grain
  and period_start = $period_start::date and period_end = $period_end::date
  and list_contains(string_split($members, ','), unit_id)
order by list_position(string_split($members, ','), unit_id)

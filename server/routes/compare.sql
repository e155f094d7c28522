-- The figures of one indicator and period, of the units of a level that exist at the period's end, in the order of the organisation.
with recursive valid as (
  select unit_id, parent_id, level from units
  where (valid_from is null or valid_from <= $period_end::date) and (valid_to is null or valid_to >= $period_end::date)
),
-- Each unit with the names of all above it.
up(unit_id, top_id, way) as (
  select unit_id, unit_id, [unit_id] from valid where level = $level
  union all
  select up.unit_id, valid.parent_id, list_prepend(valid.parent_id, up.way)
  from up join valid on valid.unit_id = up.top_id
  where valid.parent_id is not null and len(up.way) < 20
),
members as (
  select unit_id, arg_max(way, len(way)) as way from up group by unit_id
)
select {columns}
from series
join members using (unit_id)
where breakdown is null and indicator_id = $indicator and grain = $grain
  and period_start = $period_start::date and period_end = $period_end::date
order by members.way

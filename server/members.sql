-- The units of a level that exist on a day, in the order of the organisation.
with recursive valid as (
  select unit_id, parent_id, level from units
  where (valid_from is null or valid_from <= $day::date) and (valid_to is null or valid_to >= $day::date)
),
-- Each unit with the names of all above it.
up(unit_id, top_id, way) as (
  select unit_id, unit_id, [unit_id] from valid where level = $level
  union all
  select up.unit_id, valid.parent_id, list_prepend(valid.parent_id, up.way)
  from up join valid on valid.unit_id = up.top_id
  where valid.parent_id is not null and len(up.way) < 20
)
select unit_id from up group by unit_id order by arg_max(way, len(way))

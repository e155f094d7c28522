-- The finest cells of protected figures, numbered within their indicator, and all units to which each counts. Needs `finest_cells`, `begun`, and the tables of spine.sql.

-- Of units that have no figures of their own a cell lies in the nearest above that has.
create or replace temp table numbered_cells as
with nearest as (
  select levels, above.unit_id, epoch, arg_min(above.ancestor_id, above.depth) as place
  from (select distinct levels from computed) as wanted, above
  join unit_levels on unit_levels.unit_id = above.ancestor_id
  where list_contains(wanted.levels, unit_levels.level)
  group by levels, above.unit_id, epoch
),
placed as (
  select cells.* replace (coalesce(nearest.place, cells.unit_id) as unit_id)
  from finest_cells as cells
  join computed using (indicator_id, version)
  join months using (month)
  left join begun using (indicator_id)
  left join nearest on nearest.levels = computed.levels and nearest.unit_id = cells.unit_id and nearest.epoch = months.epoch
  where month >= coalesce(begun.from_month, 0)
)
select row_number() over (partition by indicator_id order by version, unit_id, month, tags)::integer as cell, indicator_id, version, unit_id, month, tags,
  sum(numerator) as numerator, sum(denominator) as denominator
from placed
group by indicator_id, version, unit_id, month, tags;

-- A cell under each unit and each value of a breakdown to which it counts; the tag of all together is empty.
create or replace temp table cells_above as
select cell, indicator_id, version, ancestor_id as unit_id, numbered_cells.month, unnest(list_prepend('', tags)) as tag, numerator, denominator as people
from numbered_cells
join months on months.month = numbered_cells.month
join closure on closure.unit_id = numbered_cells.unit_id and closure.epoch = months.epoch;

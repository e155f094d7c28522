-- The finest cells of protected figures, numbered, and all units to which each counts. Needs `finest_cells`, and the tables of spine.sql.

-- Of units that have no figures of their own a cell lies in the nearest above that has.
create or replace temp table numbered_cells as
with places as (
  select indicator_id, version, cells.unit_id, month, coalesce(arg_min(above.ancestor_id::varchar, above.depth), cells.unit_id) as place
  from (select distinct indicator_id, version, unit_id, month from finest_cells) as cells
  join computed using (indicator_id, version)
  join months using (month)
  left join (above join unit_levels on unit_levels.unit_id = above.ancestor_id)
    on above.unit_id::varchar = cells.unit_id and above.epoch = months.epoch and list_contains(computed.levels, unit_levels.level)
  group by indicator_id, version, cells.unit_id, month
)
select row_number() over (order by indicator_id, version, place, month, tags) as cell, indicator_id, version, place as unit_id, month, tags,
  sum(numerator) as numerator, sum(denominator) as denominator
from finest_cells join places using (indicator_id, version, unit_id, month)
group by indicator_id, version, place, month, tags;

-- A cell under each unit and each value of a breakdown to which it counts; the tag of all together is empty.
create or replace temp table cells_above as
select cell, indicator_id, version, ancestor_id::varchar as unit_id, numbered_cells.month, unnest(list_prepend('', tags)) as tag, numerator, denominator as people
from numbered_cells
join months on months.month = numbered_cells.month
join closure on closure.unit_id::varchar = numbered_cells.unit_id and closure.epoch = months.epoch;

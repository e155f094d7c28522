-- Coverage: what units have becomes who has it, a cell for each unit that should, at each month's end. From there on it is a
-- stock like others, and counted anew at each unit. Needs `computed`, `cells` and the tables of spine.sql.

create or replace temp table unit_ends as
select versions.unit_id, versions.level, months.month
from versions
join months using (epoch)
join units on units.unit_id = versions.unit_id::varchar
  and units.valid_from <= months.last_day and coalesce(units.valid_to, date '9999-12-31') >= months.last_day
group by all;

create or replace temp table coverage_cells as
select computed.computed_id, unit_ends.unit_id, unit_ends.month,
  (coalesce(sum(cells.numerator), 0) >= any_value(computed.least))::integer::double as numerator,
  coalesce(bool_or(cells.withheld), false) as withheld
from computed
join unit_ends on list_contains(computed.of_levels, unit_ends.level)
left join cells on cells.computed_id = computed.computed_id and cells.unit_id = unit_ends.unit_id and cells.month = unit_ends.month
where computed.kind = 'coverage'
group by computed.computed_id, unit_ends.unit_id, unit_ends.month;

delete from cells where computed_id in (select computed_id from computed where kind = 'coverage');

insert into cells by name
select computed_id, unit_id, month, 0 as slot, numerator, 1 as denominator, 0 as unknown, withheld, false as whole from coverage_cells;

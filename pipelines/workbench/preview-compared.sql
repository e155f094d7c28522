-- Totals of $indicator_id that differ from those of $other, of the periods that a preview shows; at most $most. Needs
-- `series`, `counted`, `unit_levels`.
with newest as (
  select coalesce(max(newest), getvariable('today')) - interval 1 year as after from counted
),
totals as (
  select indicator_id, unit_id, grain, period_start, period_end, value from series
  where breakdown is null and grain <> 'target'
),
after as (from totals where indicator_id = $indicator_id),
before as (from totals where indicator_id = $other)
select unit_id, unit_levels.level, grain, period_start, period_end, before.value as before, after.value as after
from before full join after using (unit_id, grain, period_start, period_end)
join unit_levels on unit_levels.unit_id::varchar = unit_id
-- Added up in another order they may differ beyond the fifteenth digit.
where not coalesce(before.value = after.value or abs(before.value - after.value) <= 1e-12 * abs(before.value), before.value is null and after.value is null)
  and (unit_levels.level in ('force', 'unit') or period_end > (select after from newest))
order by grain, list_position(['force', 'unit', 'district', 'service', 'team', 'bureau'], unit_levels.level), unit_id, period_end
limit $most

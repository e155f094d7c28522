-- Totals of $indicator_id that differ from those kept of another version, of the periods that a preview shows; at most $most. Needs
-- `series`, `counted`, `compared_totals`, `unit_levels`; $newest is the end of the last complete period when those were computed.
with newest as (
  select coalesce(greatest(max(newest), $newest::date), getvariable('today')) - interval 1 year as after from counted
),
after as (
  select unit_id::varchar as unit_id, grain::varchar as grain, period_start, period_end, value from series
  where indicator_id = $indicator_id and breakdown is null and grain <> 'target'
),
before as (from compared_totals)
select unit_id, unit_levels.level, grain, period_start, period_end, before.value as before, after.value as after
from before full join after using (unit_id, grain, period_start, period_end)
join unit_levels on unit_levels.unit_id::varchar = unit_id
-- Added up in another order they may differ beyond the fifteenth digit.
where not coalesce(before.value = after.value or abs(before.value - after.value) <= 1e-12 * abs(before.value), before.value is null and after.value is null)
  and (unit_levels.level in ('force', 'unit') or period_end > (select after from newest))
order by grain, list_position(['force', 'unit', 'district', 'service', 'team', 'bureau'], unit_levels.level), unit_id, period_end
limit $most

-- Says in `counted` how many figures are withheld as small (disclosure/reasons.sql): by breakdown, below units, of citizens' cases. None of
-- these is made for it: what they count is added up over half-years, and of these over years. Of others none is withheld
-- (preview-known.sql). Needs `counted`, `figure_spans`, `slots`, `cells`, `indicators`, `computed` and the tables of spine.sql and spans.sql.
update counted set withheld = found.withheld
from (
  with small as materialized (
    select spans.computed_id, spans.indicator_id, spans.unit_id, spans.level, spans.grain, spans.first_month, grouped.group_no, spans.kind
    from figure_spans as spans
    join grouped using (computed_id)
    semi join (from indicators where sensitive) as sensitive on sensitive.indicator_id = spans.indicator_id
    where spans.broken_down and spans.level not in ('force', 'unit') and (spans.kind <> 'duration' or grouped.has_term)
  ),
  counting as materialized (
    select units.computed_id, units.unit_id, closure.unit_id as below_id, closure.epoch
    from (select distinct computed_id, group_no, unit_id from small) as units
    join closure on closure.ancestor_id = units.unit_id
    semi join known_epochs on known_epochs.group_no = units.group_no and known_epochs.unit_id = units.unit_id
      and known_epochs.epoch = closure.epoch
  ),
  halves as materialized (
    select cells.computed_id, counting.unit_id, cells.slot, cells.month // 6 * 6 as first_month,
      sum(numerator) as numerator, sum(denominator) as denominator
    from cells
    join months using (month)
    join counting on counting.computed_id = cells.computed_id and counting.below_id = cells.unit_id and counting.epoch = months.epoch
    where cells.slot <> exposure_of(cells.slot)
    group by cells.computed_id, counting.unit_id, cells.slot, cells.month // 6 * 6
  ),
  added_up as (
    select 'half'::grain_key as grain, * from halves
    union all by name
    select 'year'::grain_key as grain, computed_id, unit_id, slot, first_month // 12 * 12 as first_month,
      sum(numerator) as numerator, sum(denominator) as denominator
    from halves group by computed_id, unit_id, slot, first_month // 12 * 12
  )
  select small.indicator_id, small.level, small.grain, count(*) as withheld
  from added_up
  join small on small.computed_id = added_up.computed_id and small.unit_id = added_up.unit_id and small.grain = added_up.grain
    and small.first_month = added_up.first_month
  where added_up.numerator between 1 and 4 or (small.kind = 'share' and added_up.denominator - added_up.numerator between 1 and 4)
  group by all
) as found
where found.indicator_id = counted.indicator_id and found.level = counted.level and found.grain = counted.grain

-- Two published states of one unit tell what those who came and went between them were, all together. Of a few of them that is too much for
-- a colleague who knows who they are. Makes `told_states`, from what `gated` would show and `earlier` has, and `movers`: how many joined and left each
-- unit in each month, with all below it. Needs `gated`, `movements` and the tables of spine.sql.

create or replace temp table told_states as
select indicator_id, version, unit_id, month_of(period_end) as month, any_value(numerator) as x, any_value(denominator) as d
from gated join (select indicator_id, stock from indicators) using (indicator_id)
where protected and stock and breakdown is null and withheld_reason is null and share is null and kind in ('share', 'ratio') and denominator > 0
group by all
union
-- Those that readers have of the months before.
select indicator_id, definition_version, unit_id, month_of(period_end), numerator, denominator
from earlier join (select indicator_id, kind, stock, protected from indicators) using (indicator_id) join begun using (indicator_id)
where month_of(period_end) < begun.from_month and protected and stock and not withheld and numerator is not null and kind in ('share', 'ratio') and denominator > 0;

create or replace temp table hidden_states as from told_states limit 0;

create or replace temp table movers as
select closure.ancestor_id::varchar as unit_id, months.month,
  coalesce(sum("count") filter (movements.kind = 'intake'), 0) as joined, coalesce(sum("count") filter (movements.kind = 'exit'), 0) as "left"
from movements
join months on months.month = month_of(movements."date")
join closure on closure.unit_id::varchar = movements.unit_id and closure.epoch = months.epoch
where movements.kind in ('intake', 'exit')
group by all;

-- `counted` (preview-counted.sql) of figures before any is made, as far as none is withheld: of what adds up every span has one for each
-- slot, of a stock for each that is there in its last month. Needs `figure_spans`, `slots`, `cells` and the tables of spine.sql.
create or replace temp table counted as
with own_slots as (
  from slots where slot = 0 or breakdown_value <> '*'
),
added_up as (
  select spans.indicator_id, spans.level, spans.grain, sum(if(broken_down, own.slots, 1)) as cells,
    max(last_month) filter (covered = months and last_month < month_of(getvariable('today'))) as newest
  from figure_spans as spans
  join (select computed_id, count(*) as slots from own_slots group by computed_id) as own using (computed_id)
  where not spans.stock
  group by spans.indicator_id, spans.level, spans.grain
),
there as (
  select distinct cells.computed_id, closure.ancestor_id as unit_id, cells.month, cells.slot
  from cells
  semi join (from computed where stock) using (computed_id)
  semi join own_slots on own_slots.computed_id = cells.computed_id and own_slots.slot = cells.slot
  join months on months.month = cells.month
  join closure on closure.unit_id = cells.unit_id and closure.epoch = months.epoch
),
stocks as (
  select spans.indicator_id, spans.level, spans.grain, count(*) as cells,
    max(last_month) filter (last_found = last_month and last_whole and last_month < month_of(getvariable('today'))) as newest
  from figure_spans as spans
  join there on there.computed_id = spans.computed_id and there.unit_id = spans.unit_id and there.month = spans.last_found
    and (there.slot = 0 or spans.broken_down)
  where spans.stock and (spans.grain <> 'target' or spans.kind = 'coverage')
  group by spans.indicator_id, spans.level, spans.grain
)
select indicator_id, level, grain, cells::bigint as cells, 0::bigint as withheld, last_day(first_day(newest)) as newest
from (from added_up union all from stocks)

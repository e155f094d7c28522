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
-- Slots are bits, of which a word has many: so what is below a unit is put together without a row for each.
bits as (
  select computed_id, slot, 1::hugeint << (place % 120)::integer as bit, place // 120 as word
  from (select *, row_number() over (partition by computed_id order by slot) - 1 as place from own_slots)
),
own_there as (
  select cells.computed_id, cells.unit_id, cells.month, bits.word, bit_or(bits.bit) as bits
  from cells
  semi join (from computed where stock) using (computed_id)
  join bits on bits.computed_id = cells.computed_id and bits.slot = cells.slot
  group by cells.computed_id, cells.unit_id, cells.month, bits.word
),
there as (
  select own_there.computed_id, closure.ancestor_id as unit_id, own_there.month, own_there.word, bit_or(own_there.bits) as bits
  from own_there
  join months on months.month = own_there.month
  join closure on closure.unit_id = own_there.unit_id and closure.epoch = months.epoch
  group by own_there.computed_id, closure.ancestor_id, own_there.month, own_there.word
),
stocks as (
  -- The total is the first bit of the first word.
  select spans.indicator_id, spans.level, spans.grain, sum(if(broken_down, bit_count(bits), if(word = 0, (bits & 1)::integer, 0))) as cells,
    max(last_month) filter (last_found = last_month and last_whole and last_month < month_of(getvariable('today'))
      and (broken_down or (word = 0 and bits & 1 = 1))) as newest
  from figure_spans as spans
  join there on there.computed_id = spans.computed_id and there.unit_id = spans.unit_id and there.month = spans.last_found
  where spans.stock and (spans.grain <> 'target' or spans.kind = 'coverage')
  group by spans.indicator_id, spans.level, spans.grain
  having cells > 0
)
select indicator_id, level, grain, cells::bigint as cells, 0::bigint as withheld, last_day(first_day(newest)) as newest
from (from added_up union all from stocks)

-- What the figures of each year are made of, as sums of hashes: cells as the roll-up has them, the finest of protected figures, what is
-- covered, and where series begin and end. Those of the same content are the same figures. Needs the tables of spine.sql, spans.sql and
-- cells.ts, and `moved_by_year` (year, content).

create or replace temp table year_contents as
with pieces as (
  select indicator_id, cells.month // 12 as year, hash('cell', version, cells.unit_id::varchar, cells.month, breakdown, breakdown_value,
    -- Sums of fractions differ in their last digits with the order in which they are added.
    round(numerator, 6), round(denominator, 6), round(numerator2, 6), round(denominator2, 6), round("unknown", 6), share, share_step, whole, withheld) as piece
  from cells
  join computed using (computed_id)
  join slots on slots.computed_id = cells.computed_id and slots.slot = cells.slot
  union all
  select indicator_id, cells.month // 12, hash('days', version, cells.unit_id::varchar, cells.month, breakdown, breakdown_value, days, round(cases, 6))
  from duration_cells as cells
  join computed using (computed_id)
  join slots on slots.computed_id = cells.computed_id and slots.slot = cells.slot
  union all
  select indicator_id, month // 12, hash('finest', version, unit_id::varchar, month, tags, round(numerator, 6), round(denominator, 6))
  from finest_cells
  union all
  select indicator_id, month // 12, hash('covered', version, unit_id::varchar, month, whole)
  from covered_months join grouped using (group_no)
),
own as (
  select indicator_id, year, concat_ws(' ', count(*), bit_xor(piece), sum(piece::hugeint)) as content from pieces group by all
),
-- Where series begin, and how far they reach: of twelve months there is a figure wherever the feed has months before and after.
reach as (
  select indicator_id, year,
    string_agg(concat_ws(' ', version, first_reached, least(last_reached, 12 * year + 11), (select min(month) from months)), '; ' order by version) as reach
  from grouped join group_reach using (group_no), (select distinct month // 12 as year from months)
  group by all
)
select reach.indicator_id, reach.year,
  concat_ws('; ', own.content, reach.reach, if(indicators.protected and indicators.stock, moved_by_year.content, null)) as content
from reach
join indicators using (indicator_id)
left join own on own.indicator_id = reach.indicator_id and own.year = reach.year
left join moved_by_year on moved_by_year.year = reach.year;

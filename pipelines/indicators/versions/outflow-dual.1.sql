/*---
kind: ratio
stock: false
per: 1
exposure: mean
covered_by: all
breakdowns: []
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
with known as (
  select unit_id, period, sum(headcount) filter (background = 'dual') as dual, sum(headcount) filter (background = 'single') as single,
    coalesce(bool_or(list_contains(withheld, 'headcount')), false) as withheld
  from staffing
  where background is not null
  group by unit_id, period
)
select unit_id, period as month, 0 as numerator, dual as denominator, 0 as numerator2, single as denominator2, 0 as unknown, withheld
from known
union all
-- Exits count where the background of those who stay is known too.
select
  unit_id,
  last_day(date),
  sum(count) filter (background = 'dual'),
  0,
  sum(count) filter (background = 'single'),
  0,
  sum(count) filter (coalesce(background, 'unknown') = 'unknown'),
  coalesce(bool_or(list_contains(withheld, 'count')), false)
from movements
where kind = 'exit' and (unit_id, last_day(date)) in (select (unit_id, period) from known)
group by unit_id, last_day(date)

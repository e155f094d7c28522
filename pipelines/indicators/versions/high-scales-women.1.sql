/*---
kind: share
stock: true
per: 1
covered_by: all
breakdowns:
  - category
  - scale_band
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
select
  unit_id,
  period as month,
  sum(headcount) filter (gender = 'woman') as numerator,
  sum(headcount) filter (gender in ('woman', 'man', 'other')) as denominator,
  sum(headcount) filter (gender = 'unknown') as unknown,
  category,
  case when scale <= 11 then 's09-11' else 's12-18' end as scale_band,
  coalesce(bool_or(list_contains(withheld, 'headcount')), false) as withheld
from staffing
where scale >= 9
group by all

/*---
kind: share
stock: true
per: 1
covered_by: all
breakdowns:
  - category
  - role
  - scale_band
  - age_band
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
  role,
  case when scale <= 5 then 's01-05' when scale <= 8 then 's06-08' when scale <= 11 then 's09-11' when scale <= 18 then 's12-18' end
    as scale_band,
  age_band,
  coalesce(bool_or(list_contains(withheld, 'headcount')), false) as withheld
from staffing
group by all

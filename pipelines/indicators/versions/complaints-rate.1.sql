/*---
kind: rate
stock: false
per: 100
exposure: mean
covered_by: all
breakdowns:
  - aspect
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
select unit_id, received_on as month, sum(count) as numerator, 0 as denominator, aspects as aspect, false as withheld
from complaints
group by unit_id, received_on, aspects
union all
select unit_id, period, 0, sum(headcount), null, coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
group by unit_id, period

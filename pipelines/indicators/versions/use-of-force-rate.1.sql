/*---
kind: rate
stock: false
per: 100
exposure: mean
covered_by: all
breakdowns:
  - means
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
select unit_id, occurred_on as month, sum(count) as numerator, 0 as denominator, means, false as withheld
from use_of_force
group by unit_id, occurred_on, means
union all
select unit_id, period, 0, sum(headcount), null, coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
where category = 'executive'
group by unit_id, period

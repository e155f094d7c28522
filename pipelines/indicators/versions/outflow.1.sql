/*---
kind: rate
stock: false
per: 100
exposure: mean
covered_by: all
breakdowns:
  - gender
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
select unit_id, date as month, sum(count) as numerator, 0 as denominator, gender, coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'exit'
group by unit_id, date, gender
union all
select unit_id, period, 0, sum(headcount), gender, coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
group by unit_id, period, gender

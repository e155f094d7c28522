/*---
kind: rate
stock: false
per: 1000
exposure: mean
covered_by: all
breakdowns:
  - theme
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
  sum(contacts) as numerator,
  0 as denominator,
  theme,
  coalesce(bool_or(list_contains(withheld, 'contacts')), false) as withheld
from integrity
where channel = 'vik'
group by unit_id, period, theme
union all
select unit_id, period, 0, sum(headcount), null, coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
group by unit_id, period

/*---
kind: count
stock: true
per: 1
covered_by: all
breakdowns:
  - category
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
  sum(fte) as numerator,
  category,
  coalesce(bool_or(list_contains(withheld, 'fte')), false) as withheld
from staffing
where fte is not null or list_contains(withheld, 'fte')
group by unit_id, period, category

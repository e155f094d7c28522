/*---
kind: share
stock: false
per: 1
covered_by: all
breakdowns:
  - category
  - intake_level
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
select
  unit_id,
  date as month,
  sum(count) filter (gender = 'woman') as numerator,
  sum(count) filter (gender in ('woman', 'man', 'other')) as denominator,
  sum(count) filter (gender = 'unknown') as unknown,
  category,
  intake_level,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'intake'
group by unit_id, date, category, intake_level

/*---
kind: share
stock: false
per: 1
covered_by: all
breakdowns:
  - intake_level
  - gender
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
  sum(count) filter (background = 'dual') as numerator,
  sum(count) filter (background in ('dual', 'single')) as denominator,
  sum(count) filter (coalesce(background, 'unknown') = 'unknown') as unknown,
  intake_level,
  gender,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'intake' and category = 'executive'
group by unit_id, date, intake_level, gender

/*---
kind: share
stock: false
per: 1
covered_by: all
breakdowns:
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
  date as month,
  sum(count) filter (background = 'dual') as numerator,
  sum(count) filter (background in ('dual', 'single')) as denominator,
  sum(count) filter (coalesce(background, 'unknown') = 'unknown') as unknown,
  case when scale_to <= 11 then 's09-11' else 's12-18' end as scale_band,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'promotion' and scale_to >= 9
group by unit_id, date, scale_band

/*---
kind: share
stock: false
per: 1
covered_by: all
breakdowns:
  - position
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
  position,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'appointment' and position in ('team_chief', 'sector_head')
group by unit_id, date, position

/*---
kind: share
stock: false
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
  date as month,
  sum(count) filter (exit_interview = 'held') as numerator,
  sum(count) filter (exit_interview is not null) as denominator,
  sum(count) filter (exit_interview is null) as unknown,
  category,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'exit'
group by unit_id, date, category

/*---
kind: share
stock: false
per: 1
covered_by: all
breakdowns: []
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
select
  unit_id,
  occurred_on as month,
  sum(count) filter (assessment = 'professional') as numerator,
  sum(count) as denominator
from use_of_force
where assessment in ('professional', 'not_professional')
group by unit_id, occurred_on

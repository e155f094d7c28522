/*---
kind: share
stock: false
per: 1
covered_by: all
breakdowns:
  - aspect
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
select
  unit_id,
  received_on as month,
  sum(count) filter (outcome in ('founded', 'partly_founded')) as numerator,
  sum(count) as denominator,
  aspects as aspect
from complaints
where outcome in ('founded', 'partly_founded', 'unfounded')
group by unit_id, received_on, aspects

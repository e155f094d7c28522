/*---
kind: share
stock: false
per: 1
interval: none
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
  due_on as month,
  count(*) filter (status = 'done') as numerator,
  count(*) as denominator
from actions
where due_on is not null and status in ('decided', 'running', 'done', 'postponed')
group by unit_id, due_on

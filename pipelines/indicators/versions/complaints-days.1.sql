/*---
kind: duration
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
  received_on as month,
  closed_on - received_on as days,
  sum(count) as numerator,
  closed_on - received_on <= case when route = 'committee' then 70 else 42 end as within
from complaints
group by unit_id, received_on, closed_on, route

/*---
kind: count
stock: false
per: 1
covered_by: all
breakdowns:
  - ground
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
select unit_id, registered_on as month, sum(count) as numerator, grounds as ground
from incidents
group by unit_id, registered_on, grounds

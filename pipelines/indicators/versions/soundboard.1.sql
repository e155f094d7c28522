/*---
kind: count
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
select unit_id, date as month, sum(quantity) as numerator
from outputs
where output = 'soundboard'
group by unit_id, date

/*---
kind: change
stock: false
per: 1
of: discrimination-incidents
baseline:
  from: 2014-01-01
  to: 2014-12-31
covered_by: all
breakdowns: []
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
select unit_id, registered_on as month, sum(count) as numerator
from incidents
group by unit_id, registered_on

/*---
kind: coverage
stock: false
per: 1
of:
  - team
covered_by: all
breakdowns: []
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
select unit_id, date as month, until, quantity as numerator
from outputs
where output in ('workshop_selection', 'sdr_training')

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
  count(*) filter (diverse = 'yes') as numerator,
  count(*) as denominator,
  position
from committees
group by unit_id, date, position

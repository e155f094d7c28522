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
  period as month,
  sum(sick_days) as numerator,
  sum(available_days) as denominator,
  coalesce(bool_or(len(withheld) > 0), false) as withheld
from absence
group by unit_id, period

/*---
kind: share
stock: true
per: 1
covered_by: all
breakdowns:
  - category
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
  sum(fte - vacancies) as numerator,
  sum(fte) filter (vacancies is not null) as denominator,
  sum(fte) filter (vacancies is null) as unknown,
  category,
  coalesce(bool_or(len(withheld) > 0), false) as withheld
from establishment
group by unit_id, period, category

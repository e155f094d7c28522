/*---
kind: rate
stock: false
per: 100000
exposure: mean
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
select unit_id, registered_on as month, sum(count) as numerator, 0 as denominator, grounds as ground, false as withheld
from incidents
group by unit_id, registered_on, grounds
union all
-- Inhabitants are known by year: each of its months has them.
select unit_id, make_date(year(year), month_of_year::integer, 1), 0, sum(persons), null, coalesce(bool_or(list_contains(withheld, 'persons')), false)
from population, range(1, 13) as months(month_of_year)
group by unit_id, year, month_of_year

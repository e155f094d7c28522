/*---
kind: share
stock: false
per: 1
interval: none
covered_by: all
breakdowns:
  - action
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
-- Money is of a year as a whole: it stands in the year's first month.
select
  unit_id,
  make_date(year, 1, 1) as month,
  sum(forecast) as numerator,
  sum(budget) as denominator,
  concat_ws(' ', number, title) as action
from actions
where budget > 0 and year is not null and forecast is not null and status <> 'proposed'
group by unit_id, year, number, title

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
with appointments as (
  select
    unit_id,
    date,
    count,
    case
      when background = 'dual' or gender = 'woman' or "lateral" = 'yes' then 'counts'
      when coalesce(background, 'unknown') = 'unknown' or gender = 'unknown' then 'unknown'
      else 'other'
    end as who,
    list_contains(withheld, 'count') as withheld
  from movements
  where kind = 'appointment' and position = 'top61'
)
select
  unit_id,
  date as month,
  sum(count) filter (who = 'counts') as numerator,
  sum(count) filter (who <> 'unknown') as denominator,
  sum(count) filter (who = 'unknown') as unknown,
  coalesce(bool_or(withheld), false) as withheld
from appointments
group by unit_id, date

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
-- A case is of its first incident: where that was registered, with that one's dates. Of folded incidents the first has the
-- grounds of all.
with cases as (
  select first(unit_id order by registered_on, incident_id) as unit_id, first(case_opened_on order by registered_on, incident_id) as case_opened_on,
    first(rdo_on order by registered_on, incident_id) as rdo_on, 1 as cases
  from incidents
  where incident_id is not null and (case_id is not null or case_opened_on is not null)
  group by coalesce(case_id, hash(incident_id))
  union all
  select unit_id, case_opened_on, rdo_on, count
  from incidents
  where incident_id is null and (folded is null or case_grounds is not null)
)
select
  unit_id,
  case_opened_on + 90 as month,
  sum(cases) filter (rdo_on is not null) as numerator,
  sum(cases) as denominator,
  0 as waiting
from cases
where case_opened_on is not null
group by unit_id, case_opened_on
union all
-- Younger than that at the end of each month before.
select unit_id, month::date, 0, 0, sum(cases)
from (
  select unit_id, cases,
    unnest(range(date_trunc('month', case_opened_on)::timestamp, date_trunc('month', case_opened_on + 90)::timestamp, interval 1 month)) as month
  from cases
  where case_opened_on is not null
)
group by unit_id, month

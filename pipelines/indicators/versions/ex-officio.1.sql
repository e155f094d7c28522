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
    first(kind order by registered_on, incident_id) as kind, 1 as cases
  from incidents
  where incident_id is not null and (case_id is not null or case_opened_on is not null)
  group by coalesce(case_id, hash(incident_id))
  union all
  select unit_id, case_opened_on, kind, count
  from incidents
  where incident_id is null and (folded is null or case_grounds is not null)
)
select
  unit_id,
  case_opened_on as month,
  sum(cases) filter (kind = 'ex_officio') as numerator,
  sum(cases) as denominator
from cases
where case_opened_on is not null
group by unit_id, case_opened_on

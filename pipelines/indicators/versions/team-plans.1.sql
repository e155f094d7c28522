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
with chapters as (
  select unit_id, output, date, coalesce(until, date '9999-12-31') as until
  from outputs
  where output in ('team_plan_composition', 'team_plan_culture') and quantity > 0
)
-- A team has both from when the second holds until the first of them ends.
select
  composition.unit_id,
  greatest(composition.date, culture.date) as month,
  nullif(least(composition.until, culture.until), date '9999-12-31') as until,
  1 as numerator
from chapters as composition
join chapters as culture
  on culture.unit_id = composition.unit_id and culture.date <= composition.until and composition.date <= culture.until
where composition.output = 'team_plan_composition' and culture.output = 'team_plan_culture'

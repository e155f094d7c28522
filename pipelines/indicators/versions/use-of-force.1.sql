/*---
kind: count
stock: false
per: 1
covered_by: all
breakdowns:
  - means
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
with reported as (
  select incident_id, count(*) as reports
  from use_of_force
  where incident_id is not null
  group by incident_id
),
first_reports as (
  -- Most incidents have one report; what takes memory is done for the others alone.
  select unit_id, occurred_on, list_sort(list_distinct(coalesce(means, []))) as means
  from use_of_force
  join reported using (incident_id)
  where reports = 1
  union all
  select
    first(unit_id order by occurred_on, report_id_order, report_id) as unit_id,
    min(occurred_on) as occurred_on,
    list_sort(list_distinct(flatten(list(means)))) as means
  from use_of_force
  join reported using (incident_id)
  where reports > 1
  group by incident_id
)
select unit_id, occurred_on as month, count(*) as numerator, means
from first_reports
group by unit_id, occurred_on, means
union all
-- Counted rows have no incident: they are taken as the incidents that they count.
select unit_id, occurred_on, sum(count), means
from use_of_force
where incident_id is null and folded is null
group by unit_id, occurred_on, means
union all
-- Of folded reports the first of each incident has the means of all.
select unit_id, occurred_on, sum(count), incident_means
from use_of_force
where incident_means is not null
group by unit_id, occurred_on, incident_means

-- Use of force: for each unit and year as many incidents and reports as the parameters say. Every incident has a report;
-- the other reports fall on incidents by chance, on the same day.
create table means_ladder as
select from_year, means,
  coalesce(sum(share) over (partition by from_year order by share desc, means rows between unbounded preceding and 1 preceding), 0) as low
from force_means;

create table force_plan as
select unit_years.year, unit_years.unit_id, plan.incidents, plan.reports,
  (select max(from_year) from force_means where from_year <= unit_years.year) as means_year
from unit_years
asof join force_year as plan on plan.unit_id = unit_years.unit_id and unit_years.year >= plan.year;

create table force_reports as
with numbered as (
  select plan.year, plan.unit_id, plan.means_year, plan.serial,
    hash(getvariable('seed'), 'report', plan.year, plan.unit_id, plan.serial) as key,
    case when plan.serial < plan.incidents then plan.serial
      else floor(plan.incidents * draw(hash(getvariable('seed'), 'report', plan.year, plan.unit_id, plan.serial), 1))::integer end as incident
  from (select *, unnest(range(reports::integer)) as serial from force_plan) as plan
)
select *, hash(getvariable('seed'), 'incident', year, unit_id, incident) as incident_key,
  draw(hash(getvariable('seed'), 'incident', year, unit_id, incident), 3) as leaf_draw, draw(key, 2) as means_draw
from numbered;

create table use_of_force as
select year || '-' || lpad(unit_number::varchar, 2, '0') || '-' || padded(serial + 1, 6) as report_id,
  'GI' || year || lpad(unit_number::varchar, 2, '0') || padded(incident + 1, 5) as incident_id,
  day_of_year(year, season(draw(incident_key, 1), -0.12)) as occurred_on,
  ladder.leaf_id as unit_id, key,
  first.means || case when draw(key, 4) >= 0.16 then '' when first.means = 'physical' then case when draw(key, 5) < 0.6 then '|baton' else '|pepper_spray' end
    else '|physical' end as means,
  case when draw(key, 6) < 0.80 then 'none' when draw(key, 6) < 0.955 then 'minor' when draw(key, 6) < 0.965 then 'serious'
    when draw(key, 6) < 0.9652 then 'death' else 'unknown' end as injury,
  case when year < 2019 or draw(key, 7) > 0.075 then 'not_assessed'
    when draw(key, 8) < 0.89 - 0.008 * least(6, year - 2019) then 'professional' else 'not_professional' end as assessment
from force_reports
asof join leaf_ladder as ladder on ladder.purpose = 'force' and ladder.unit_id = force_reports.unit_id and force_reports.leaf_draw >= ladder.low
asof join means_ladder as first on first.from_year = force_reports.means_year and force_reports.means_draw >= first.low
join (select unit_id, row_number() over (order by unit_id) as unit_number from organisation where level = 'unit') as numbers
  on numbers.unit_id = force_reports.unit_id;

create table use_of_force_delivery as
with stages as (
  select use_of_force.*, last_day(occurred_on) as month from use_of_force where last_day(occurred_on) <= getvariable('through')
),
faulty as (
  select stages.*, faults.reason, faults.rows, row_number() over (partition by stages.month order by stages.key) as position
  from stages join faults on faults.feed = 'use_of_force' and last_day((faults.month || '-01')::date) = stages.month
)
select report_id, incident_id, occurred_on::varchar as occurred_on, unit_id, means, injury, assessment, month, 0 as fault from stages
union all
select case when reason = 'duplicate_key' then report_id else report_id || 'X' end,
  case reason when 'missing_required' then null else incident_id end, occurred_on::varchar,
  case reason when 'unknown_unit' then unit_id || '-opgeheven' else unit_id end,
  case reason when 'not_allowed' then 'waterkanon' else means end, injury, assessment, month, 1
from faulty where position <= rows;

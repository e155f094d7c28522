-- Registered discrimination incidents, and the cases that some become: opened, discussed in the regional consultation (RDO),
-- then sent to the prosecutor or closed.
create table ground_ladders as
with shares as (unpivot incident_grounds on columns(* exclude (year, source)) into name ground value share)
select year, ground,
  coalesce(sum(share) over (partition by year order by share desc, ground rows between unbounded preceding and 1 preceding), 0) as low
from (
  select year, ground, share from shares
  union all
  select year, 'other', greatest(0, 1 - sum(share)) from shares group by year
);

create table incident_cases as
with numbered as (
  select plan.year, plan.unit_id, serials.serial, plan.ground_year,
    hash(getvariable('seed'), 'discrimination', plan.year, plan.unit_id, serials.serial) as key
  from (
    select unit_years.year, unit_years.unit_id, incidents.incidents,
      (select max(year) from incident_grounds where year <= unit_years.year) as ground_year
    from unit_years
    asof join incident_year as incidents on incidents.unit_id = unit_years.unit_id and unit_years.year >= incidents.year
  ) as plan, unnest(range(incidents::integer)) as serials(serial)
),
drawn as (
  select *, day_of_year(year, season(draw(key, 1), -0.15)) as registered_on, draw(key, 2) as leaf_draw, draw(key, 3) as ground_draw,
    case when draw(key, 4) < 0.44 then 'incident' when draw(key, 4) < 0.72 then 'report' when draw(key, 4) < 0.975 then 'filed' else 'ex_officio' end as kind
  from numbered
),
cased as (
  select drawn.*, ladder.leaf_id, grounds.ground,
    case when kind in ('filed', 'ex_officio') or draw(key, 5) < 0.06 then registered_on + floor(12 * draw(key, 6) * draw(key, 7))::integer end as case_opened_on
  from drawn
  asof join leaf_ladder as ladder on ladder.purpose = 'incidents' and ladder.unit_id = drawn.unit_id and drawn.leaf_draw >= ladder.low
  asof join ground_ladders as grounds on grounds.year = drawn.ground_year and drawn.ground_draw >= grounds.low
),
discussed as (
  select *, case when draw(key, 8) < least(0.94, 0.62 + 0.04 * (year - 2013)) then case_opened_on + 7 + floor(75 * draw(key, 9))::integer end as rdo_on
  from cased
)
select *, coalesce(rdo_on, case_opened_on) + 15 + floor(230 * draw(key, 10) * draw(key, 11))::integer as ended_on, draw(key, 12) < 0.45 as to_prosecutor
from discussed;

create table incidents as
select 'D' || year || lpad(unit_number::varchar, 2, '0') || padded(serial + 1, 5) as incident_id, registered_on,
  case when draw(key, 13) < 0.9 then registered_on - floor(21 * draw(key, 14) * draw(key, 15))::integer end as occurred_on,
  leaf_id as unit_id, kind,
  concat_ws('|', ground, case when ground = 'islamophobia' then 'religion' end,
    case when ground <> 'other' and draw(key, 16) < 0.05 then 'other' end) as grounds,
  case when case_opened_on is not null then 'Z' || year || lpad(unit_number::varchar, 2, '0') || padded(serial + 1, 5) end as case_id,
  case_opened_on, rdo_on, case when to_prosecutor then ended_on end as to_prosecutor_on, case when not to_prosecutor then ended_on end as closed_on,
  ended_on, key
from incident_cases
join (select unit_id, row_number() over (order by unit_id) as unit_number from organisation where level = 'unit') as numbers using (unit_id);

-- An incident is delivered in the month of its registration, again when its case was discussed (or opened, if it was not),
-- and again when it ended: each time with what was known at that month's end.
create table incident_stages as
with stages as (
  select *, unnest([
    {stage: 'registered', month: last_day(registered_on)},
    {stage: 'discussed', month: last_day(coalesce(rdo_on, case_opened_on))},
    {stage: 'ended', month: last_day(ended_on)}
  ], recursive := true)
  from incidents
)
select incident_id, registered_on::varchar as registered_on, occurred_on::varchar as occurred_on, unit_id, kind, grounds,
  case when case_opened_on <= month then case_id end as case_id,
  case when case_opened_on <= month then case_opened_on end::varchar as case_opened_on,
  case when rdo_on <= month then rdo_on end::varchar as rdo_on,
  case when to_prosecutor_on <= month then to_prosecutor_on end::varchar as to_prosecutor_on,
  case when closed_on <= month then closed_on end::varchar as closed_on,
  month, stage, key
from stages
where month <= getvariable('through') and (stage = 'registered' or month > last_day(registered_on));

create table incidents_delivery as
with faulty as (
  select stages.*, faults.reason, faults.rows, row_number() over (partition by stages.month order by stages.key) as position
  from incident_stages as stages join faults on faults.feed = 'incidents' and last_day((faults.month || '-01')::date) = stages.month
  where stage = 'registered'
)
select * exclude (key, stage), 0 as fault from incident_stages where stage = 'registered'
union all
select case when reason = 'duplicate_key' then incident_id else incident_id || 'X' end, registered_on, occurred_on,
  case reason when 'unknown_unit' then unit_id || '-opgeheven' else unit_id end,
  case reason when 'missing_required' then null else kind end, grounds, case_id, case_opened_on, rdo_on, to_prosecutor_on, closed_on, month, 1
from faulty where position <= rows;

create table incidents_discussed_delivery as
select * exclude (key, stage), 0 as fault from incident_stages where stage = 'discussed';

create table incidents_ended_delivery as
select * exclude (key, stage), 0 as fault from incident_stages where stage = 'ended';

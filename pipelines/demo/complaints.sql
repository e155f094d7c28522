-- Complaints: as many for each unit and year as the parameters say, on days of their own, at a leaf of the unit.
create table complaint_ladders as
select subject, outcome,
  coalesce(sum(share) over (partition by subject order by share desc, outcome rows between unbounded preceding and 1 preceding), 0) as low
from complaint_outcomes;

create table aspect_ladder as
select aspect, coalesce(sum(share) over (order by share desc, aspect rows between unbounded preceding and 1 preceding), 0) as low
from complaint_aspects;

create table complaint_cases as
with numbered as (
  select plan.year, plan.unit_id, serials.serial, discrimination, profiling, of_both,
    hash(getvariable('seed'), 'complaint', plan.year, plan.unit_id, serials.serial) as key
  from (
    select unit_years.year, unit_years.unit_id, complaints.* exclude (year, unit_id)
    from unit_years
    asof join complaint_year as complaints on complaints.unit_id = unit_years.unit_id and unit_years.year >= complaints.year
  ) as plan, unnest(range(complaints::integer)) as serials(serial)
),
drawn as (
  select year, unit_id, serial, key,
    serial < discrimination as about_discrimination,
    serial >= discrimination - of_both and serial < discrimination - of_both + profiling as about_profiling,
    day_of_year(year, season(draw(key, 1), 0.12)) as received_on,
    draw(key, 2) as outcome_draw, draw(key, 3) as leaf_draw, draw(key, 4) as aspect_draw,
    case when about_discrimination or about_profiling then 'discrimination' else 'other' end as subject
  from numbered
)
select drawn.*, ladder.leaf_id, aspects.aspect, outcomes.outcome,
  case when outcome in ('founded', 'partly_founded', 'unfounded', 'no_judgement') and draw(key, 6) < 0.45 then 'committee' else 'mediation' end as route
from drawn
asof join leaf_ladder as ladder on ladder.purpose = 'complaints' and ladder.unit_id = drawn.unit_id and drawn.leaf_draw >= ladder.low
asof join aspect_ladder as aspects on drawn.aspect_draw >= aspects.low
asof join complaint_ladders as outcomes on outcomes.subject = drawn.subject and drawn.outcome_draw >= outcomes.low;

-- The discrimination complaints of Den Haag in 2014 are known one by one: 4 in mediation, 12 to the committee, of which 10
-- unfounded and 2 without judgement.
update complaint_cases
set route = case when serial < 4 then 'mediation' else 'committee' end,
  outcome = case when serial < 4 then 'settled' when serial < 14 then 'unfounded' else 'no_judgement' end
where unit_id = 'den-haag' and year = 2014 and about_discrimination;

create table complaints as
select year || '-' || lpad(unit_number::varchar, 2, '0') || '-' || padded(serial + 1, 5) as complaint_id,
  received_on, leaf_id as unit_id, key,
  concat_ws('|', case when about_discrimination then 'discrimination' end, case when about_profiling then 'profiling' end,
    case when subject = 'other' or draw(key, 7) < 0.6 then aspect end,
    case when draw(key, 8) < 0.12 then case when aspect = 'treatment' then 'attitude' else 'treatment' end end) as aspects,
  case when draw(key, 9) < 0.97 then 'citizen' else 'internal' end as origin,
  route, outcome,
  received_on + (case when outcome in ('not_taken_up', 'withdrawn') then 6 + 30 * draw(key, 10)
      when route = 'committee' then 60 + 130 * draw(key, 10) * draw(key, 11) + 30 * draw(key, 12)
      else 12 + 108 * draw(key, 10) * (0.4 + 0.6 * draw(key, 11)) end)::integer as closed_on
from complaint_cases
join (select unit_id, row_number() over (order by unit_id) as unit_number from organisation where level = 'unit') as numbers using (unit_id);

-- Each month's delivery has the complaints received, as they stood at its end, and those of earlier months that were closed.
create table complaints_delivery as
with stages as (
  select complaints.*, last_day(received_on) as month, closed_on <= last_day(received_on) as closed, 0 as fault
  from complaints where last_day(received_on) <= getvariable('through')
),
faulty as (
  select stages.* replace (1 as fault), faults.reason, faults.rows,
    row_number() over (partition by stages.month order by stages.key) as position
  from stages join faults on faults.feed = 'complaints' and last_day((faults.month || '-01')::date) = stages.month
  where closed
)
select complaint_id, received_on::varchar as received_on, unit_id, aspects, origin,
  case when closed then route else 'pending' end as route, case when closed then outcome else 'pending' end as outcome,
  case when closed then closed_on::varchar end as closed_on, month, fault
from stages
union all
select case when reason = 'duplicate_key' then complaint_id else complaint_id || 'X' end,
  case reason when 'wrong_type' then '31-02-' || year(received_on) else received_on::varchar end,
  case reason when 'unknown_unit' then unit_id || '-opgeheven' else unit_id end, aspects, origin,
  case reason when 'not_allowed' then 'telefonisch' else route end, outcome,
  case reason when 'date_order' then (received_on - 9)::varchar else closed_on::varchar end, month, fault
from faulty where position <= rows;

create table complaints_closed_delivery as
select complaint_id, received_on::varchar as received_on, unit_id, aspects, origin, route, outcome, closed_on::varchar as closed_on,
  last_day(closed_on) as month, 0 as fault
from complaints
where last_day(closed_on) > last_day(received_on) and closed_on <= getvariable('through');

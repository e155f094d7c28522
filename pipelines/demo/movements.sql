-- People who move, as counted cells.

-- Intake for the execution of the police task: as many of known background, and as many with a dual one, as the parameters
-- say for unit and year; some more did not answer the voluntary question. Classes begin four times a year.
create table intake_executive as
with people as (
  select intake.year, intake.unit_id, intake.known, intake.dual, serial,
    hash(getvariable('seed'), 'intake', intake.year, intake.unit_id, serial) as key
  from (
    select unit_years.year, unit_years.unit_id, intake.known, intake.dual, movements.unknown_background
    from unit_years
    asof join intake_year as intake on intake.unit_id = unit_years.unit_id and unit_years.year >= intake.year
    asof join movement_year as movements on unit_years.year >= movements.year
  ) as intake, unnest(range((known / (1 - unknown_background))::integer)) as serials(serial)
)
select make_date(people.year, [2, 5, 9, 11][1 + floor(4 * draw(key, 1))::integer], 1) as date,
  unit_id, 'intake' as kind, null as position, 'executive' as category,
  case when draw(key, 2) < 0.04 then 'mbo2' when draw(key, 2) < 0.16 then 'mbo3' when draw(key, 2) < 0.84 then 'mbo4'
    when draw(key, 2) < 0.96 then 'hbo' else 'wo' end as intake_level,
  null as scale_from, null as scale_to,
  case when draw(key, 3) < movements.women_intake_executive then 'woman' when draw(key, 3) > 0.998 then 'unknown' else 'man' end as gender,
  case when serial < dual then 'dual' when serial < known then 'single' else 'unknown' end as background,
  null as "lateral", null as exit_reason, null as exit_interview
from people
asof join movement_year as movements on people.year >= movements.year;

-- What else moves: numbers of the force, divided over the leaves by their staff in January.
create table moves as
with totals as (
  select years.year, unnest(['intake', 'exit', 'promotion']) as kind,
    unnest([movements.intake_support, movements.exits, movements.promotions]) as total, movements.* exclude (year)
  from years asof join movement_year as movements on years.year >= movements.year
),
staff as (
  select year(month_end)::integer as year, unit_id, category, sum(headcount) as headcount
  from staffing where month(month_end) = 1
    and role = 'employee' group by all
),
ranges as (
  select totals.*, staff.unit_id, staff.category,
    sum(staff.headcount) over ladder / sum(staff.headcount) over (partition by totals.year, totals.kind) * total as upto,
    (sum(staff.headcount) over ladder - staff.headcount) / sum(staff.headcount) over (partition by totals.year, totals.kind) * total as above
  from totals join staff on staff.year = totals.year and (totals.kind <> 'intake' or staff.category = 'support')
  window ladder as (partition by totals.year, totals.kind order by hash(totals.year, staff.unit_id, staff.category), staff.unit_id, staff.category)
)
select ranges.*, hash(getvariable('seed'), kind, year, unit_id, category, serial) as key
from ranges, unnest(range(round(above)::integer, round(upto)::integer)) as serials(serial);

create table ladders as
select reason, coalesce(sum(share) over (order by share desc, reason rows between unbounded preceding and 1 preceding), 0) as low
from exit_reasons;

create table other_movements as
with dated as (
  select moves.*, day_of_year(year, draw(key, 1)) as day, draw(key, 4) as reason_draw from moves
)
select (date_trunc('month', day))::date as date, unit_id, kind, null as position, category,
  case when kind <> 'intake' then null when draw(key, 2) < 0.35 then 'hbo' when draw(key, 2) < 0.6 then 'wo' when draw(key, 2) < 0.85 then 'mbo4' else 'other' end
    as intake_level,
  case when kind <> 'promotion' then null else (8 + floor(4 * draw(key, 6) * draw(key, 7)))::integer::varchar end as scale_from,
  case when kind <> 'promotion' then null else (9 + floor(4 * draw(key, 6) * draw(key, 7)))::integer::varchar end as scale_to,
  case when draw(key, 3) < case kind when 'intake' then women_intake_support when 'exit' then women_exits else women_promotions end
    then 'woman' else 'man' end as gender,
  case when kind = 'exit' then null when draw(key, 5) < unknown_background then 'unknown'
    when draw(key, 8) < case kind when 'intake' then dual_support else dual_leaders end then 'dual' else 'single' end as background,
  null as "lateral",
  case when kind = 'exit' then ladders.reason end as exit_reason,
  case when kind <> 'exit' then null when draw(key, 9) < interview_held then 'held'
    when draw(key, 9) < interview_held + 0.15 then 'declined' else 'not_offered' end as exit_interview
from dated
asof join ladders on dated.reason_draw >= ladders.low
union all
-- A leading position begins anew: an appointment.
select month_end - day(month_end)::integer + 1, holders.unit_id, 'appointment', role, 'executive', null, null, null, gender,
  case when draw(holder, 2) < year.unknown_background then 'unknown' when draw(holder, 3) < year.dual_leaders then 'dual' else 'single' end,
  case when draw(holder, 4) < case role when 'top61' then 0.16 else 0.04 end then 'yes' else 'no' end, null, null
from holders
asof join movement_year as year on year(holders.month_end) >= year.year
where holders.begins
union all
-- Put forward for the candidates' programme, and internships.
select make_date(year, 1 + floor(12 * draw(key, 1))::integer, 1), unit_id, 'nomination', null, 'executive', null, null, null,
  case when draw(key, 2) < 0.45 then 'woman' else 'man' end, case when draw(key, 3) < 0.6 then 'dual' else 'single' end, null, null, null
from (
  select year, unit_id, hash(getvariable('seed'), 'nomination', year, unit_id, serial) as key
  from unit_years, unnest(range(6)) as serials(serial)
  where unit_id not in ('politieacademie', 'politiedienstencentrum') and year >= 2014
)
where draw(key, 4) < 0.8
union all
select make_date(year, [2, 9][1 + serial % 2], 1), unit_id, 'internship', null, 'executive', case when draw(key, 1) < 0.6 then 'mbo4' else 'hbo' end,
  null, null, case when draw(key, 2) < 0.5 then 'woman' else 'man' end, null, null, null, null
from (
  select year, unit_id, serial, hash(getvariable('seed'), 'internship', year, unit_id, serial) as key
  from unit_years, unnest(range(24)) as serials(serial)
  where unit_id not in ('politieacademie', 'politiedienstencentrum') and year >= 2013
)
where draw(key, 3) < 0.9;

create table movements as
select *, count(*)::integer as count
from (from intake_executive union all by name from other_movements)
where date <= getvariable('through')
group by all;

create table movements_delivery as
select date::varchar as date, unit_id, kind, position, category, intake_level, scale_from, scale_to, gender, background, "lateral",
  count::varchar as count, exit_reason, exit_interview, last_day(date) as month, 0 as fault
from movements
union all
select date::varchar, case reason when 'unknown_unit' then unit_id || '-opgeheven' else unit_id end,
  case reason when 'not_allowed' then 'detachering' else kind end, position, category, intake_level, scale_from, scale_to, gender, background, "lateral",
  case reason when 'wrong_type' then 'een' else count::varchar end, exit_reason, exit_interview, last_day(date), 1
from (
  select movements.*, faults.reason, faults.rows,
    row_number() over (partition by faults.month order by movements.unit_id, movements.gender, movements.exit_reason, movements.category, movements.exit_interview) as serial
  from movements join faults on faults.feed = 'movements' and last_day((faults.month || '-01')::date) = last_day(date)
  where kind = 'exit'
)
where serial <= rows;

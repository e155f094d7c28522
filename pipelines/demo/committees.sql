-- Selection committees: one for every leading position that begins anew, and others for what else is filled. Whether it is
-- diverse is for its chair to judge; each unit's chairs are a little apart, and two units agreed on it.
create table committees_delivery as
with held as (
  select month_end - day(month_end)::integer + 1 + floor(20 * draw(holder, 11))::integer as date, unit_id, role as position,
    hash(getvariable('seed'), 'committee', holder) as key
  from holders where begins
  union all
  select day_of_year(plan.year, draw(key, 1)), staff.unit_id, 'employee', key
  from (
    select years.year, hash(getvariable('seed'), 'committee', years.year, serial) as key
    from years
    asof join committee_year as plan on years.year >= plan.year, unnest(range(plan.committees::integer)) as serials(serial)
  ) as plan
  asof join staff_ladder as staff on staff.year = plan.year and draw(plan.key, 2) >= staff.low
),
composed as (
  select held.*, 3 + floor(3 * draw(key, 3))::integer as members, plan.women as women_share,
    least(0.97, plan.diverse * (0.9 + 0.2 * draw(hash(getvariable('seed'), 'committee', split_part(unit_id, '-', 1)), 1))
      * case when starts_with(unit_id, 'rotterdam') or starts_with(unit_id, 'midden-nederland') then 1.12 else 1 end) as chance
  from held
  asof join committee_year as plan on year(held.date) >= plan.year
)
select date::varchar as date, unit_id, position, members::varchar as members,
  greatest(0, least(members, round(members * women_share + 0.8 * bell(key, 4))))::integer::varchar as women,
  case when draw(key, 8) < chance then 'yes' else 'no' end as diverse, last_day(date) as month, 0 as fault
from composed
where date <= getvariable('through');

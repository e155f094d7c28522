-- Contacts with confidential advisers and reports to VIK: numbers of the force, divided over the leaves by their staff in January.
create table staff_ladder as
with staff as (
  select year(month_end)::integer as year, unit_id, sum(headcount) as headcount
  from staffing where month(month_end) = 1 and role = 'employee' group by all
)
select year, unit_id,
  (sum(headcount) over (partition by year order by unit_id) - headcount) / sum(headcount) over (partition by year) as low
from staff;

create table theme_ladder as
select channel, theme, coalesce(sum(share) over (partition by channel order by share desc, theme rows between unbounded preceding and 1 preceding), 0) as low
from integrity_themes;

create table integrity_delivery as
with contacts as (
  select plan.year, plan.channel, hash(getvariable('seed'), 'integrity', plan.year, plan.channel, serial) as key
  from (
    select years.year, unnest(['adviser', 'vik']) as channel, unnest([integrity.adviser, integrity.vik]) as contacts
    from years asof join integrity_year as integrity on years.year >= integrity.year
  ) as plan, unnest(range(contacts::integer)) as serials(serial)
),
drawn as (
  select year, channel, last_day(day_of_year(year, draw(key, 1))) as month_end, draw(key, 2) as leaf_draw, draw(key, 3) as theme_draw
  from contacts
)
select month_end::varchar as period, unit_id, drawn.channel, theme, count(*)::varchar as contacts, month_end as month, 0 as fault
from drawn
asof join staff_ladder as staff on staff.year = drawn.year and drawn.leaf_draw >= staff.low
asof join theme_ladder as themes on themes.channel = drawn.channel and drawn.theme_draw >= themes.low
where month_end <= getvariable('through')
group by all;

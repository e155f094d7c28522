-- Sick leave: working days of everyone employed, and the part of them that was lost. More in winter, in leaves of their own kind,
-- and by chance in small ones.
create table workdays as
select month_end, (select count(*) from range(date_trunc('month', month_end), month_end + interval 1 day, interval 1 day) as days(day) where isodow(day) < 6) as days
from months;

create table absence_delivery as
with strength as (
  select month_end, unit_id, sum(headcount) as headcount, sum(headcount) filter (where category = 'executive') / sum(headcount) as executive,
    hash(getvariable('seed'), 'absence', unit_id) as key, hash(getvariable('seed'), 'absence', unit_id, month_end) as month_key
  from staffing where role = 'employee'
  group by all
)
select strength.month_end::varchar as period, unit_id, (headcount * days)::integer::varchar as available_days,
  round(headcount * days * year.sick * (executive * executive_factor + (1 - executive) * support_factor)
    * (1 + 0.13 * cos(2 * pi() * (month(strength.month_end) - 1) / 12)) * (0.85 + 0.3 * draw(key, 1))
    * greatest(0.1, 1 + 0.7 * bell(month_key, 1) / sqrt(headcount)))::integer::varchar as sick_days,
  strength.month_end as month, 0 as fault
from strength
join workdays using (month_end)
asof join absence_year as year on year(strength.month_end) >= year.year;

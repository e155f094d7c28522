-- Formation and vacancies: a leaf's formation is set in January, with its part of the vacancies of the year; what is vacant in a
-- month is what its staff then leave open.
create table establishment_delivery as
with strength as (
  select month_end, year(month_end)::integer as year, unit_id, category, sum(fte) as fte
  from staffing where role <> 'top61'
  group by all
),
formation as (
  select strength.year, unit_id, category,
    round(fte / (1 - case category when 'executive' then vacant_executive else vacant_support end
      * (0.4 + 1.2 * draw(hash(getvariable('seed'), 'formation', unit_id, category), 1)))) as fte
  from strength
  asof join establishment_year on strength.year >= establishment_year.year
  where month(month_end) = 1
)
select month_end::varchar as period, strength.unit_id, strength.category, formation.fte::decimal(9, 1)::varchar as fte,
  greatest(0, formation.fte - strength.fte)::decimal(9, 1)::varchar as vacancies, month_end as month, 0 as fault
from strength
join formation using (year, unit_id, category);

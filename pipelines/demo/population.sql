-- Inhabitants of the units' areas on 1 January, by gender and background.
create table population_delivery as
select areas.year::varchar as year, areas.unit_id, gender, background,
  round(persons * (0.999 + 0.002 * draw(hash(getvariable('seed'), 'population', areas.year, areas.unit_id, gender, background), 1)) * if(gender = 'woman', 0.504, 0.496) * if(background = 'dual', dual, 1 - dual))::bigint::varchar as persons,
  make_date(areas.year, 1, 31) as month, 0 as fault
from (
  select unit_years.year, unit_years.unit_id, parameters.persons, parameters.dual
  from unit_years
  asof join population_year as parameters on parameters.unit_id = unit_years.unit_id and unit_years.year >= parameters.year
) as areas, unnest(['woman', 'man']) as genders(gender), unnest(['dual', 'single']) as backgrounds(background);

-- What basic teams have: a year's team plan with its two chapters, a map of their network that is redrawn after three years, and
-- Teambalans with recruitment goals.
create table team_outputs as
with teams as (
  select year::integer as year, unit_id, hash(getvariable('seed'), 'team output', unit_id) as key, hash(getvariable('seed'), 'team output', unit_id, year) as year_key
  from years
  join organisation on level = 'team' and year(valid_from) <= year and coalesce(year(valid_to), 9999) >= year
),
wanted as (
  select teams.*, unnest(['team_plan_composition', 'team_plan_culture', 'network_map', 'teambalans']) as output,
    unnest([plan_composition, plan_culture, network_map, teambalans]) as share,
    -- A team that makes plans makes them most years.
    unnest([0.7 * draw(key, 1) + 0.3 * draw(year_key, 1), 0.7 * draw(key, 1) + 0.3 * draw(year_key, 2), draw(year_key, 3), draw(year_key, 4)]) as drawn
  from teams
  asof join team_output_year as plan on teams.year >= plan.year
)
select make_date(year, 1 + floor(if(starts_with(output, 'team_plan'), 4, 12) * draw(hash(year_key, output), 1))::integer, 15) as date,
  unit_id, output, 1 as quantity,
  case when starts_with(output, 'team_plan') then make_date(year, 12, 31) when output = 'network_map' then date + interval 3 year - interval 1 day end::date as until
from wanted
where drawn < share;

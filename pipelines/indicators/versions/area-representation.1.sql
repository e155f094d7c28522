/*---
kind: ratio
stock: true
per: 1
covered_by: any
breakdowns: []
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
with supplied as (
  -- Of several sources for one unit and day the statistics office goes first.
  select *
  from background
  where population = 'staff'
  qualify row_number() over (partition by unit_id, period
    order by case source when 'cbs' then 1 when 'other' then 2 else 3 end) = 1
),
inhabitants as (
  select unit_id, year, sum(persons) filter (background = 'dual') as dual, sum(persons) filter (background in ('dual', 'single')) as known,
    coalesce(bool_or(list_contains(withheld, 'persons')), false) as withheld
  from population
  group by unit_id, year
),
country as (
  select year, sum(dual) as dual, sum(known) as known, bool_or(withheld) as withheld
  from inhabitants
  group by year
),
beside as (
  select supplied.* exclude (dual, withheld), supplied.dual as dual_staff, coalesce(len(supplied.withheld) > 0, false) or country.withheld as withheld,
    coalesce(inhabitants.dual, country.dual) as dual, coalesce(inhabitants.known, country.known) as known
  from supplied
  join country on country.year = last_day(make_date(year(supplied.period), 12, 1))
  left join inhabitants on inhabitants.unit_id = supplied.unit_id and inhabitants.year = country.year
)
select
  unit_id,
  period as month,
  dual_staff as numerator,
  case when dual_staff is not null then base end as denominator,
  dual as numerator2,
  known as denominator2,
  null::bigint as unknown,
  case when dual_staff is null then share end as share,
  case when dual_staff is null then share_step end as share_step,
  true as whole,
  withheld
from beside
union all
select
  unit_id,
  period,
  sum(headcount) filter (background = 'dual'),
  sum(headcount) filter (background in ('dual', 'single')),
  0,
  0,
  sum(headcount) filter (background = 'unknown'),
  null,
  null,
  false,
  coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
where background is not null
group by unit_id, period
union all
-- Inhabitants of 1 January hold all year, beside staff whose background is known.
select inhabitants.unit_id, months.period, 0, 0, dual, known, 0, null, null, false, withheld
from inhabitants
join (select distinct period from staffing where background is not null) as months on last_day(make_date(year(months.period), 12, 1)) = inhabitants.year

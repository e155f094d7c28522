/*---
kind: share
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
)
select
  unit_id,
  period as month,
  dual as numerator,
  case when dual is not null then base end as denominator,
  null::bigint as unknown,
  case when dual is null then share end as share,
  case when dual is null then share_step end as share_step,
  true as whole,
  coalesce(len(withheld) > 0, false) as withheld
from supplied
union all
select
  unit_id,
  period,
  sum(headcount) filter (background = 'dual'),
  sum(headcount) filter (background in ('dual', 'single')),
  sum(headcount) filter (background = 'unknown'),
  null,
  null,
  false,
  coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
where background is not null
group by unit_id, period

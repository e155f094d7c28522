/*---
kind: score
stock: false
per: 1
covered_by: all
breakdowns: []
version:
  number: 1
  valid_from: 2005-01-01
  change:
    nl: Eerste versie
    en: First version
---*/
-- Everyone was asked: a question for the executive staff alone counts only where there is no other.
with waves as (
  select
    unit_id,
    wave,
    population,
    max(respondents) as respondents,
    max(invited) as invited,
    bool_or(list_contains(withheld, 'respondents') or list_contains(withheld, 'invited')) as withheld
  from survey
  group by all
)
select
  unit_id,
  wave as month,
  case when invited is not null then respondents end as numerator,
  case when respondents is not null then invited end as denominator,
  coalesce(withheld, false) as withheld
from waves
qualify row_number() over (partition by unit_id, wave order by population = 'executive') = 1

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
select
  unit_id,
  wave as month,
  positive as numerator,
  case when positive is not null then respondents end as denominator,
  case when positive is null then share end as share,
  case when positive is null then share_step end as share_step,
  positive is null and share is not null as whole,
  coalesce(len(withheld) > 0, false) as withheld
from survey
where question = 'discrimination_experienced' and population = 'executive'

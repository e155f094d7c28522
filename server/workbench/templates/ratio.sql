/*---
title: { nl: "", en: "" }
question: { nl: "", en: "" }
description: { nl: "", en: "" }
why: { nl: "", en: "" }
sentence: { nl: "", en: "" }
focus: connection
owner: ""
source: [""]
kind: ratio
exposure: mean
polarity: balance
numerator: { nl: "", en: "" }
denominator: { nl: "", en: "" }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 1970-01-01
---*/
select
  unit_id,
  date as month,
  sum(count) filter (gender = 'woman') as numerator,
  0 as denominator,
  sum(count) filter (gender = 'man') as numerator2,
  0 as denominator2,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'exit'
group by unit_id, date
union all
select
  unit_id,
  period,
  0,
  sum(headcount) filter (gender = 'woman'),
  0,
  sum(headcount) filter (gender = 'man'),
  coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
group by unit_id, period

/*---
title: { nl: "", en: "" }
question: { nl: "", en: "" }
description: { nl: "", en: "" }
why: { nl: "", en: "" }
sentence: { nl: "", en: "" }
focus: connection
owner: ""
source: [""]
kind: rate
per: 100
exposure: mean
polarity: down
numerator: { nl: "", en: "" }
denominator: { nl: "", en: "" }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 1970-01-01
---*/
select
  unit_id,
  received_on as month,
  sum(count) as numerator,
  0 as denominator,
  false as withheld
from complaints
group by unit_id, received_on
union all
select
  unit_id,
  period,
  0,
  sum(headcount),
  coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
group by unit_id, period

/*---
title: { nl: "", en: "" }
question: { nl: "", en: "" }
description: { nl: "", en: "" }
why: { nl: "", en: "" }
sentence: { nl: "", en: "" }
focus: connection
owner: ""
source: [""]
kind: share
stock: true
polarity: up
numerator: { nl: "", en: "" }
denominator: { nl: "", en: "" }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 1970-01-01
---*/
select
  unit_id,
  period as month,
  sum(headcount) filter (gender = 'woman') as numerator,
  sum(headcount) filter (gender in ('woman', 'man', 'other')) as denominator,
  coalesce(bool_or(list_contains(withheld, 'headcount')), false) as withheld
from staffing
group by unit_id, period

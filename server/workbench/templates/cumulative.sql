/*---
title: { nl: "", en: "" }
question: { nl: "", en: "" }
description: { nl: "", en: "" }
why: { nl: "", en: "" }
sentence: { nl: "", en: "" }
focus: connection
owner: ""
source: [""]
kind: cumulative
interval: none
polarity: up
numerator: { nl: "", en: "" }
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 1970-01-01
---*/
select
  unit_id,
  date as month,
  sum(count) as numerator,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'internship'
group by unit_id, date

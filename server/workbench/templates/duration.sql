/*---
title: { nl: "", en: "" }
question: { nl: "", en: "" }
description: { nl: "", en: "" }
why: { nl: "", en: "" }
sentence: { nl: "", en: "" }
focus: connection
owner: ""
source: [""]
kind: duration
polarity: down
numerator: { nl: "", en: "" }
denominator: { nl: "", en: "" }
grains: [quarter, half, year, r12, target]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 1970-01-01
---*/
select
  unit_id,
  received_on as month,
  closed_on - received_on as days,
  sum(count) as numerator,
  closed_on - received_on <= 70 as within
from complaints
group by unit_id, received_on, closed_on

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
polarity: up
numerator: { nl: "", en: "" }
denominator: { nl: "", en: "" }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 1970-01-01
---*/
select
  unit_id,
  received_on as month,
  sum(count) filter (outcome in ('founded', 'partly_founded')) as numerator,
  sum(count) as denominator
from complaints
where outcome in ('founded', 'partly_founded', 'unfounded')
group by unit_id, received_on

/*---
title: { nl: "", en: "" }
question: { nl: "", en: "" }
description: { nl: "", en: "" }
why: { nl: "", en: "" }
sentence: { nl: "", en: "" }
focus: connection
owner: ""
source: [""]
kind: score
polarity: up
numerator: { nl: "", en: "" }
denominator: { nl: "", en: "" }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 1970-01-01
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
where question = 'inclusion' and population = 'all'

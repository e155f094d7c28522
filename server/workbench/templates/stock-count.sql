/*---
title: { nl: "", en: "" }
question: { nl: "", en: "" }
description: { nl: "", en: "" }
why: { nl: "", en: "" }
sentence: { nl: "", en: "" }
focus: connection
owner: ""
source: [""]
kind: count
stock: true
interval: none
polarity: up
numerator: { nl: "", en: "" }
levels: [force, unit]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 1970-01-01
---*/
select unit_id, date as month, until, quantity as numerator
from outputs
where output = 'employee_network'

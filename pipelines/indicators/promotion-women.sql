/*---
title: { nl: Vrouwen bij bevorderingen naar schaal 9 en hoger, en: Women among promotions into scale 9 and up }
question:
  nl: Groeien vrouwen door naar hogere schalen?
  en: Do women move up into higher scales?
description:
  nl: Aandeel vrouwen onder de medewerkers die naar schaal 9 of hoger worden bevorderd.
  en: Share of women among staff promoted into scale 9 or up.
why:
  nl: In de hogere schalen werken minder vrouwen dan in de hele organisatie. Doorstroom laat zien of dat verandert.
  en: Fewer women work in the higher scales than in the whole organisation. Promotions show whether that changes.
caveats:
  nl: Wie al in schaal 9 of hoger zat en verder stijgt, telt mee.
  en: Those who were in scale 9 or up and rise further count too.
sentence:
  nl: "{period} was {value} van de medewerkers die naar schaal 9 of hoger gingen vrouw ({numerator} van {denominator})."
  en: "{period}, {value} of the staff promoted into scale 9 or up were women ({numerator} of {denominator})."
focus: composition
owner: Informatiemanager HRM
source: [DH-2016 project 13, DH-2015 §3.3]
kind: share
polarity: up
numerator: { nl: bevorderingen naar schaal 9 of hoger van vrouwen, en: promotions of women into scale 9 or up }
denominator: { nl: bevorderingen naar schaal 9 of hoger, en: promotions into scale 9 or up }
excluded: { nl: geslacht niet bekend of niet opgegeven, en: gender not known or not stated }
breakdowns:
  - name: scale_band
    title: { nl: Schaal, en: Scale }
    values:
      s09-11: { nl: schaal 9-11, en: scale 9-11 }
      s12-18: { nl: schaal 12 en hoger, en: scale 12 and up }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  date as month,
  sum(count) filter (gender = 'woman') as numerator,
  sum(count) filter (gender in ('woman', 'man', 'other')) as denominator,
  sum(count) filter (gender = 'unknown') as unknown,
  case when scale_to <= 11 then 's09-11' else 's12-18' end as scale_band,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'promotion' and scale_to >= 9
group by unit_id, date, scale_band

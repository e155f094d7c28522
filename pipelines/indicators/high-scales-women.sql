/*---
title: { nl: Vrouwen in schaal 9 en hoger, en: Women in scale 9 and up }
question:
  nl: Welk deel van de medewerkers in schaal 9 en hoger is vrouw?
  en: What part of the staff in scale 9 and up are women?
description:
  nl: Aandeel vrouwen onder de medewerkers in schaal 9 of hoger aan het einde van de periode.
  en: Share of women among the staff in scale 9 or up at the end of the period.
why:
  nl: Wie in de hogere schalen werkt, bepaalt mee hoe de politie werkt. In tien jaar groeide deze groep met meer dan een vijfde.
  en: Those in the higher scales shape how the police work. In ten years this group grew by more than a fifth.
caveats:
  nl: Medewerkers van wie de schaal niet is geleverd tellen niet mee.
  en: Staff whose scale was not supplied do not count.
sentence:
  nl: "{period} was {value} van de medewerkers in schaal 9 of hoger vrouw ({numerator} van {denominator})."
  en: "{period}, {value} of the staff in scale 9 or up were women ({numerator} of {denominator})."
focus: composition
owner: Informatiemanager HRM
source: ["DH-2015 §3.3", RTM-2016 besluit 7]
kind: share
stock: true
polarity: up
numerator: { nl: vrouwen in schaal 9 of hoger, en: women in scale 9 or up }
denominator: { nl: medewerkers in schaal 9 of hoger, en: staff in scale 9 or up }
excluded: { nl: geslacht niet bekend of niet opgegeven, en: gender not known or not stated }
breakdowns:
  - name: category
    title: { nl: Categorie, en: Category }
    values:
      executive: { nl: executief, en: executive }
      support: { nl: "technisch, administratief en anders (ATH)", en: "technical, administrative and other" }
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
  period as month,
  sum(headcount) filter (gender = 'woman') as numerator,
  sum(headcount) filter (gender in ('woman', 'man', 'other')) as denominator,
  sum(headcount) filter (gender = 'unknown') as unknown,
  category,
  case when scale <= 11 then 's09-11' else 's12-18' end as scale_band,
  coalesce(bool_or(list_contains(withheld, 'headcount')), false) as withheld
from staffing
where scale >= 9
group by all

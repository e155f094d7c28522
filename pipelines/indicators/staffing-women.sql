/*---
title: { nl: Vrouwen in de bezetting, en: Women in staff }
question:
  nl: Werken er evenveel vrouwen als mannen?
  en: Do as many women as men work here?
description:
  nl: Aandeel vrouwen onder alle medewerkers aan het einde van de periode.
  en: Share of women among all staff at the end of the period.
why:
  nl: Rotterdam streeft naar evenveel vrouwen als mannen in de bezetting.
  en: Rotterdam aims at as many women as men in staff.
sentence:
  nl: "{period} was {value} van de medewerkers vrouw ({numerator} van {denominator})."
  en: "{period}, {value} of the staff were women ({numerator} of {denominator})."
focus: composition
owner: Informatiemanager HRM
source: [RTM-2016 besluit 7]
kind: share
stock: true
polarity: balance
numerator: { nl: vrouwen, en: women }
denominator: { nl: medewerkers, en: staff }
excluded: { nl: geslacht niet bekend of niet opgegeven, en: gender not known or not stated }
breakdowns:
  - name: category
    title: { nl: Categorie, en: Category }
    values:
      executive: { nl: executief, en: executive }
      support: { nl: "technisch, administratief en anders (ATH)", en: "technical, administrative and other" }
  - name: role
    title: { nl: Rol, en: Role }
    values:
      employee: { nl: medewerker, en: employee }
      team_chief: { nl: teamchef, en: team chief }
      sector_head: { nl: sectorhoofd, en: sector head }
      top61: { nl: top 61, en: top 61 }
  - name: scale_band
    title: { nl: Schaal, en: Scale }
    values:
      s01-05: { nl: schaal 1-5, en: scale 1-5 }
      s06-08: { nl: schaal 6-8, en: scale 6-8 }
      s09-11: { nl: schaal 9-11, en: scale 9-11 }
      s12-18: { nl: schaal 12 en hoger, en: scale 12 and up }
  - name: age_band
    title: { nl: Leeftijd, en: Age }
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
  role,
  case when scale <= 5 then 's01-05' when scale <= 8 then 's06-08' when scale <= 11 then 's09-11' when scale <= 18 then 's12-18' end
    as scale_band,
  age_band,
  coalesce(bool_or(list_contains(withheld, 'headcount')), false) as withheld
from staffing
group by all

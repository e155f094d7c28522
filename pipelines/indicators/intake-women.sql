/*---
title: { nl: Vrouwen in de instroom, en: Women in the intake }
question:
  nl: Komen er evenveel vrouwen als mannen binnen?
  en: Do as many women as men join?
description:
  nl: Aandeel vrouwen in de hele instroom, executief en in andere functies.
  en: Share of women in all intake, executive and in other functions.
why:
  nl: Wie er vandaag binnenkomt, bepaalt hoe de bezetting er over tien jaar uitziet. Rotterdam streeft naar evenveel vrouwen als mannen.
  en: Who joins today decides what staff looks like in ten years. Rotterdam aims at as many women as men.
sentence:
  nl: "{period} was {value} van de instroom vrouw ({numerator} van {denominator})."
  en: "{period}, {value} of the intake were women ({numerator} of {denominator})."
focus: composition
owner: Informatiemanager HRM
source: [RTM-2016 besluit 7, DH-2016 project 13]
kind: share
polarity: balance
numerator: { nl: vrouwen die instromen, en: women who join }
denominator: { nl: instroom, en: intake }
excluded: { nl: geslacht niet bekend of niet opgegeven, en: gender not known or not stated }
breakdowns:
  - name: category
    title: { nl: Categorie, en: Category }
    values:
      executive: { nl: executief, en: executive }
      support: { nl: "technisch, administratief en anders (ATH)", en: "technical, administrative and other" }
  - name: intake_level
    title: { nl: Instroomniveau, en: Intake level }
    values:
      mbo2: { nl: mbo 2, en: mbo 2 }
      mbo3: { nl: mbo 3, en: mbo 3 }
      mbo4: { nl: mbo 4, en: mbo 4 }
      hbo: { nl: hbo, en: bachelor }
      wo: { nl: wo, en: master }
      other: { nl: overig, en: other }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  date as month,
  sum(count) filter (gender = 'woman') as numerator,
  sum(count) filter (gender in ('woman', 'man', 'other')) as denominator,
  sum(count) filter (gender = 'unknown') as unknown,
  category,
  intake_level,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'intake'
group by unit_id, date, category, intake_level

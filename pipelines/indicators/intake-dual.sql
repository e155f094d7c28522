/*---
title: { nl: Instroom met dubbele culturele achtergrond, en: Intake with a dual cultural background }
question:
  nl: Hoeveel van de nieuwe executieve collega's hebben een dubbele culturele achtergrond?
  en: How many of the new executive colleagues have a dual cultural background?
description:
  nl: Aandeel met een dubbele culturele achtergrond in de executieve instroom, aspiranten meegeteld.
  en: Share with a dual cultural background in the executive intake, aspirants included.
why:
  nl: Het programma wil dat een kwart van de kandidaten voor de uitvoering van de politietaak een dubbele culturele achtergrond heeft, op elk instroomniveau.
  en: The programme wants a quarter of the candidates for the police task to have a dual cultural background, at every intake level.
caveats:
  nl: De achtergrond komt uit een vrijwillige vraag bij instroom. Wie niet antwoordt of bezwaar maakt, telt niet mee in teller of noemer.
  en: Background comes from a voluntary question at intake. Those who do not answer or object count in neither numerator nor denominator.
sentence:
  nl: "{period} had {value} van de instroom voor de uitvoering van de politietaak een dubbele culturele achtergrond ({numerator} van {denominator})."
  en: "{period}, {value} of the intake for the police task had a dual cultural background ({numerator} of {denominator})."
focus: composition
owner: Informatiemanager HRM
source: [DH-2015 actie 4.1, DH-2016 project 13]
kind: share
polarity: up
numerator: { nl: instroom executief met een dubbele culturele achtergrond, en: executive intake with a dual cultural background }
denominator: { nl: instroom executief van wie de achtergrond bekend is, en: executive intake whose background is known }
excluded: { nl: niet bekend of niet opgegeven, en: not known or not stated }
breakdowns:
  - name: intake_level
    title: { nl: Instroomniveau, en: Intake level }
    values:
      mbo2: { nl: mbo 2, en: mbo 2 }
      mbo3: { nl: mbo 3, en: mbo 3 }
      mbo4: { nl: mbo 4, en: mbo 4 }
      hbo: { nl: hbo, en: bachelor }
      wo: { nl: wo, en: master }
      other: { nl: overig, en: other }
  - name: gender
    title: { nl: Geslacht, en: Gender }
    values:
      woman: { nl: vrouw, en: woman }
      man: { nl: man, en: man }
      other: { nl: anders, en: other }
      unknown: { nl: niet bekend of niet opgegeven, en: not known or not stated }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  date as month,
  sum(count) filter (background = 'dual') as numerator,
  sum(count) filter (background in ('dual', 'single')) as denominator,
  sum(count) filter (coalesce(background, 'unknown') = 'unknown') as unknown,
  intake_level,
  gender,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'intake' and category = 'executive'
group by unit_id, date, intake_level, gender

/*---
title: { nl: Benoemde leidinggevenden met dubbele culturele achtergrond, en: Leaders appointed with a dual cultural background }
question:
  nl: Hoeveel van de nieuw benoemde leidinggevenden hebben een dubbele culturele achtergrond?
  en: How many of the newly appointed leaders have a dual cultural background?
description:
  nl: Aandeel met een dubbele culturele achtergrond in de benoemingen tot teamchef of sectorhoofd.
  en: Share with a dual cultural background in appointments as team chief or sector head.
why:
  nl: Het programma wil dat een op de vijf nieuwe leidinggevenden een dubbele culturele achtergrond heeft.
  en: The programme wants one in five new leaders to have a dual cultural background.
caveats:
  nl: Per eenheid zijn er weinig benoemingen. Het cijfer wordt daarom vooral over de hele periode van het streefcijfer beoordeeld.
  en: A unit has few appointments. The figure is therefore judged over the target's whole period above all.
sentence:
  nl: "{period} had {value} van de benoemde leidinggevenden een dubbele culturele achtergrond ({numerator} van {denominator})."
  en: "{period}, {value} of the leaders appointed had a dual cultural background ({numerator} of {denominator})."
focus: composition
owner: Informatiemanager HRM
source: [NP-VISIE (in RTM-2015)]
kind: share
polarity: up
numerator: { nl: benoemingen tot teamchef of sectorhoofd van iemand met een dubbele culturele achtergrond, en: appointments as team chief or sector head of someone with a dual cultural background }
denominator: { nl: benoemingen tot teamchef of sectorhoofd van wie de achtergrond bekend is, en: appointments as team chief or sector head whose background is known }
excluded: { nl: niet bekend of niet opgegeven, en: not known or not stated }
breakdowns:
  - name: position
    title: { nl: Functie, en: Position }
    values:
      team_chief: { nl: teamchef, en: team chief }
      sector_head: { nl: sectorhoofd, en: sector head }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  date as month,
  sum(count) filter (background = 'dual') as numerator,
  sum(count) filter (background in ('dual', 'single')) as denominator,
  sum(count) filter (coalesce(background, 'unknown') = 'unknown') as unknown,
  position,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'appointment' and position in ('team_chief', 'sector_head')
group by unit_id, date, position

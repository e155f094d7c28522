/*---
title: { nl: Vrouwen bij de benoemde leidinggevenden, en: Women among the leaders appointed }
question:
  nl: Worden evenveel vrouwen als mannen tot leidinggevende benoemd?
  en: Are as many women as men appointed as leaders?
description:
  nl: Aandeel vrouwen in de benoemingen tot teamchef of sectorhoofd.
  en: Share of women in appointments as team chief or sector head.
why:
  nl: Rotterdam streeft naar evenveel vrouwen als mannen onder de nieuwe leidinggevenden.
  en: Rotterdam aims at as many women as men among the new leaders.
sentence:
  nl: "{period} was {value} van de benoemde leidinggevenden vrouw ({numerator} van {denominator})."
  en: "{period}, {value} of the leaders appointed were women ({numerator} of {denominator})."
focus: composition
owner: Informatiemanager HRM
source: [RTM-2015]
kind: share
polarity: balance
numerator: { nl: vrouwen benoemd tot teamchef of sectorhoofd, en: women appointed as team chief or sector head }
denominator: { nl: benoemingen tot teamchef of sectorhoofd, en: appointments as team chief or sector head }
excluded: { nl: geslacht niet bekend of niet opgegeven, en: gender not known or not stated }
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
  sum(count) filter (gender = 'woman') as numerator,
  sum(count) filter (gender in ('woman', 'man', 'other')) as denominator,
  sum(count) filter (gender = 'unknown') as unknown,
  position,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'appointment' and position in ('team_chief', 'sector_head')
group by unit_id, date, position

/*---
title: { nl: Vervulde vacatures in de top 61, en: Vacancies filled in the top 61 }
question:
  nl: Hoeveel vacatures in de top 61 zijn vervuld door iemand met een dubbele culturele achtergrond, een vrouw of een zij-instromer?
  en: How many vacancies in the top 61 were filled by someone with a dual cultural background, a woman or a lateral entrant?
description:
  nl: Aandeel benoemingen in de top 61 van iemand met een dubbele culturele achtergrond, een vrouw of een zij-instromer; ieder telt een keer.
  en: Share of appointments in the top 61 of someone with a dual cultural background, a woman or a lateral entrant; each counts once.
why:
  nl: De helft van de vacatures in de top 61 moet zo vervuld worden.
  en: Half of the vacancies in the top 61 are to be filled in this way.
caveats:
  nl: De papieren spreken van vervulde vacatures en van kandidaten; de monitor telt vervulde vacatures. Alleen voor het korps.
  en: The papers speak of vacancies filled and of candidates; the monitor counts vacancies filled. For the force only.
sentence:
  nl: "{period} is {value} van de vacatures in de top 61 vervuld door iemand met een dubbele culturele achtergrond, een vrouw of een zij-instromer ({numerator} van {denominator})."
  en: "{period}, {value} of the vacancies in the top 61 were filled by someone with a dual cultural background, a woman or a lateral entrant ({numerator} of {denominator})."
focus: composition
owner: Informatiemanager HRM
source: [NP-VISIE (in DH-2015 actie 4.3), KVV]
kind: share
polarity: up
numerator: { nl: "benoemingen van iemand met een dubbele culturele achtergrond, een vrouw of een zij-instromer", en: "appointments of someone with a dual cultural background, a woman or a lateral entrant" }
denominator: { nl: benoemingen in de top 61 waarvan dit bekend is, en: appointments in the top 61 for which this is known }
excluded: { nl: wie geen vrouw en geen zij-instromer is en van wie de achtergrond of het geslacht niet bekend is, en: "those who are neither a woman nor a lateral entrant and whose background or gender is not known" }
levels: [force]
grains: [year, target]
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
with appointments as (
  select
    unit_id,
    date,
    count,
    case
      when background = 'dual' or gender = 'woman' or "lateral" = 'yes' then 'counts'
      when coalesce(background, 'unknown') = 'unknown' or gender = 'unknown' then 'unknown'
      else 'other'
    end as who,
    list_contains(withheld, 'count') as withheld
  from movements
  where kind = 'appointment' and position = 'top61'
)
select
  unit_id,
  date as month,
  sum(count) filter (who = 'counts') as numerator,
  sum(count) filter (who <> 'unknown') as denominator,
  sum(count) filter (who = 'unknown') as unknown,
  coalesce(bool_or(withheld), false) as withheld
from appointments
group by unit_id, date

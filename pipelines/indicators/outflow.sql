/*---
title: { nl: Uitstroom per 100 medewerkers, en: Exits per 100 staff }
question:
  nl: Hoeveel collega's gaan er weg, gemeten aan de sterkte?
  en: How many colleagues leave, by strength?
description:
  nl: Medewerkers die de politie verlaten per 100 medewerkers, in de getoonde periode.
  en: Staff who leave the police per 100 staff, in the period shown.
why:
  nl: Nieuwe collega's met verschillende achtergronden zijn pas winst als zij blijven. De uitstroom laat zien hoeveel mensen gaan.
  en: New colleagues with different backgrounds are a gain only if they stay. Exits show how many people leave.
caveats:
  nl: De uitstroom telt ook pensioen mee. Een overstap naar een andere eenheid is geen uitstroom.
  en: Exits include retirement. A move to another unit is no exit.
sentence:
  nl: "{period} verlieten {value} van elke 100 medewerkers de politie ({numerator} {medewerker|medewerkers})."
  en: "{period}, {value} of every 100 staff left the police ({numerator} {person|people})."
focus: composition
owner: Informatiemanager HRM
source: [DH-2016 project 13]
kind: rate
per: 100
exposure: mean
polarity: neutral
polarity_note:
  nl: Uitstroom kan pensioen of een volgende stap in een loopbaan zijn, en ook vertrek uit onvrede.
  en: Exits may be retirement or the next step in a career, and also leaving in discontent.
numerator: { nl: medewerkers die weggaan, en: staff who leave }
denominator: { nl: medewerkers (gemiddelde van de maandstanden), en: staff (mean of the months' ends) }
breakdowns:
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
select unit_id, date as month, sum(count) as numerator, 0 as denominator, gender, coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'exit'
group by unit_id, date, gender
union all
select unit_id, period, 0, sum(headcount), gender, coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
group by unit_id, period, gender

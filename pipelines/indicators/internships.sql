/*---
title: { nl: Stageplaatsen (mbo/hbo), en: Internship places (MBO and HBO) }
question:
  nl: Hoeveel stageplaatsen zijn er aangeboden?
  en: How many internship places were offered?
description:
  nl: Aangeboden stageplaatsen voor studenten van mbo en hbo, opgeteld vanaf het begin van het resultaat; zonder resultaat vanaf 1 januari.
  en: Internship places offered to students of MBO and HBO, added up from the start of the result; without one from 1 January.
why:
  nl: Een stage is voor veel jongeren de eerste kennismaking met de politie. Den Haag keurde 24 plaatsen goed voor het schooljaar 2015/2016.
  en: For many young people an internship is how they first meet the police. Den Haag approved 24 places for the school year 2015/2016.
caveats:
  nl: De papieren noemen 2015/2016; het schooljaar van juli tot en met juni is een keuze van de monitor. Wie de stage liep en met welke achtergrond, wordt niet gevolgd.
  en: The papers say 2015/2016; the school year from July to June is a choice of the monitor. Who took the place, and with what background, is not followed.
sentence:
  nl: "{period} kwam het aantal aangeboden stageplaatsen op {value}."
  en: "{period}, the number of internship places offered came to {value}."
focus: composition
owner: Informatiemanager HRM
source: [DH-2015 actie 4.1, KVV]
kind: cumulative
interval: none
polarity: up
numerator: { nl: aangeboden stageplaatsen, en: internship places offered }
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  date as month,
  sum(count) as numerator,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'internship'
group by unit_id, date

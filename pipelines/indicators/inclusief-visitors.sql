/*---
title: { nl: Bezoekers van Den Haag Inclusief, en: Visitors of Den Haag Inclusief }
question:
  nl: "Hoeveel mensen komen naar Den Haag Inclusief?"
  en: "How many people come to Den Haag Inclusief?"
description:
  nl: "Aantal bezoekers van Den Haag Inclusief, de jaarlijkse dag van politie en gemeente met de stad."
  en: "Number of visitors of Den Haag Inclusief, the yearly day of police and municipality with the city."
why:
  nl: "Op deze dag ontmoeten politie en inwoners elkaar. Den Haag wilde 350 bezoekers, een keer per jaar."
  en: "On this day police and inhabitants meet. Den Haag wanted 350 visitors, once a year."
caveats:
  nl: Bezoekers worden geteld of geschat door de organisatie van de dag.
  en: Visitors are counted or estimated by the organisers of the day.
sentence:
  nl: "{period} {kwam|kwamen} er {value} {bezoeker|bezoekers} naar Den Haag Inclusief."
  en: "{period}, {value} {visitor|visitors} came to Den Haag Inclusief."
focus: connection
owner: Programmabureau De Kracht van het Verschil
source: [DH-2016 resultaat 4]
kind: count
interval: none
polarity: up
numerator: { nl: bezoekers van Den Haag Inclusief, en: visitors of Den Haag Inclusief }
levels: [force, unit]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, sum(quantity) as numerator
from outputs
where output = 'inclusief_visitors'
group by unit_id, date

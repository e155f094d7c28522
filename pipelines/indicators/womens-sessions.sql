/*---
title: { nl: Bijeenkomsten met vrouwen, en: Sessions with women }
question:
  nl: "Hoeveel bijeenkomsten met vrouwen zijn er gehouden?"
  en: "How many sessions with women were held?"
description:
  nl: Aantal bijeenkomsten met vrouwen bij de politie over hun werk en loopbaan.
  en: Number of sessions with women in the police about their work and careers.
why:
  nl: "In deze bijeenkomsten vertellen vrouwen wat hen helpt en wat hen hindert. Den Haag wilde er drie in 2016, met een document van lessen."
  en: "In these sessions women tell what helps and what hinders them. Den Haag wanted three in 2016, with a document of lessons learned."
sentence:
  nl: "{period} {is|zijn} er {value} {bijeenkomst|bijeenkomsten} met vrouwen gehouden."
  en: "{period}, {value} {session|sessions} with women {was|were} held."
focus: inclusion
owner: Programmabureau De Kracht van het Verschil
source: [DH-2016 resultaat 6, DH-2016 project 6]
kind: count
interval: none
polarity: up
numerator: { nl: bijeenkomsten met vrouwen, en: sessions with women }
levels: [force, unit, district]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, sum(quantity) as numerator
from outputs
where output = 'womens_session'
group by unit_id, date

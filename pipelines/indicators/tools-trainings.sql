/*---
title: { nl: Instrumenten en trainingen, en: Tools and trainings }
question:
  nl: "Hoeveel instrumenten en trainingen heeft het programma gemaakt?"
  en: "How many tools and trainings has the programme made?"
description:
  nl: "Aantal instrumenten en trainingen dat is opgeleverd, opgeteld vanaf het begin van het beoogde resultaat of anders vanaf 1 januari."
  en: "Number of tools and trainings delivered, added up from the start of the intended result or else from 1 January."
why:
  nl: Met instrumenten en trainingen kunnen teams zelf aan de slag. Den Haag wilde er vijf in 2016-2018.
  en: With tools and trainings teams can get to work themselves. Den Haag wanted five in 2016-2018.
sentence:
  nl: "{period} {is|zijn} er {value} {instrument of training|instrumenten en trainingen} opgeleverd."
  en: "{period}, {value} {tool or training was|tools and trainings were} delivered."
focus: inclusion
owner: Programmabureau De Kracht van het Verschil
source: [DH-2016 resultaat 14]
kind: cumulative
interval: none
polarity: up
numerator: { nl: opgeleverde instrumenten en trainingen, en: tools and trainings delivered }
levels: [force, unit]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, sum(quantity) as numerator
from outputs
where output = 'tool_or_training'
group by unit_id, date

/*---
title: { nl: Actieve medewerkersnetwerken, en: Active employee networks }
question:
  nl: "Hoeveel medewerkersnetwerken zijn er?"
  en: "How many employee networks are there?"
description:
  nl: Aantal medewerkersnetwerken dat aan het einde van de periode actief is.
  en: Number of employee networks active at the end of the period.
why:
  nl: In een netwerk vinden collega's elkaar en geven zij de leiding raad. Den Haag wilde er eind 2018 zes.
  en: In a network colleagues find each other and advise the leadership. Den Haag wanted six at the end of 2018.
caveats:
  nl: "Het papier noemt twee formele netwerken, en elders vijf en een lijst van zes. De monitor telt wat de eenheid als actief netwerk opgeeft."
  en: "The paper names two formal networks, and elsewhere five and a list of six. The monitor counts what the unit states as an active network."
sentence:
  nl: "{period} {was|waren} er {value} {actief medewerkersnetwerk|actieve medewerkersnetwerken}."
  en: "{period} there {was|were} {value} active employee {network|networks}."
focus: inclusion
owner: Programmabureau De Kracht van het Verschil
source: [DH-2016 resultaat 9]
kind: count
stock: true
interval: none
polarity: up
numerator: { nl: actieve medewerkersnetwerken, en: active employee networks }
levels: [force, unit]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, until, quantity as numerator
from outputs
where output = 'employee_network'

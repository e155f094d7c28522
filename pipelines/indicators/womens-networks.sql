/*---
title: { nl: Vrouwennetwerken in districten, en: Women's networks in districts }
question:
  nl: "Hoeveel vrouwennetwerken zijn er in districten begonnen?"
  en: "How many women's networks began in districts?"
description:
  nl: "Aantal vrouwennetwerken dat in districten is begonnen, opgeteld vanaf het begin van het beoogde resultaat of anders vanaf 1 januari."
  en: "Number of women's networks begun in districts, added up from the start of the intended result or else from 1 January."
why:
  nl: "Den Haag wilde vrouwennetwerken in drie districten, zodat vrouwen elkaar helpen in hun loopbaan."
  en: "Den Haag wanted women's networks in three districts, so that women help each other in their careers."
caveats:
  nl: Het papier noemt geen termijn; de monitor houdt de programmaperiode aan.
  en: The paper names no term; the monitor takes the programme's period.
sentence:
  nl: "{period} {is|zijn} er {value} {vrouwennetwerk|vrouwennetwerken} begonnen."
  en: "{period}, {value} women's {network was|networks were} begun."
focus: inclusion
owner: Programmabureau De Kracht van het Verschil
source: [DH-2016 resultaat 6, KVV]
kind: cumulative
interval: none
polarity: up
numerator: { nl: vrouwennetwerken die zijn begonnen, en: women's networks begun }
levels: [force, unit, district]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, sum(quantity) as numerator
from outputs
where output = 'womens_network'
group by unit_id, date

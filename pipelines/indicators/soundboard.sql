/*---
title: { nl: Bijeenkomsten van de klankbordgroep, en: Sessions of the sounding board }
question:
  nl: "Hoe vaak komt de klankbordgroep bijeen?"
  en: "How often does the sounding board meet?"
description:
  nl: Aantal gewone bijeenkomsten van de klankbordgroep met mensen uit de samenleving.
  en: Number of regular sessions of the sounding board with people from society.
why:
  nl: De klankbordgroep zegt de politie hoe haar werk in de samenleving overkomt. Den Haag wilde vier gewone bijeenkomsten per jaar.
  en: The sounding board tells the police how their work comes across in society. Den Haag wanted four regular sessions a year.
sentence:
  nl: "{period} {is|zijn} er {value} gewone {bijeenkomst|bijeenkomsten} van de klankbordgroep gehouden."
  en: "{period}, {value} regular {session|sessions} of the sounding board {was|were} held."
focus: connection
owner: Programmabureau De Kracht van het Verschil
source: [DH-2016 resultaat 5, DH-2016 project 5]
kind: count
interval: none
polarity: up
numerator: { nl: gewone bijeenkomsten van de klankbordgroep, en: regular sessions of the sounding board }
levels: [force, unit]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, sum(quantity) as numerator
from outputs
where output = 'soundboard'
group by unit_id, date

/*---
title: { nl: Themabijeenkomsten van de klankbordgroep, en: Themed sessions of the sounding board }
question:
  nl: "Hoe vaak bespreekt de klankbordgroep een thema?"
  en: "How often does the sounding board discuss a theme?"
description:
  nl: Aantal themabijeenkomsten van de klankbordgroep met mensen uit de samenleving.
  en: Number of themed sessions of the sounding board with people from society.
why:
  nl: "Een themabijeenkomst gaat dieper in op een onderwerp, zoals controles of werving. Den Haag wilde er vier per jaar."
  en: "A themed session goes deeper into one subject, such as checks or recruitment. Den Haag wanted four a year."
sentence:
  nl: "{period} {is|zijn} er {value} {themabijeenkomst|themabijeenkomsten} van de klankbordgroep gehouden."
  en: "{period}, {value} themed {session|sessions} of the sounding board {was|were} held."
focus: connection
owner: Programmabureau De Kracht van het Verschil
source: [DH-2016 resultaat 5, DH-2016 project 5]
kind: count
interval: none
polarity: up
numerator: { nl: themabijeenkomsten van de klankbordgroep, en: themed sessions of the sounding board }
levels: [force, unit]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, sum(quantity) as numerator
from outputs
where output = 'soundboard_theme'
group by unit_id, date

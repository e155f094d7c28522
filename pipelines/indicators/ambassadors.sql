/*---
title: { nl: Districten en diensten met een ambassadeur, en: Districts and services with an ambassador }
question:
  nl: "Welk deel van de districten en diensten heeft een ambassadeur?"
  en: "What part of the districts and services has an ambassador?"
description:
  nl: Aandeel districten en diensten dat aan het einde van de periode een of meer ambassadeurs van het programma heeft.
  en: Share of districts and services that have one or more ambassadors of the programme at the end of the period.
why:
  nl: "Ambassadeurs brengen het programma naar de werkvloer. Den Haag wilde elk jaar vier districten of diensten erbij, tot alle twaalf."
  en: "Ambassadors bring the programme to the shop floor. Den Haag wanted four more districts or services each year, up to all twelve."
sentence:
  nl: "{period} had {value} van de districten en diensten een ambassadeur ({numerator} van {denominator})."
  en: "{period}, {value} of the districts and services had an ambassador ({numerator} of {denominator})."
focus: connection
owner: Programmabureau De Kracht van het Verschil
source: [DH-2016 resultaat 1]
kind: coverage
of: [district, service]
polarity: up
numerator: { nl: districten en diensten met een ambassadeur, en: districts and services with an ambassador }
denominator: { nl: districten en diensten, en: districts and services }
levels: [force, unit]
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, until, quantity as numerator
from outputs
where output = 'ambassador'

/*---
title: { nl: Basisteams die Teambalans deden, en: Basic teams that did Teambalans }
question:
  nl: Hoeveel basisteams deden Teambalans en stelden wervingsdoelen vast?
  en: How many basic teams did Teambalans and set recruitment goals?
description:
  nl: Basisteams die met Teambalans hun team bekeken en daaruit wervingsdoelen voor het volgende jaar afleidden.
  en: Basic teams that looked at their team with Teambalans and derived next year's recruitment goals from it.
why:
  nl: "Teambalans begint bij het veiligheidsprobleem in de wijk en vraagt welk team daarbij past: deskundigheid, achtergrond en leeftijd."
  en: "Teambalans begins with the safety problem of the neighbourhood and asks which team fits it: expertise, background and age."
caveats:
  nl: Teambalans is geen verhouding tussen aandelen. Dat een team het deed, zegt niet dat de doelen zijn gehaald.
  en: Teambalans is not a ratio of shares. That a team did it does not say that its goals were reached.
sentence:
  nl: "{period} had {value} van de basisteams Teambalans gedaan ({numerator} van {denominator})."
  en: "{period}, {value} of the basic teams had done Teambalans ({numerator} of {denominator})."
focus: composition
owner: Programmabureau De Kracht van het Verschil
source: [ONL-2015]
kind: coverage
of: [team]
polarity: up
numerator: { nl: basisteams die Teambalans deden, en: basic teams that did Teambalans }
denominator: { nl: basisteams, en: basic teams }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, until, quantity as numerator
from outputs
where output = 'teambalans'

/*---
title: { nl: Basisteams met collega's opgeleid in divers vakmanschap, en: Basic teams with colleagues trained in diverse craftsmanship }
question:
  nl: "Heeft elk basisteam minstens twee collega's die zijn opgeleid in divers vakmanschap?"
  en: "Does every basic team have at least two colleagues trained in diverse craftsmanship?"
description:
  nl: Aandeel basisteams dat aan het einde van de periode twee of meer collega's heeft die zijn opgeleid in divers vakmanschap.
  en: Share of basic teams that have two or more colleagues trained in diverse craftsmanship at the end of the period.
why:
  nl: Rotterdam wil dat elk basisteam collega's heeft die met verschillen tussen mensen kunnen omgaan en dat aan anderen leren.
  en: Rotterdam wants every basic team to have colleagues who can deal with differences between people and teach others to.
caveats:
  nl: "De tekst van het papier spreekt van collega's, de agenda en de besluitenlijst van fte; de monitor telt collega's."
  en: "The text of the paper speaks of colleagues, its agenda and list of decisions of fte; the monitor counts colleagues."
sentence:
  nl: "{period} had {value} van de basisteams twee of meer collega's die zijn opgeleid in divers vakmanschap ({numerator} van {denominator})."
  en: "{period}, {value} of the basic teams had two or more colleagues trained in diverse craftsmanship ({numerator} of {denominator})."
focus: connection
owner: Programmabureau De Kracht van het Verschil
source: [RTM-2015]
kind: coverage
of: [team]
least: 2
polarity: up
numerator: { nl: basisteams met twee of meer opgeleide collega's, en: basic teams with two or more trained colleagues }
denominator: { nl: basisteams, en: basic teams }
levels: [force, unit, district]
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, until, quantity as numerator
from outputs
where output = 'trained_colleague'

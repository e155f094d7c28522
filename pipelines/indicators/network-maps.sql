/*---
title: { nl: Basisteams met een netwerkkaart, en: Basic teams with a network map }
question:
  nl: Weten de basisteams welke netwerken er in hun wijken zijn?
  en: Do the basic teams know the networks in their neighbourhoods?
description:
  nl: Aandeel basisteams met een geldige kaart van de netwerken in hun gebied, aan het einde van de periode.
  en: Share of the basic teams with a map in force of the networks in their area, at the end of the period.
why:
  nl: Wie de netwerken in de wijk kent, kan ze ook vinden als het spannend wordt.
  en: Those who know the networks of a neighbourhood can also find them when things get tense.
caveats:
  nl: Een kaart zonder einddatum blijft gelden, ook als hij oud is.
  en: A map without an end date remains in force, even when it is old.
sentence:
  nl: "{period} had {value} van de basisteams een netwerkkaart ({numerator} van {denominator})."
  en: "{period}, {value} of the basic teams had a network map ({numerator} of {denominator})."
focus: connection
owner: Programmabureau De Kracht van het Verschil
source: [DH-2015 actie 1.9, KVV]
kind: coverage
of: [team]
polarity: up
numerator: { nl: basisteams met een netwerkkaart, en: basic teams with a network map }
denominator: { nl: basisteams, en: basic teams }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, until, quantity as numerator
from outputs
where output = 'network_map'

/*---
title: { nl: Basisteams getraind in selecteren, en: Basic teams trained in selecting }
question:
  nl: "Welk deel van de basisteams volgde een workshop over selectie of de training SDR?"
  en: "What part of the basic teams had a workshop on selection or the SDR training?"
description:
  nl: Aandeel basisteams dat een workshop over selectiemechanismen of de training SDR heeft gevolgd.
  en: Share of basic teams that had a workshop on selection mechanisms or the SDR training.
why:
  nl: "Amsterdam wil dat agenten weten waarop zij selecteren als zij mensen controleren, zodat niemand om zijn uiterlijk wordt gekozen."
  en: "Amsterdam wants officers to know by what they select when they check people, so that nobody is chosen for their looks."
caveats:
  nl: "Het plan van Amsterdam noemt voor 2014 vijf teams of meer met een workshop en drie teams met de training SDR; de monitor telt een team een keer en houdt vijf aan. Het cijfer zegt niets over de controles zelf: daarvoor noemen de papieren geen maat."
  en: "For 2014 Amsterdam's plan names five teams or more with a workshop and three with the SDR training; the monitor counts a team once and holds to five. The figure says nothing of the checks themselves: the papers name no measure for them."
sentence:
  nl: "{period} had {value} van de basisteams een workshop over selectie of de training SDR gevolgd ({numerator} van {denominator})."
  en: "{period}, {value} of the basic teams had had a workshop on selection or the SDR training ({numerator} of {denominator})."
focus: connection
owner: Programmabureau De Kracht van het Verschil
source: [AMS-2014]
kind: coverage
of: [team]
polarity: up
numerator: { nl: basisteams met een workshop of training, en: basic teams with a workshop or training }
denominator: { nl: basisteams, en: basic teams }
levels: [force, unit, district]
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, until, quantity as numerator
from outputs
where output in ('workshop_selection', 'sdr_training')

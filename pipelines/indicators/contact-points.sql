/*---
title: { nl: Basisteams met een contactpunt discriminatie, en: Basic teams with a discrimination contact point }
question:
  nl: "Heeft elk basisteam een contactpunt discriminatie?"
  en: "Does every basic team have a discrimination contact point?"
description:
  nl: Aandeel basisteams dat aan het einde van de periode een contactpunt discriminatie heeft.
  en: Share of basic teams that have a discrimination contact point at the end of the period.
why:
  nl: Collega's in elk team moeten weten bij wie zij terechtkunnen met een zaak van discriminatie.
  en: Colleagues in every team must know to whom they can turn with a case of discrimination.
caveats:
  nl: De afspraak geldt ook voor rechercheafdelingen; hier tellen alleen de basisteams.
  en: The agreement also holds for detective departments; only basic teams count here.
sentence:
  nl: "{period} had {value} van de basisteams een contactpunt discriminatie ({numerator} van {denominator})."
  en: "{period}, {value} of the basic teams had a discrimination contact point ({numerator} of {denominator})."
focus: discrimination
owner: Coördinator discriminatie
source: [NP-VISIE (in DH-2015 §2), DH-2015 actie 3.1, RTM-2015]
kind: coverage
of: [team]
polarity: up
numerator: { nl: basisteams met een contactpunt discriminatie, en: basic teams with a discrimination contact point }
denominator: { nl: basisteams, en: basic teams }
levels: [force, unit, district]
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, until, quantity as numerator
from outputs
where output = 'contact_point'

/*---
title: { nl: Districten met een contactpersoon discriminatie, en: Districts with a discrimination contact person }
question:
  nl: "Heeft elk district een contactpersoon discriminatie?"
  en: "Does every district have a discrimination contact person?"
description:
  nl: Aandeel districten dat aan het einde van de periode een contactpersoon discriminatie heeft.
  en: Share of districts that have a discrimination contact person at the end of the period.
why:
  nl: Een vaste contactpersoon maakt dat zaken van discriminatie worden herkend en besproken. Elk district moet er een hebben.
  en: A fixed contact person makes sure that cases of discrimination are recognised and discussed. Every district is to have one.
sentence:
  nl: "{period} had {value} van de districten een contactpersoon discriminatie ({numerator} van {denominator})."
  en: "{period}, {value} of the districts had a discrimination contact person ({numerator} of {denominator})."
focus: discrimination
owner: Coördinator discriminatie
source: [NP-VISIE (in DH-2015 §2), DH-2015 actie 3.1, RTM-2015]
kind: coverage
of: [district]
polarity: up
numerator: { nl: districten met een contactpersoon discriminatie, en: districts with a discrimination contact person }
denominator: { nl: districten, en: districts }
levels: [force, unit]
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, until, quantity as numerator
from outputs
where output = 'contact_person'

/*---
title: { nl: Contacten met vertrouwenspersonen per 1.000 medewerkers, en: "Contacts with confidential advisers per 1,000 staff" }
question:
  nl: Hoe vaak zoeken collega's een vertrouwenspersoon op?
  en: How often do colleagues turn to a confidential adviser?
description:
  nl: Contacten van medewerkers met een vertrouwenspersoon per 1.000 medewerkers, in de getoonde periode.
  en: Contacts of staff with a confidential adviser per 1,000 staff, in the period shown.
why:
  nl: De vertrouwenspersoon is de eerste plek waar ongewenst gedrag wordt verteld.
  en: The confidential adviser is the first place where unwanted behaviour is told.
caveats:
  nl: Een medewerker kan meer contacten hebben. De aantallen zijn laag; de papieren waarschuwen voor conclusies. Alleen voor het korps en de eenheden, want van kleinere groepen zijn de aantallen te klein om te tonen.
  en: One colleague may have several contacts. The numbers are low; the papers warn against conclusions. For the force and the units only, since the numbers of smaller groups are too small to show.
sentence:
  nl: "{period} waren er {value} contacten met vertrouwenspersonen per 1.000 medewerkers ({numerator} {contact|contacten})."
  en: "{period} there were {value} contacts with confidential advisers per 1,000 staff ({numerator} {contact|contacts})."
focus: inclusion
owner: Coördinator vertrouwenspersonen
source: [DH-2015 §3.3]
kind: rate
levels: [force, unit]
per: 1000
exposure: mean
polarity: neutral
polarity_note:
  nl: "Minder contacten is niet vanzelf beter: het kan ook betekenen dat collega's de weg niet kennen of niet durven."
  en: "Fewer contacts are not better in themselves: colleagues may not know the way, or not dare."
numerator: { nl: contacten met vertrouwenspersonen, en: contacts with confidential advisers }
denominator: { nl: medewerkers (gemiddelde van de maandstanden), en: staff (mean of the months' ends) }
breakdowns:
  - name: theme
    title: { nl: Onderwerp, en: Theme }
    values:
      discrimination: { nl: discriminatie, en: discrimination }
      harassment: { nl: intimidatie, en: harassment }
      bullying: { nl: pesten, en: bullying }
      violence: { nl: agressie en geweld, en: violence }
      other: { nl: overig, en: other }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  period as month,
  sum(contacts) as numerator,
  0 as denominator,
  theme,
  coalesce(bool_or(list_contains(withheld, 'contacts')), false) as withheld
from integrity
where channel = 'adviser'
group by unit_id, period, theme
union all
select unit_id, period, 0, sum(headcount), null, coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
group by unit_id, period

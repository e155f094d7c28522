/*---
title: { nl: Meldingen bij VIK per 1.000 medewerkers, en: "Reports to VIK per 1,000 staff" }
question:
  nl: Hoe vaak wordt ongewenst gedrag van collega's bij VIK gemeld?
  en: How often is unwanted behaviour of colleagues reported to VIK?
description:
  nl: Meldingen over houding en gedrag van collega's bij de afdeling Veiligheid, Integriteit en Klachten (VIK) per 1.000 medewerkers, in de getoonde periode.
  en: Reports about the conduct of colleagues to the department of Security, Integrity and Complaints (VIK) per 1,000 staff, in the period shown.
why:
  nl: VIK onderzoekt klachten over houding en gedrag en volgt het inclusieve klimaat.
  en: VIK analyses complaints about conduct and follows the inclusive climate.
caveats:
  nl: Een melding is nog geen vastgestelde misdraging. Alleen voor het korps en de eenheden, want van kleinere groepen zijn de aantallen te klein om te tonen.
  en: A report is no misconduct established. For the force and the units only, since the numbers of smaller groups are too small to show.
sentence:
  nl: "{period} waren er {value} meldingen bij VIK per 1.000 medewerkers ({numerator} {melding|meldingen})."
  en: "{period} there were {value} reports to VIK per 1,000 staff ({numerator} {report|reports})."
focus: inclusion
owner: Hoofd VIK
source: [DH-2015 §3.3]
kind: rate
levels: [force, unit]
per: 1000
exposure: mean
polarity: neutral
polarity_note:
  nl: Meer meldingen kan betekenen dat er meer gebeurt, en ook dat collega's eerder durven te melden.
  en: More reports may mean that more happens, and also that colleagues dare to report sooner.
numerator: { nl: meldingen bij VIK, en: reports to VIK }
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
where channel = 'vik'
group by unit_id, period, theme
union all
select unit_id, period, 0, sum(headcount), null, coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
group by unit_id, period

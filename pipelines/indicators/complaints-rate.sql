/*---
title: { nl: Klachten per 100 medewerkers, en: Complaints per 100 staff }
question:
  nl: Hoeveel klachten komen er binnen, gemeten aan de sterkte?
  en: How many complaints come in, by strength?
description:
  nl: Ontvangen klachten per 100 medewerkers, in de getoonde periode.
  en: Complaints received per 100 staff, in the period shown.
why:
  nl: Zo zijn eenheden van verschillende grootte naast elkaar te lezen.
  en: So units of different size can be read beside each other.
caveats:
  nl: Niet elke burger met een klacht dient die in.
  en: Not every citizen with a complaint files it.
sentence:
  nl: "{period} zijn {value} klachten per 100 medewerkers ontvangen ({numerator} {klacht|klachten})."
  en: "{period}, {value} complaints per 100 staff were received ({numerator} {complaint|complaints})."
focus: connection
owner: Klachtencoördinator
source: [DH-2015 §3.3, AMS-2014]
kind: rate
per: 100
exposure: mean
polarity: neutral
polarity_note:
  nl: Meer klachten kan betekenen dat klagen makkelijker werd.
  en: More complaints may mean that complaining became easier.
numerator: { nl: ontvangen klachten, en: complaints received }
denominator: { nl: medewerkers (gemiddelde van de maandstanden), en: staff (mean of the months' ends) }
breakdowns:
  - name: aspect
    title: { nl: Aspect, en: Aspect }
    values:
      treatment: { nl: bejegening, en: treatment }
      discrimination: { nl: discriminatie, en: discrimination }
      profiling: { nl: etnisch profileren, en: ethnic profiling }
      force: { nl: geweld, en: force }
      attitude: { nl: houding en gedrag, en: attitude and conduct }
      service: { nl: dienstverlening, en: service }
      other: { nl: overig, en: other }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, received_on as month, sum(count) as numerator, 0 as denominator, aspects as aspect, false as withheld
from complaints
group by unit_id, received_on, aspects
union all
select unit_id, period, 0, sum(headcount), null, coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
group by unit_id, period

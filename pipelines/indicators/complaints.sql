/*---
title: { nl: Klachten, en: Complaints }
question:
  nl: Hoeveel klachten over politieoptreden komen er binnen?
  en: How many complaints about police conduct come in?
description:
  nl: Klachten naar de dag van ontvangst. Een klacht kan over meer gaan en telt in het totaal een keer.
  en: Complaints by the day of receipt. A complaint may be about several things and counts once in the total.
why:
  nl: Klachten zeggen iets over hoe burgers de politie ervaren. Klagen moet makkelijker worden.
  en: Complaints tell something of how citizens experience the police. Complaining is to become easier.
caveats:
  nl: Niet elke burger met een klacht dient die in.
  en: Not every citizen with a complaint files it.
sentence:
  nl: "{period} {is|zijn} {value} {klacht|klachten} ontvangen."
  en: "{period}, {value} {complaint was|complaints were} received."
focus: connection
owner: Klachtencoördinator
source: [DH-2015 §3.3, AMS-2014]
kind: count
polarity: neutral
polarity_note:
  nl: Meer klachten kan betekenen dat klagen makkelijker werd.
  en: More complaints may mean that complaining became easier.
numerator: { nl: ontvangen klachten, en: complaints received }
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
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, received_on as month, sum(count) as numerator, aspects as aspect
from complaints
group by unit_id, received_on, aspects

/*---
title: { nl: Klachten over discriminatie, en: Complaints about discrimination }
question:
  nl: Hoeveel klachten gaan over discriminatie of etnisch profileren?
  en: How many complaints are about discrimination or ethnic profiling?
description:
  nl: Klachten met het aspect discriminatie of etnisch profileren, naar de dag van ontvangst. Een klacht met beide telt een keer.
  en: Complaints with the aspect discrimination or ethnic profiling, by the day of receipt. One with both counts once.
why:
  nl: Het programma wil weten of burgers zich gelijkwaardig behandeld voelen, en dat klagen makkelijk is.
  en: The programme wants to know whether citizens feel treated as equals, and that complaining is easy.
caveats:
  nl: Kleine aantallen per eenheid. In Den Haag werd in de jaren voor 2015 geen van deze klachten gegrond verklaard.
  en: Small numbers per unit. In Den Haag none of these complaints was found founded in the years before 2015.
sentence:
  nl: "{period} {is|zijn} {value} {klacht|klachten} over discriminatie of etnisch profileren ontvangen."
  en: "{period}, {value} {complaint|complaints} about discrimination or ethnic profiling {was|were} received."
focus: discrimination
owner: Klachtencoördinator
source: [DH-2015 §3.3]
kind: count
polarity: neutral
polarity_note:
  nl: Meer klachten kan betekenen dat klagen makkelijker werd.
  en: More complaints may mean that complaining became easier.
numerator: { nl: klachten over discriminatie of etnisch profileren, en: complaints about discrimination or ethnic profiling }
breakdowns:
  - name: route
    title: { nl: Behandeling, en: Route }
    values:
      mediation: { nl: bemiddeling, en: mediation }
      committee: { nl: klachtencommissie, en: committee }
      pending: { nl: nog in behandeling, en: pending }
  - name: outcome
    title: { nl: Oordeel, en: Outcome }
    values:
      founded: { nl: gegrond, en: founded }
      partly_founded: { nl: deels gegrond, en: partly founded }
      unfounded: { nl: ongegrond, en: unfounded }
      no_judgement: { nl: geen oordeel, en: no judgement }
      settled: { nl: naar tevredenheid afgehandeld, en: settled }
      withdrawn: { nl: ingetrokken, en: withdrawn }
      not_taken_up: { nl: niet in behandeling genomen, en: not taken up }
      pending: { nl: nog in behandeling, en: pending }
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, received_on as month, sum(count) as numerator, route, outcome
from complaints
where list_has_any(aspects, ['discrimination', 'profiling'])
group by unit_id, received_on, route, outcome

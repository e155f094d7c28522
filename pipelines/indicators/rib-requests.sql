/*---
title: { nl: Verzoeken aan Roze in Blauw, en: Requests to Roze in Blauw }
question:
  nl: "Hoe vaak wordt Roze in Blauw om hulp of advies gevraagd?"
  en: "How often is Roze in Blauw asked for help or advice?"
description:
  nl: "Aantal verzoeken om hulp of advies aan Roze in Blauw, het netwerk dat er is voor LHBTI-burgers en collega's."
  en: "Number of requests for help or advice to Roze in Blauw, the network for LGBTI citizens and colleagues."
why:
  nl: "Wie als LHBTI'er geweld of discriminatie meemaakt, kan bij Roze in Blauw terecht. In Oost-Nederland kwamen er 2 verzoeken in 2013 en 6 in 2014."
  en: LGBTI people who experience violence or discrimination can turn to Roze in Blauw. In Oost-Nederland there were 2 requests in 2013 and 6 in 2014.
sentence:
  nl: "{period} kreeg Roze in Blauw {value} {verzoek|verzoeken}."
  en: "{period}, Roze in Blauw had {value} {request|requests}."
focus: connection
owner: Programmabureau De Kracht van het Verschil
source: [ONL-2015]
kind: count
polarity: neutral
polarity_note:
  nl: Meer verzoeken kan betekenen dat meer mensen het netwerk kennen.
  en: More requests may mean that more people know the network.
numerator: { nl: verzoeken aan Roze in Blauw, en: requests to Roze in Blauw }
levels: [force, unit]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, date as month, sum(quantity) as numerator
from outputs
where output = 'rib_request'
group by unit_id, date

/*---
title: { nl: Doorlooptijd van klachten, en: Time to close complaints }
question:
  nl: "Hoe lang wachten burgers tot hun klacht is afgedaan?"
  en: "How long do citizens wait until their complaint is closed?"
description:
  nl: "Middelste aantal dagen (mediaan) van ontvangst tot afdoening van een klacht, naar de dag van ontvangst. Daarnaast het deel dat binnen de wettelijke termijn is afgedaan, en het aantal klachten dat nog loopt."
  en: "Median number of days from receipt to closing of a complaint, by the day of receipt. Beside it the part that was closed within the legal term, and the number of complaints still open."
why:
  nl: "Klagen moet makkelijker worden. Wie een klacht indient, moet weten waar hij aan toe is."
  en: Complaining is to become easier. Whoever complains must know where they stand.
caveats:
  nl: "De wettelijke termijn is zes weken, en tien weken als een klachtencommissie adviseert (Awb 9:11). De politie kan de afdoening vier weken verdagen, en verder met instemming van de klager. De bron zegt niet of dat is gebeurd; hier geldt daarom de termijn zonder verdaging, en het deel binnen de termijn is een ondergrens. Lopende klachten tellen niet mee in de mediaan; recente cijfers zijn daardoor te gunstig."
  en: "The legal term is six weeks, and ten where a committee advises (General Administrative Law Act, 9:11). The police may adjourn by four weeks, and further with the complainant's consent. The source does not say whether that was done; so the term without adjournment is taken here, and the part within the term is a lower bound. Open complaints do not count in the median, which makes recent figures look better than they are."
sentence:
  nl: "{period} kwamen klachten binnen waarvan de helft binnen {value} {dag|dagen} is afgedaan ({numerator} van de {denominator} afgedane klachten binnen de wettelijke termijn)."
  en: "{period}, complaints came in of which half were closed within {value} {day|days} ({numerator} of the {denominator} closed within the legal term)."
focus: connection
owner: Klachtencoördinator
source: [AWB 9:11, DH-2015 §3.3]
kind: duration
polarity: down
numerator: { nl: klachten die binnen de wettelijke termijn zijn afgedaan, en: complaints closed within the legal term }
denominator: { nl: afgedane klachten, en: complaints closed }
excluded: { nl: klachten die nog lopen; hun aantal staat erbij, en: complaints still open; their number is shown beside it }
grains: [quarter, half, year, r12, target]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  received_on as month,
  closed_on - received_on as days,
  sum(count) as numerator,
  closed_on - received_on <= case when route = 'committee' then 70 else 42 end as within
from complaints
group by unit_id, received_on, closed_on, route

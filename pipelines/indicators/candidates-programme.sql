/*---
title: { nl: Voorgedragen voor het kandidatenprogramma, en: Put forward for the candidates' programme }
question:
  nl: Hoeveel interculturele kandidaten zijn voorgedragen voor het kandidatenprogramma?
  en: How many intercultural candidates were put forward for the candidates' programme?
description:
  nl: Voordrachten voor het kandidatenprogramma van medewerkers met een dubbele culturele achtergrond.
  en: Nominations for the candidates' programme of staff with a dual cultural background.
why:
  nl: Wie leiding gaat geven, komt vaak uit het kandidatenprogramma. Den Haag wil elk jaar ten minste drie interculturele kandidaten voordragen.
  en: Future leaders often come from the candidates' programme. Den Haag wants to put forward at least three intercultural candidates a year.
caveats:
  nl: Wie de vraag naar achtergrond niet beantwoordde, telt niet mee. Zulke kleine aantallen worden niet getoond, alleen of het resultaat is gehaald.
  en: Those who did not answer the question about background do not count. Such small numbers are not shown, only whether the result was reached.
sentence:
  nl: "{period} {is|zijn} {value} {interculturele kandidaat|interculturele kandidaten} voorgedragen voor het kandidatenprogramma."
  en: "{period}, {value} intercultural {candidate was|candidates were} put forward for the candidates' programme."
focus: composition
owner: Loopbaan en selectie HRM
source: [DH-2015 actie 4.2]
kind: count
polarity: up
numerator: { nl: voordrachten van medewerkers met een dubbele culturele achtergrond, en: nominations of staff with a dual cultural background }
excluded: { nl: niet bekend of niet opgegeven, en: not known or not stated }
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  date as month,
  sum(count) filter (background = 'dual') as numerator,
  sum(count) filter (coalesce(background, 'unknown') = 'unknown') as unknown,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'nomination'
group by unit_id, date

/*---
title: { nl: Ziekteverzuim, en: Sick leave }
question:
  nl: Welk deel van de werkdagen gaat verloren door ziekte?
  en: What part of the working days is lost to illness?
description:
  nl: Ziektedagen als deel van de beschikbare dagen in de periode.
  en: Sick days as a part of the days available in the period.
why:
  nl: Verzuim zegt iets over hoe collega's zich voelen op het werk; het hoort bij de cijfers over interne veiligheid.
  en: Sick leave says something of how colleagues feel at work; it belongs to the figures on internal safety.
caveats:
  nl: "Ziekte heeft veel oorzaken; de meeste hebben met het werk niets te maken. In de winter is het verzuim hoger: vergelijk met hetzelfde halfjaar."
  en: "Illness has many causes, most of them unrelated to work. Sick leave is higher in winter: compare with the same half-year."
sentence:
  nl: "{period} was het ziekteverzuim {value}."
  en: "{period}, sick leave was {value}."
focus: inclusion
owner: Adviseur gezondheid en inzetbaarheid
source: [DH-2015 §3.3, KVV]
kind: share
polarity: down
numerator: { nl: ziektedagen, en: sick days }
denominator: { nl: beschikbare dagen, en: days available }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  period as month,
  sum(sick_days) as numerator,
  sum(available_days) as denominator,
  coalesce(bool_or(len(withheld) > 0), false) as withheld
from absence
group by unit_id, period

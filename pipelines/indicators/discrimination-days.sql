/*---
title: { nl: Doorlooptijd van discriminatiezaken, en: Time that discrimination cases take }
question:
  nl: "Hoe lang duurt een discriminatiezaak bij de politie?"
  en: "How long does a discrimination case take with the police?"
description:
  nl: "Middelste aantal dagen (mediaan) van de opening van een zaak tot zij naar het Openbaar Ministerie gaat of wordt gesloten, naar de dag van opening. Daarnaast het aantal zaken dat nog loopt."
  en: "Median number of days from the opening of a case until it goes to the prosecutor or is closed, by the day of opening. Beside it the number of cases still open."
why:
  nl: "Den Haag vroeg om doelen voor het proces van discriminatiezaken die meetbaar zijn, zoals de doorlooptijd."
  en: "Den Haag asked for measurable goals for the process of discrimination cases, such as the time they take."
caveats:
  nl: "De papieren geven geen norm. Sneller is niet altijd zorgvuldiger. Lopende zaken tellen niet mee in de mediaan; recente cijfers zijn daardoor te gunstig. Een zaak met meer incidenten telt een keer, bij de eenheid waar het eerste is geregistreerd."
  en: "The papers give no norm. Faster is not always more careful. Open cases do not count in the median, which makes recent figures look better than they are. A case with several incidents counts once, for the unit where the first was registered."
sentence:
  nl: "{period} begonnen discriminatiezaken waarvan de helft binnen {value} {dag|dagen} naar het Openbaar Ministerie ging of werd gesloten."
  en: "{period}, discrimination cases began of which half went to the prosecutor or were closed within {value} {day|days}."
focus: discrimination
owner: Coördinator discriminatie
source: [DH-2016 Bijlage C]
kind: duration
polarity: down
numerator: { nl: zaken die naar het Openbaar Ministerie gingen of zijn gesloten, en: cases that went to the prosecutor or were closed }
denominator: { nl: zaken die naar het Openbaar Ministerie gingen of zijn gesloten, en: cases that went to the prosecutor or were closed }
excluded: { nl: zaken die nog lopen; hun aantal staat erbij, en: cases still open; their number is shown beside it }
grains: [quarter, half, year, r12, target]
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
-- A case is of its first incident: where that was registered, with that one's dates. Of folded incidents the first has the
-- grounds of all.
with cases as (
  select first(unit_id order by registered_on, incident_id) as unit_id, first(case_opened_on order by registered_on, incident_id) as case_opened_on,
    first(to_prosecutor_on order by registered_on, incident_id) as to_prosecutor_on,
    first(closed_on order by registered_on, incident_id) as closed_on, 1 as cases
  from incidents
  where incident_id is not null and (case_id is not null or case_opened_on is not null)
  group by coalesce(case_id, hash(incident_id))
  union all
  select unit_id, case_opened_on, to_prosecutor_on, closed_on, count
  from incidents
  where incident_id is null and (folded is null or case_grounds is not null)
)
select
  unit_id,
  case_opened_on as month,
  least(to_prosecutor_on, closed_on) - case_opened_on as days,
  sum(cases) as numerator
from cases
where case_opened_on is not null
group by unit_id, case_opened_on, days

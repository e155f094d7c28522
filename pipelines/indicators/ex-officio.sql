/*---
title: { nl: Zaken ambtshalve begonnen, en: Cases begun ex officio }
question:
  nl: "Welk deel van de discriminatiezaken begint de politie zonder aangifte of melding?"
  en: "What part of the discrimination cases do the police begin without a report?"
description:
  nl: "Aandeel discriminatiezaken die de politie ambtshalve begon, in alle discriminatiezaken, naar de dag van opening."
  en: "Share of discrimination cases that the police began without a report in all discrimination cases, by the day of opening."
why:
  nl: Niet iedereen die discriminatie meemaakt doet aangifte. De politie kan zelf een zaak beginnen.
  en: Not everyone who experiences discrimination reports it. The police can begin a case themselves.
caveats:
  nl: "Een zaak met meer incidenten telt een keer, bij de eenheid waar het eerste is geregistreerd."
  en: "A case with several incidents counts once, for the unit where the first was registered."
sentence:
  nl: "{period} is {value} van de discriminatiezaken ambtshalve begonnen ({numerator} van {denominator})."
  en: "{period}, {value} of the discrimination cases were begun ex officio ({numerator} of {denominator})."
focus: discrimination
owner: Coördinator discriminatie
source: [NP-VISIE (in DH-2015 §2), KVV]
kind: share
polarity: neutral
polarity_note:
  nl: "Een hoger of lager aandeel is niet vanzelf beter: het hangt af van hoeveel mensen aangifte doen."
  en: "A higher or lower share is not better in itself: it depends on how many people report."
numerator: { nl: zaken die zonder aangifte of melding zijn begonnen, en: cases begun without a report }
denominator: { nl: geopende discriminatiezaken, en: discrimination cases opened }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
-- A case is of its first incident: where that was registered, with that one's dates. Of folded incidents the first has the
-- grounds of all.
with cases as (
  select first(unit_id order by registered_on, incident_id) as unit_id, first(case_opened_on order by registered_on, incident_id) as case_opened_on,
    first(kind order by registered_on, incident_id) as kind, 1 as cases
  from incidents
  where incident_id is not null and (case_id is not null or case_opened_on is not null)
  group by coalesce(case_id, hash(incident_id))
  union all
  select unit_id, case_opened_on, kind, count
  from incidents
  where incident_id is null and (folded is null or case_grounds is not null)
)
select
  unit_id,
  case_opened_on as month,
  sum(cases) filter (kind = 'ex_officio') as numerator,
  sum(cases) as denominator
from cases
where case_opened_on is not null
group by unit_id, case_opened_on

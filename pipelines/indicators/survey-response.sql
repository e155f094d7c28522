/*---
title: { nl: Respons op de medewerkersmonitor, en: Response to the employee monitor }
question:
  nl: Hoeveel collega's vullen de medewerkersmonitor in?
  en: How many colleagues answer the employee monitor?
description:
  nl: Aandeel van de uitgenodigde medewerkers dat de vragenlijst invulde. Van alle vragen in een meting telt die met de meeste antwoorden.
  en: Share of the invited staff who answered the questionnaire. Of all questions in a wave the one with most answers counts.
why:
  nl: Een uitkomst zegt alleen iets over wie antwoordde. Bij een lage respons kan het beeld in werkelijkheid anders zijn.
  en: A result speaks only of those who answered. With a low response things may really be different.
caveats:
  nl: Metingen die alleen een aandeel leveren, zonder aantallen, tellen niet mee.
  en: Waves that supply only a share, without numbers, do not count.
sentence:
  nl: "{period} vulde {value} van de uitgenodigde medewerkers de enquête in ({numerator} van {denominator})."
  en: "{period}, {value} of the staff invited answered the survey ({numerator} of {denominator})."
focus: inclusion
owner: Onderzoeker medewerkersmonitor
source: ["DH-2015 §3.3", KVV]
kind: score
polarity: up
numerator: { nl: medewerkers die antwoordden, en: staff who answered }
denominator: { nl: uitgenodigde medewerkers, en: staff invited }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
-- Everyone was asked: a question for the executive staff alone counts only where there is no other.
with waves as (
  select
    unit_id,
    wave,
    population,
    max(respondents) as respondents,
    max(invited) as invited,
    bool_or(list_contains(withheld, 'respondents') or list_contains(withheld, 'invited')) as withheld
  from survey
  group by all
)
select
  unit_id,
  wave as month,
  case when invited is not null then respondents end as numerator,
  case when respondents is not null then invited end as denominator,
  coalesce(withheld, false) as withheld
from waves
qualify row_number() over (partition by unit_id, wave order by population = 'executive') = 1

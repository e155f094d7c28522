/*---
title: { nl: Kan zichzelf zijn op het werk, en: Can be themselves at work }
question:
  nl: Kunnen collega's op het werk zichzelf zijn en horen zij erbij?
  en: Can colleagues be themselves at work, and do they belong?
description:
  nl: Aandeel medewerkers dat in de medewerkersmonitor zegt zichzelf te kunnen zijn en erbij te horen.
  en: Share of staff who say in the employee monitor that they can be themselves and belong.
why:
  nl: "Verschil is pas een kracht als iedereen meetelt: gelijkwaardigheid en verbinding zijn thema's van het programma."
  en: "Difference is a strength only if everyone counts: equality and connection are themes of the programme."
caveats:
  nl: Alleen wie de vragenlijst invulde telt mee. Lage aantallen laten geen conclusies toe.
  en: Only those who answered count. Low numbers allow no conclusions.
sentence:
  nl: "{period} gaf {value} van de medewerkers in de enquête aan op het werk zichzelf te kunnen zijn ({numerator} van {denominator})."
  en: "{period}, {value} of the staff in the survey said that they could be themselves at work ({numerator} of {denominator})."
focus: inclusion
owner: Onderzoeker medewerkersmonitor
source: ["DH-2015 §3.3"]
kind: score
polarity: up
numerator: { nl: medewerkers die zichzelf kunnen zijn, en: staff who can be themselves }
denominator: { nl: medewerkers die antwoordden, en: staff who answered }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  wave as month,
  positive as numerator,
  case when positive is not null then respondents end as denominator,
  case when positive is null then share end as share,
  case when positive is null then share_step end as share_step,
  positive is null and share is not null as whole,
  coalesce(len(withheld) > 0, false) as withheld
from survey
where question = 'inclusion' and population = 'all'

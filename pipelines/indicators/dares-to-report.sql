/*---
title: { nl: Durft iets te melden, en: Dares to report }
question:
  nl: Durven collega's het te melden als er iets niet goed is?
  en: Do colleagues dare to report what is not right?
description:
  nl: Aandeel medewerkers dat in de medewerkersmonitor zegt ongewenst gedrag te durven melden.
  en: Share of staff who say in the employee monitor that they dare to report unwanted behaviour.
why:
  nl: "In Hollands Midden was er angst om te melden. De papieren raden aan te vragen wie durft te melden: zonder dit cijfer is niet te zeggen wat minder meldingen betekent."
  en: "In Hollands Midden there was fear of reporting. The papers advise to ask who dares to report: without this figure nobody can say what fewer reports mean."
caveats:
  nl: Alleen wie de vragenlijst invulde telt mee. Lage aantallen laten geen conclusies toe.
  en: Only those who answered count. Low numbers allow no conclusions.
sentence:
  nl: "{period} gaf {value} van de medewerkers in de enquête aan ongewenst gedrag te durven melden ({numerator} van {denominator})."
  en: "{period}, {value} of the staff in the survey said that they dared to report unwanted behaviour ({numerator} of {denominator})."
focus: inclusion
owner: Onderzoeker medewerkersmonitor
source: ["DH-2015 §3.3"]
kind: score
polarity: up
numerator: { nl: medewerkers die durven te melden, en: staff who dare to report }
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
where question = 'dares_to_report' and population = 'all'

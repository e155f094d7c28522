/*---
title: { nl: Voelt zich veilig op het werk, en: Feels safe at work }
question:
  nl: Voelen collega's zich veilig binnen de eigen organisatie?
  en: Do colleagues feel safe within the organisation?
description:
  nl: Aandeel medewerkers dat in de medewerkersmonitor zegt zich veilig te voelen bij de eigen collega's en leidinggevenden.
  en: Share of staff who say in the employee monitor that they feel safe with their own colleagues and leaders.
why:
  nl: In de papieren daalde het gevoel van veiligheid terwijl ook het bezoek aan vertrouwenspersonen daalde. Minder meldingen is dus niet vanzelf beter; dit cijfer hoort ernaast.
  en: In the papers feelings of safety fell while visits to confidential advisers fell too. Fewer reports are not better in themselves; this figure belongs beside them.
caveats:
  nl: Alleen wie de vragenlijst invulde telt mee. Lage aantallen laten geen conclusies toe.
  en: Only those who answered count. Low numbers allow no conclusions.
sentence:
  nl: "{period} gaf {value} van de medewerkers in de enquête aan zich veilig te voelen op het werk ({numerator} van {denominator})."
  en: "{period}, {value} of the staff in the survey said that they felt safe at work ({numerator} of {denominator})."
focus: inclusion
owner: Onderzoeker medewerkersmonitor
source: ["DH-2015 §3.3"]
kind: score
polarity: up
numerator: { nl: medewerkers die zich veilig voelen, en: staff who feel safe }
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
where question = 'feels_safe' and population = 'all'

/*---
title: { nl: Discriminatie ervaren op het werk, en: Discrimination experienced at work }
question:
  nl: Welk deel van de executieve collega's ervaart discriminatie door leidinggevenden of collega's?
  en: What part of the executive colleagues experiences discrimination by leaders or colleagues?
description:
  nl: Aandeel executieve medewerkers dat in de medewerkersmonitor zegt discriminatie door leidinggevenden of collega's te hebben ervaren.
  en: Share of executive staff who say in the employee monitor that they experienced discrimination by leaders or colleagues.
why:
  nl: Een inclusieve werkcultuur begint met veiligheid binnen de eigen organisatie.
  en: An inclusive culture begins with safety within the organisation.
caveats:
  nl: Alleen wie de vragenlijst invulde telt mee. Minder meldingen is niet vanzelf beter.
  en: Only those who answered count. Fewer reports are not better in themselves.
sentence:
  nl: "{period} gaf {value} van de executieve medewerkers in de enquête aan dat zij discriminatie door leidinggevenden of collega's hadden ervaren ({numerator} van {denominator})."
  en: "{period}, {value} of the executive staff in the survey said that they had experienced discrimination by leaders or colleagues ({numerator} of {denominator})."
focus: inclusion
owner: Onderzoeker medewerkersmonitor
source: [DH-2015 §3.3]
kind: score
polarity: down
numerator: { nl: executieve medewerkers die discriminatie ervoeren, en: executive staff who experienced discrimination }
denominator: { nl: executieve medewerkers die antwoordden, en: executive staff who answered }
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
where question = 'discrimination_experienced' and population = 'executive'

/*---
title: { nl: Kent de vertrouwenspersoon, en: Knows the confidential adviser }
question:
  nl: Weten collega's bij welke vertrouwenspersoon zij terechtkunnen?
  en: Do colleagues know which confidential adviser they can turn to?
description:
  nl: Aandeel medewerkers dat in de medewerkersmonitor zegt te weten wie de vertrouwenspersoon is.
  en: Share of staff who say in the employee monitor that they know who the confidential adviser is.
why:
  nl: In Haaglanden was de vertrouwenspersoon nauwelijks bekend. Wie niet weet waar hij terechtkan, meldt niets.
  en: In Haaglanden the adviser was hardly known. Those who do not know whom to turn to report nothing.
caveats:
  nl: Alleen wie de vragenlijst invulde telt mee. Lage aantallen laten geen conclusies toe.
  en: Only those who answered count. Low numbers allow no conclusions.
sentence:
  nl: "{period} gaf {value} van de medewerkers in de enquête aan de vertrouwenspersoon te kennen ({numerator} van {denominator})."
  en: "{period}, {value} of the staff in the survey said that they knew the confidential adviser ({numerator} of {denominator})."
focus: inclusion
owner: Onderzoeker medewerkersmonitor
source: ["DH-2015 §3.3"]
kind: score
polarity: up
numerator: { nl: medewerkers die de vertrouwenspersoon kennen, en: staff who know the confidential adviser }
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
where question = 'knows_adviser' and population = 'all'

/*---
title: { nl: Acties die klaar zijn op hun einddatum, en: Actions done when due }
question:
  nl: "Zijn de acties klaar die klaar moesten zijn?"
  en: "Are the actions done that should be?"
description:
  nl: "Aandeel afgeronde acties, projecten en besluiten in die waarvan de einddatum in de periode ligt."
  en: "Share of actions, projects and decisions that are done in those due in the period."
why:
  nl: Een plan van aanpak werkt alleen als de acties worden gedaan. De leiding bespreekt de voortgang twee keer per jaar.
  en: A plan of approach works only if its actions are done. The leadership discusses progress twice a year.
caveats:
  nl: "De bron zegt niet op welke dag een actie klaar was: een actie die na haar einddatum klaar kwam, telt vanaf dan mee als afgerond."
  en: "The source does not say on which day an action was done: one that was done after it was due counts as done from then on."
sentence:
  nl: "{period} is {value} van de acties met een einddatum in die periode afgerond ({numerator} van {denominator})."
  en: "{period}, {value} of the actions due in that period were done ({numerator} of {denominator})."
focus: inclusion
owner: Programmabureau De Kracht van het Verschil
source: [NP-VISIE 7d (in ONL-2015), KVV]
kind: share
interval: none
polarity: up
numerator: { nl: afgeronde acties, en: actions done }
denominator: { nl: acties met een einddatum in de periode, en: actions due in the period }
excluded: { nl: "acties zonder einddatum, voorstellen en gestopte acties", en: "actions without a due date, proposals and stopped ones" }
levels: [force, unit, district]
grains: [quarter, half, year, target]
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  due_on as month,
  count(*) filter (status = 'done') as numerator,
  count(*) as denominator
from actions
where due_on is not null and status in ('decided', 'running', 'done', 'postponed')
group by unit_id, due_on

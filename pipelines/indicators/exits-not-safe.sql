/*---
title: { nl: Vertrek omdat iemand zich niet veilig of niet geaccepteerd voelde, en: Leaving because of not feeling safe or accepted }
question:
  nl: Hoeveel collega's gaan weg omdat zij zich niet veilig of niet geaccepteerd voelden?
  en: How many colleagues leave because they did not feel safe or accepted?
description:
  nl: Aandeel van de gevoerde exitgesprekken waarin de medewerker als reden gaf zich niet veilig of niet geaccepteerd te voelen.
  en: Share of the exit interviews held in which the colleague gave not feeling safe or not feeling accepted as the reason.
why:
  nl: "Deze redenen tellen voor het programma het zwaarst: ze gaan over de veiligheid binnen de eigen organisatie."
  en: "These reasons matter most to the programme: they are about safety within the organisation."
caveats:
  nl: Alleen wie een exitgesprek had telt mee. Een reden kan ook anders worden opgegeven dan zij was. Kleine aantallen zeggen weinig.
  en: Only those who had an exit interview count. A reason may be stated otherwise than it was. Small numbers say little.
sentence:
  nl: "{period} gaf {value} van de medewerkers met een exitgesprek als reden zich niet veilig of niet geaccepteerd te voelen ({numerator} van {denominator})."
  en: "{period}, {value} of the staff with an exit interview gave not feeling safe or accepted as the reason ({numerator} of {denominator})."
focus: inclusion
owner: Hoofd bedrijfsvoering
source: ["DH-2015 §3.3", RTM-2015]
kind: share
polarity: down
numerator: { nl: exitgesprekken met als reden niet veilig of niet geaccepteerd, en: exit interviews with the reason not safe or not accepted }
denominator: { nl: exitgesprekken waarvan de reden bekend is, en: exit interviews of which the reason is known }
excluded: { nl: exitgesprekken zonder bekende reden, en: exit interviews without a known reason }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  date as month,
  sum(count) filter (exit_reason in ('safety', 'not_accepted')) as numerator,
  sum(count) filter (exit_reason <> 'unknown') as denominator,
  sum(count) filter (coalesce(exit_reason, 'unknown') = 'unknown') as unknown,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'exit' and exit_interview = 'held'
group by unit_id, date

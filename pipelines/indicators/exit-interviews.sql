/*---
title: { nl: Exitgesprekken gevoerd, en: Exit interviews held }
question:
  nl: Met hoeveel collega's die weggaan is een exitgesprek gevoerd?
  en: With how many of the colleagues who leave was an exit interview held?
description:
  nl: Aandeel van de medewerkers die de politie verlaten met wie een exitgesprek is gevoerd.
  en: Share of the staff who leave the police with whom an exit interview was held.
why:
  nl: Exitgesprekken zijn jarenlang niet gevoerd, omdat er niets met de analyse gebeurde. Zonder gesprek blijft onbekend waarom iemand gaat.
  en: For years exit interviews were not held, because nothing was done with the analysis. Without one nobody knows why someone leaves.
caveats:
  nl: Een medewerker mag het gesprek weigeren. Wie weigert telt mee in de noemer.
  en: A colleague may decline the interview. Those who decline count in the denominator.
sentence:
  nl: "{period} is met {value} van de medewerkers die weggingen een exitgesprek gevoerd ({numerator} van {denominator})."
  en: "{period}, an exit interview was held with {value} of the staff who left ({numerator} of {denominator})."
focus: inclusion
owner: Hoofd bedrijfsvoering
source: ["DH-2015 §3.3", RTM-2015, KVV]
kind: share
polarity: up
numerator: { nl: medewerkers die weggaan met wie een exitgesprek is gevoerd, en: staff who leave with whom an exit interview was held }
denominator: { nl: medewerkers die weggaan van wie dit is vastgelegd, en: staff who leave for whom this was recorded }
excluded: { nl: wie weggaat zonder dat is vastgelegd of er een gesprek was, en: those who leave without a record of whether there was an interview }
breakdowns:
  - name: category
    title: { nl: Categorie, en: Category }
    values:
      executive: { nl: executief, en: executive }
      support: { nl: "technisch, administratief en anders (ATH)", en: "technical, administrative and other" }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  date as month,
  sum(count) filter (exit_interview = 'held') as numerator,
  sum(count) filter (exit_interview is not null) as denominator,
  sum(count) filter (exit_interview is null) as unknown,
  category,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'exit'
group by unit_id, date, category

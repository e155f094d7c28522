/*---
title: { nl: Geweld dat als professioneel is beoordeeld, en: Use of force judged professional }
question:
  nl: "Welk deel van het beoordeelde geweld was professioneel?"
  en: "What part of the force that was judged was professional?"
description:
  nl: "Aandeel geweldsaanwendingen met het oordeel professioneel in de geweldsaanwendingen waarover een oordeel is gegeven, naar de dag van het voorval."
  en: "Share of use-of-force reports judged professional in those that were judged, by the day of the event."
why:
  nl: "Wie geweld gebruikt, legt daar rekenschap van af. Het oordeel laat zien of het geweld aan de regels van het vak voldeed."
  en: Whoever uses force answers for it. The judgement shows whether the force met the rules of the profession.
caveats:
  nl: "Alleen een klein en niet willekeurig deel wordt beoordeeld, vooral het zwaardere geweld, en pas sinds de registratie van 2019. Recente cijfers veranderen nog als lopende beoordelingen zijn afgerond."
  en: "Only a small part is judged, and no random one: the more serious force above all, and only since the registration of 2019. Recent figures still change as pending judgements are given."
sentence:
  nl: "{period} was {value} van de beoordeelde geweldsaanwendingen professioneel ({numerator} van {denominator})."
  en: "{period}, {value} of the use-of-force reports judged were professional ({numerator} of {denominator})."
focus: connection
owner: Coördinator geweldsaanwending
source: [DH-2015 §3.3, KVV]
kind: share
polarity: up
numerator: { nl: geweldsaanwendingen met het oordeel professioneel, en: use-of-force reports judged professional }
denominator: { nl: geweldsaanwendingen met een oordeel, en: use-of-force reports that were judged }
excluded: { nl: niet beoordeeld en nog in behandeling, en: "not judged, and pending" }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  occurred_on as month,
  sum(count) filter (assessment = 'professional') as numerator,
  sum(count) as denominator
from use_of_force
where assessment in ('professional', 'not_professional')
group by unit_id, occurred_on

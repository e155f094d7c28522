/*---
title: { nl: Teamplannen met beide hoofdstukken, en: Team plans with both chapters }
question:
  nl: Staan samenstelling en cultuur in de teamplannen?
  en: Do team plans deal with composition and culture?
description:
  nl: Aandeel basisteams met een geldig teamplan waarin zowel hoofdstuk 3 (samenstelling) als hoofdstuk 5 (cultuur) staat, aan het einde van de periode.
  en: Share of the basic teams with a team plan in force that has both chapter 3 (composition) and chapter 5 (culture), at the end of the period.
why:
  nl: In het teamplan maakt de teamchef van het programma iets van het eigen team.
  en: In the team plan the chief makes the programme something of the team itself.
caveats:
  nl: Een hoofdstuk zegt nog niet wat het team doet. Een plan geldt tot zijn einddatum.
  en: A chapter does not say what the team does. A plan holds until its end date.
sentence:
  nl: "{period} had {value} van de basisteams een teamplan met beide hoofdstukken ({numerator} van {denominator})."
  en: "{period}, {value} of the basic teams had a team plan with both chapters ({numerator} of {denominator})."
focus: composition
owner: Programmabureau De Kracht van het Verschil
source: [DH-2015 actie 2.6, KVV]
kind: coverage
of: [team]
polarity: up
numerator: { nl: basisteams met beide hoofdstukken, en: basic teams with both chapters }
denominator: { nl: basisteams, en: basic teams }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
with chapters as (
  select unit_id, output, date, coalesce(until, date '9999-12-31') as until
  from outputs
  where output in ('team_plan_composition', 'team_plan_culture') and quantity > 0
)
-- A team has both from when the second holds until the first of them ends.
select
  composition.unit_id,
  greatest(composition.date, culture.date) as month,
  nullif(least(composition.until, culture.until), date '9999-12-31') as until,
  1 as numerator
from chapters as composition
join chapters as culture
  on culture.unit_id = composition.unit_id and culture.date <= composition.until and composition.date <= culture.until
where composition.output = 'team_plan_composition' and culture.output = 'team_plan_culture'

/*---
title: { nl: Uitstroom van medewerkers met en zonder dubbele culturele achtergrond, en: Exits of staff with and without a dual cultural background }
question:
  nl: Gaan collega's met een dubbele culturele achtergrond vaker weg dan anderen?
  en: Do colleagues with a dual cultural background leave more often than others?
description:
  nl: De uitstroom per medewerker met een dubbele culturele achtergrond, gedeeld door die per medewerker zonder. Bij 1 gaan zij even vaak weg, bij 2 twee keer zo vaak.
  en: Exits per member of staff with a dual cultural background, divided by those per member without. At 1 they leave as often, at 2 twice as often.
why:
  nl: Instroom is pas winst als mensen blijven. Instroom, doorstroom en uitstroom horen bij elkaar.
  en: Intake is a gain only if people stay. Intake, promotion and exits belong together.
caveats:
  nl: Er is geen register van de achtergrond van medewerkers. Het cijfer bestaat alleen waar de bezetting en de uitstroom de achtergrond bevatten, en gaat alleen over wie die bekend is. Leeftijd en duur van het dienstverband tellen niet mee.
  en: There is no register of the background of staff. The figure exists only where staffing and exits have the background, and is only about those of whom it is known. Age and length of service play no part.
sentence:
  nl: "{period} vertrokken medewerkers met een dubbele culturele achtergrond {value} keer zo vaak als medewerkers zonder."
  en: "{period}, staff with a dual cultural background left {value} times as often as staff without."
focus: composition
owner: Informatiemanager HRM
source: [DH-2016 project 13, KVV]
kind: ratio
exposure: mean
polarity: balance
polarity_note:
  nl: Bij 1 gaan beide groepen even vaak weg.
  en: At 1 both groups leave as often.
numerator: { nl: medewerkers met een dubbele culturele achtergrond die weggaan, en: staff with a dual cultural background who leave }
denominator: { nl: medewerkers met een dubbele culturele achtergrond (gemiddelde van de maandstanden), en: staff with a dual cultural background (mean of the months' ends) }
excluded: { nl: niet bekend of niet opgegeven, en: not known or not stated }
decimals: 2
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
with known as (
  select unit_id, period, sum(headcount) filter (background = 'dual') as dual, sum(headcount) filter (background = 'single') as single,
    coalesce(bool_or(list_contains(withheld, 'headcount')), false) as withheld
  from staffing
  where background is not null
  group by unit_id, period
)
select unit_id, period as month, 0 as numerator, dual as denominator, 0 as numerator2, single as denominator2, 0 as unknown, withheld
from known
union all
-- Exits count where the background of those who stay is known too.
select
  unit_id,
  last_day(date),
  sum(count) filter (background = 'dual'),
  0,
  sum(count) filter (background = 'single'),
  0,
  sum(count) filter (coalesce(background, 'unknown') = 'unknown'),
  coalesce(bool_or(list_contains(withheld, 'count')), false)
from movements
where kind = 'exit' and (unit_id, last_day(date)) in (select (unit_id, period) from known)
group by unit_id, last_day(date)

/*---
title: { nl: Discriminatie-incidenten per 100.000 inwoners, en: "Discrimination incidents per 100,000 inhabitants" }
question:
  nl: "Hoeveel incidenten van discriminatie zijn geregistreerd, gemeten aan de bevolking?"
  en: "How many incidents of discrimination were registered, by population?"
description:
  nl: "Geregistreerde incidenten van discriminatie per 100.000 inwoners van het gebied, in de getoonde periode."
  en: "Registered incidents of discrimination per 100,000 inhabitants of the area, in the period shown."
why:
  nl: Cijfers van eenheden moeten vergelijkbaar zijn. Den Haag registreerde jarenlang zeer weinig naast Amsterdam en Rotterdam.
  en: Figures of units must be comparable. Den Haag registered extremely few for years beside Amsterdam and Rotterdam.
caveats:
  nl: "Het is moeilijk te zeggen of meer registraties meer discriminatie betekenen of betere registratie. Lang niet iedereen meldt wat hij meemaakt. Een incident telt waar het is geregistreerd, ook als wie het meemaakte elders woont."
  en: "It is hard to say whether more registrations mean more discrimination or better registration. Far from everyone reports what they experience. An incident counts where it was registered, also where whoever experienced it lives elsewhere."
sentence:
  nl: "{period} zijn {value} discriminatie-incidenten per 100.000 inwoners geregistreerd ({numerator} {incident|incidenten})."
  en: "{period}, {value} discrimination incidents per 100,000 inhabitants were registered ({numerator} {incident|incidents})."
focus: discrimination
owner: Coördinator discriminatie
source: [NP-VISIE (in DH-2015 §2), DH-2015 §3.3]
kind: rate
per: 100000
exposure: mean
polarity: neutral
polarity_note:
  nl: Meer registraties kan ook betere registratie zijn.
  en: More registrations may also be better registration.
numerator: { nl: geregistreerde incidenten van discriminatie, en: registered incidents of discrimination }
denominator: { nl: inwoners van het gebied, en: inhabitants of the area }
breakdowns:
  - name: ground
    title: { nl: Grond, en: Ground }
    values:
      origin: { nl: herkomst, en: origin }
      religion: { nl: godsdienst, en: religion }
      antisemitism: { nl: antisemitisme, en: antisemitism }
      islamophobia: { nl: moslimdiscriminatie, en: islamophobia }
      sexual_orientation: { nl: seksuele gerichtheid, en: sexual orientation }
      sex: { nl: geslacht, en: sex }
      disability: { nl: handicap, en: disability }
      age: { nl: leeftijd, en: age }
      other: { nl: overig, en: other }
levels: [force, unit]
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, registered_on as month, sum(count) as numerator, 0 as denominator, grounds as ground, false as withheld
from incidents
group by unit_id, registered_on, grounds
union all
-- Inhabitants are known by year: each of its months has them.
select unit_id, make_date(year(year), month_of_year::integer, 1), 0, sum(persons), null, coalesce(bool_or(list_contains(withheld, 'persons')), false)
from population, range(1, 13) as months(month_of_year)
group by unit_id, year, month_of_year

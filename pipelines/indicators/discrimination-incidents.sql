/*---
title: { nl: Geregistreerde discriminatie-incidenten, en: Registered discrimination incidents }
question:
  nl: Hoeveel incidenten van discriminatie zijn geregistreerd?
  en: How many incidents of discrimination were registered?
description:
  nl: Incidenten van discriminatie naar de dag van registratie. Een incident kan meer gronden hebben en telt in het totaal een keer.
  en: Incidents of discrimination by the day of registration. One may have several grounds and counts once in the total.
why:
  nl: Cijfers van eenheden moeten vergelijkbaar zijn en met een druk op de knop beschikbaar.
  en: Figures of units must be comparable and available at the press of a button.
caveats:
  nl: Het is moeilijk te zeggen of meer registraties meer discriminatie betekenen of betere registratie. Lang niet iedereen meldt wat hij meemaakt.
  en: It is hard to say whether more registrations mean more discrimination or better registration. Far from everyone reports what they experience.
sentence:
  nl: "{period} {is|zijn} {value} {discriminatie-incident|discriminatie-incidenten} geregistreerd."
  en: "{period}, {value} {discrimination incident was|discrimination incidents were} registered."
focus: discrimination
owner: Coördinator discriminatie
source: [NP-VISIE (in DH-2015 §2), DH-2015 Bijlage I]
kind: count
polarity: neutral
polarity_note:
  nl: Meer registraties kan ook betere registratie zijn.
  en: More registrations may also be better registration.
numerator: { nl: geregistreerde incidenten van discriminatie, en: registered incidents of discrimination }
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
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, registered_on as month, sum(count) as numerator, grounds as ground
from incidents
group by unit_id, registered_on, grounds

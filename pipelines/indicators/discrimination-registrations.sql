/*---
title: { nl: Registraties van discriminatie tegenover 2014, en: Registrations of discrimination against 2014 }
question:
  nl: "Zijn er meer discriminatie-incidenten geregistreerd dan in 2014?"
  en: "Were more discrimination incidents registered than in 2014?"
description:
  nl: Verandering van het aantal geregistreerde discriminatie-incidenten tegenover dezelfde periode van 2014.
  en: Change in the number of registered discrimination incidents against the same period of 2014.
why:
  nl: "Den Haag wilde dat er een kwart meer discriminatie-incidenten geregistreerd werd, omdat er zeer weinig geregistreerd werd."
  en: "Den Haag wanted a quarter more discrimination incidents to be registered, because extremely few were."
caveats:
  nl: Het papier noemt geen jaar om mee te vergelijken; 2014 is de keuze van de monitor. Meer registraties kan meer discriminatie betekenen of betere registratie. Massale meldingen over een uitspraak of gebeurtenis tellen mee.
  en: The paper names no year to compare with; 2014 is the monitor's choice. More registrations may mean more discrimination or better registration. Mass reports of one statement or event are included.
sentence:
  nl: "{period} veranderde het aantal geregistreerde discriminatie-incidenten met {value} tegenover dezelfde periode van 2014 ({numerator} tegen {denominator})."
  en: "{period}, the number of registered discrimination incidents changed by {value} against the same period of 2014 ({numerator} against {denominator})."
focus: discrimination
owner: Coördinator discriminatie
source: [DH-2015 Bijlage I, KVV]
kind: change
of: discrimination-incidents
baseline: { from: 2014-01-01, to: 2014-12-31 }
polarity: up
numerator: { nl: incidenten geregistreerd in de periode, en: incidents registered in the period }
denominator: { nl: incidenten geregistreerd in dezelfde periode van 2014, en: incidents registered in the same period of 2014 }
levels: [force, unit, district]
grains: [half, year, r12]
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, registered_on as month, sum(count) as numerator
from incidents
group by unit_id, registered_on

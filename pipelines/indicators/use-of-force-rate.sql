/*---
title: { nl: Geweldsaanwendingen per 100 executieven, en: Use-of-force reports per 100 executive staff }
question:
  nl: Hoe vaak wordt geweld aangewend, gemeten aan de sterkte?
  en: How often is force applied, by strength?
description:
  nl: Meldingen van geweldsaanwending per 100 executieve medewerkers, in de getoonde periode.
  en: Reports of the use of force per 100 executive staff, in the period shown.
why:
  nl: Zo zijn eenheden van verschillende grootte naast elkaar te lezen.
  en: So units of different size can be read beside each other.
caveats:
  nl: Een melding is van een politieambtenaar. Sinds 2019 wordt elk gebruik van geweld op dezelfde manier geregistreerd. Het cijfer zegt niet of het geweld professioneel was.
  en: A report is one officer's. Since 2019 every use of force has been registered alike. The figure does not say whether the force was professional.
sentence:
  nl: "{period} waren er {value} geweldsaanwendingen per 100 executieve medewerkers ({numerator} {melding|meldingen})."
  en: "{period} there were {value} use-of-force reports per 100 executive staff ({numerator} {report|reports})."
focus: connection
owner: Coördinator geweldsaanwending
source: [DH-2015 §3.3]
kind: rate
per: 100
exposure: mean
polarity: neutral
polarity_note:
  nl: Meer meldingen kan ook betekenen dat er vollediger wordt geregistreerd.
  en: More reports may also mean that registration became more complete.
numerator: { nl: meldingen van geweldsaanwending, en: use-of-force reports }
denominator: { nl: executieve medewerkers (gemiddelde van de maandstanden), en: executive staff (mean of the months' ends) }
breakdowns:
  - name: means
    title: { nl: Geweldsmiddel, en: Means }
    values:
      physical: { nl: fysiek geweld, en: physical }
      baton: { nl: wapenstok, en: baton }
      pepper_spray: { nl: pepperspray, en: pepper spray }
      taser: { nl: stroomstootwapen, en: taser }
      dog: { nl: diensthond, en: dog }
      vehicle: { nl: voertuig, en: vehicle }
      firearm_threat: { nl: dreigen met vuurwapen, en: threat with a firearm }
      firearm_shot: { nl: schieten, en: shot }
      other: { nl: anders, en: other }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select unit_id, occurred_on as month, sum(count) as numerator, 0 as denominator, means, false as withheld
from use_of_force
group by unit_id, occurred_on, means
union all
select unit_id, period, 0, sum(headcount), null, coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
where category = 'executive'
group by unit_id, period

/*---
title: { nl: Uitgegeven deel van de begroting, en: Part of the budget spent }
question:
  nl: "Welk deel van de begroting van het programma is uitgegeven?"
  en: "What part of the programme's budget was spent?"
description:
  nl: "Uitgegeven bedrag als deel van de begroting van de acties en projecten, per jaar."
  en: "Amount spent as part of the budget of actions and projects, by year."
why:
  nl: "Het programma vraagt een eigen kostencode, zodat te zien is wat het kost."
  en: "The programme asks for a cost code of its own, so that its cost can be seen."
caveats:
  nl: Tegenstrijdige bedragen in de papieren blijven zichtbaar in de toelichting van de acties. Een bedrag van de laatste levering vervangt dat van daarvoor.
  en: Contradictory amounts in the papers stay visible in the notes of the actions. An amount of the last delivery replaces the one before.
sentence:
  nl: "{period} is {value} van de begroting uitgegeven ({numerator} van {denominator} euro)."
  en: "{period}, {value} of the budget was spent ({numerator} of {denominator} euros)."
focus: inclusion
owner: Control
source: [DH-2016 Bijlage B, DH-2015 Bijlage I, RTM-2015]
kind: share
interval: none
polarity: neutral
polarity_note:
  nl: "Minder uitgeven is zuinig, maar kan ook betekenen dat iets niet is gedaan."
  en: "Spending less is thrifty, but may also mean that something was not done."
numerator: { nl: uitgegeven euro's, en: euros spent }
denominator: { nl: begrote euro's, en: euros budgeted }
excluded: { nl: "acties zonder begroting of zonder opgave van uitgaven, en voorstellen", en: "actions without a budget or without a statement of spending, and proposals" }
breakdowns:
  - name: action
    title: { nl: Actie, en: Action }
levels: [force, unit]
grains: [year]
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
-- Money is of a year as a whole: it stands in the year's first month.
select
  unit_id,
  make_date(year, 1, 1) as month,
  sum(spent) as numerator,
  sum(budget) as denominator,
  concat_ws(' ', number, title) as action
from actions
where budget > 0 and year is not null and spent is not null and status <> 'proposed'
group by unit_id, year, number, title

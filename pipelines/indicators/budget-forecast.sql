/*---
title: { nl: Verwachte uitgaven van de begroting, en: Forecast of the budget }
question:
  nl: "Welk deel van de begroting van het programma wordt naar verwachting uitgegeven?"
  en: "What part of the programme's budget is expected to be spent?"
description:
  nl: Verwachte uitgaven over het hele jaar als deel van de begroting van de acties en projecten.
  en: Spending expected over the whole year as part of the budget of actions and projects.
why:
  nl: "Wie op tijd ziet dat er geld overblijft of tekort is, kan nog bijsturen."
  en: Whoever sees in time that money is left or short can still steer.
caveats:
  nl: Tegenstrijdige bedragen in de papieren blijven zichtbaar in de toelichting van de acties. Een bedrag van de laatste levering vervangt dat van daarvoor.
  en: Contradictory amounts in the papers stay visible in the notes of the actions. An amount of the last delivery replaces the one before.
sentence:
  nl: "{period} wordt naar verwachting {value} van de begroting uitgegeven ({numerator} van {denominator} euro)."
  en: "{period}, {value} of the budget is expected to be spent ({numerator} of {denominator} euros)."
focus: inclusion
owner: Control
source: [DH-2016 Bijlage B, DH-2015 Bijlage I, RTM-2015]
kind: share
interval: none
polarity: neutral
polarity_note:
  nl: "Minder uitgeven is zuinig, maar kan ook betekenen dat iets niet is gedaan."
  en: "Spending less is thrifty, but may also mean that something was not done."
numerator: { nl: verwachte uitgaven in euro's, en: euros expected to be spent }
denominator: { nl: begrote euro's, en: euros budgeted }
excluded: { nl: "acties zonder begroting of zonder prognose, en voorstellen", en: "actions without a budget or without a forecast, and proposals" }
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
  sum(forecast) as numerator,
  sum(budget) as denominator,
  concat_ws(' ', number, title) as action
from actions
where budget > 0 and year is not null and forecast is not null and status <> 'proposed'
group by unit_id, year, number, title

/*---
title: { nl: Selectiecommissies met diverse samenstelling, en: Selection committees of diverse composition }
question:
  nl: Zijn selectiecommissies divers samengesteld?
  en: Are selection committees of diverse composition?
description:
  nl: Aandeel selectiecommissies dat volgens hun voorzitter divers is samengesteld.
  en: Share of the selection committees that are of diverse composition, as their chair judges.
why:
  nl: Wie selecteert, kiest gemakkelijk wie op hem of haar lijkt. Rotterdam en Midden-Nederland spraken af dat elke commissie divers is.
  en: Those who select easily choose people like themselves. Rotterdam and Midden-Nederland agreed that every committee is diverse.
caveats:
  nl: De papieren zeggen niet wat divers is; de voorzitter oordeelt. Commissies die op dezelfde dag, voor dezelfde functie en met dezelfde samenstelling zijn geleverd tellen als een.
  en: The papers do not say what diverse is; the chair judges. Committees supplied for the same day, position and composition count as one.
sentence:
  nl: "{period} was {value} van de selectiecommissies divers samengesteld ({numerator} van {denominator})."
  en: "{period}, {value} of the selection committees were of diverse composition ({numerator} of {denominator})."
focus: composition
owner: Loopbaan en selectie HRM
source: [RTM-2015, MNL-2016]
kind: share
polarity: up
numerator: { nl: selectiecommissies die divers zijn, en: selection committees that are diverse }
denominator: { nl: selectiecommissies, en: selection committees }
breakdowns:
  - name: position
    title: { nl: Functie, en: Position }
    values:
      employee: { nl: medewerker, en: employee }
      team_chief: { nl: teamchef, en: team chief }
      sector_head: { nl: sectorhoofd, en: sector head }
      top61: { nl: top 61, en: top 61 }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  date as month,
  count(*) filter (diverse = 'yes') as numerator,
  count(*) as denominator,
  position
from committees
group by unit_id, date, position

/*---
title: { nl: Formatie vervuld, en: Formation filled }
question:
  nl: Welk deel van de formatie is vervuld?
  en: What part of the formation is filled?
description:
  nl: Aandeel van de formatieplaatsen (in fte) dat niet vacant is, aan het einde van de periode.
  en: Share of the established positions (in fte) that are not vacant, at the end of the period.
why:
  nl: Een vacature is een kans om het team anders samen te stellen. Veel vacatures betekent ook dat het werk op minder mensen neerkomt.
  en: A vacancy is a chance to compose the team differently. Many vacancies also mean that fewer people carry the work.
caveats:
  nl: Formatie zonder opgave van vacatures telt niet mee.
  en: Formation without a statement of vacancies does not count.
sentence:
  nl: "{period} was {value} van de formatie vervuld ({numerator} van {denominator} fte)."
  en: "{period}, {value} of the formation was filled ({numerator} of {denominator} fte)."
focus: composition
owner: Informatiemanager HRM
source: [DH-2015 §4.4, KVV]
kind: share
stock: true
polarity: neutral
polarity_note:
  nl: Vacatures zijn ook ruimte voor nieuwe collega's.
  en: Vacancies are also room for new colleagues.
numerator: { nl: vervulde formatie in fte, en: "formation filled, in fte" }
denominator: { nl: formatie in fte, en: formation in fte }
excluded: { nl: formatie zonder opgave van vacatures, en: formation without a statement of vacancies }
breakdowns:
  - name: category
    title: { nl: Categorie, en: Category }
    values:
      executive: { nl: executief, en: executive }
      support: { nl: "technisch, administratief en anders (ATH)", en: "technical, administrative and other" }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  period as month,
  sum(fte - vacancies) as numerator,
  sum(fte) filter (vacancies is not null) as denominator,
  sum(fte) filter (vacancies is null) as unknown,
  category,
  coalesce(bool_or(len(withheld) > 0), false) as withheld
from establishment
group by unit_id, period, category

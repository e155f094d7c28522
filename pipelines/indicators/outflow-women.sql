/*---
title: { nl: Vrouwen in de uitstroom, en: Women among exits }
question:
  nl: Welk deel van de collega's die weggaan is vrouw?
  en: What part of the colleagues who leave are women?
description:
  nl: Aandeel vrouwen onder de medewerkers die de politie verlaten.
  en: Share of women among the staff who leave the police.
why:
  nl: "Instroom, doorstroom en uitstroom horen bij elkaar: wie binnenkomt moet ook willen blijven."
  en: "Intake, promotion and exits belong together: those who join must want to stay as well."
caveats:
  nl: De uitstroom telt ook pensioen mee. Onder de oudste collega's zijn minder vrouwen.
  en: Exits include retirement. There are fewer women among the oldest colleagues.
sentence:
  nl: "{period} was {value} van de medewerkers die weggingen vrouw ({numerator} van {denominator})."
  en: "{period}, {value} of the staff who left were women ({numerator} of {denominator})."
focus: composition
owner: Informatiemanager HRM
source: [DH-2016 project 13]
kind: share
polarity: neutral
polarity_note:
  nl: Het aandeel hangt ook af van hoeveel vrouwen er werken en van hoeveel collega's met pensioen gaan.
  en: The share also depends on how many women work here and how many colleagues retire.
numerator: { nl: vrouwen die weggaan, en: women who leave }
denominator: { nl: medewerkers die weggaan, en: staff who leave }
excluded: { nl: geslacht niet bekend of niet opgegeven, en: gender not known or not stated }
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
  date as month,
  sum(count) filter (gender = 'woman') as numerator,
  sum(count) filter (gender in ('woman', 'man', 'other')) as denominator,
  sum(count) filter (gender = 'unknown') as unknown,
  category,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'exit'
group by unit_id, date, category

/*---
title: { nl: Bezetting in fte, en: Strength in fte }
question:
  nl: Hoeveel fte werken er?
  en: How many fte work here?
description:
  nl: De bezetting in voltijdbanen (fte) aan het einde van de periode.
  en: Strength in full-time equivalents (fte) at the end of the period.
why:
  nl: De bezetting is de maat waaraan instroom, doorstroom en uitstroom te lezen zijn.
  en: Strength is the measure by which intake, promotion and exits can be read.
caveats:
  nl: "Regels zonder fte tellen niet mee. Fte zijn geen personen: wie deeltijd werkt telt voor een deel."
  en: "Rows without fte do not count. Fte are not persons: those who work part-time count in part."
sentence:
  nl: "{period} was de bezetting {value} fte."
  en: "{period}, strength was {value} fte."
focus: composition
owner: Informatiemanager HRM
source: [DH-2015 §4.4, KVV]
kind: count
stock: true
polarity: neutral
polarity_note:
  nl: Meer of minder bezetting zegt op zichzelf niets over het programma.
  en: More or less strength says nothing of the programme in itself.
numerator: { nl: fte, en: fte }
breakdowns:
  - name: category
    title: { nl: Categorie, en: Category }
    values:
      executive: { nl: executief, en: executive }
      support: { nl: "technisch, administratief en anders (ATH)", en: "technical, administrative and other" }
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  period as month,
  sum(fte) as numerator,
  category,
  coalesce(bool_or(list_contains(withheld, 'fte')), false) as withheld
from staffing
where fte is not null or list_contains(withheld, 'fte')
group by unit_id, period, category

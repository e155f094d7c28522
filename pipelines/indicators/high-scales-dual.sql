/*---
title: { nl: Schaal 9 en hoger met dubbele culturele achtergrond, en: Scale 9 and up with a dual cultural background }
question:
  nl: Welk deel van de medewerkers in schaal 9 en hoger heeft een dubbele culturele achtergrond?
  en: What part of the staff in scale 9 and up has a dual cultural background?
description:
  nl: Aandeel met een dubbele culturele achtergrond onder de medewerkers in schaal 9 of hoger, zoals het CBS of een andere bron het levert, of uit de bezetting waar die het bevat.
  en: Share with a dual cultural background among the staff in scale 9 or up, as Statistics Netherlands or another source supplies it, or from staffing where that has it.
why:
  nl: Wie in de hogere schalen werkt, bepaalt mee hoe de politie werkt. Het aandeel met een andere culturele achtergrond groeide daar langzamer dan dat van vrouwen.
  en: Those in the higher scales shape how the police work. The share with another cultural background grew more slowly there than that of women.
caveats:
  nl: Een aandeel uit een publicatie is op hele procenten afgerond; de marge is die afronding. Zulke aandelen worden nooit bij elkaar geteld. Sinds 2022 deelt het CBS herkomst anders in.
  en: A published share is rounded to whole percents; its margin is that rounding. Such shares are never added up. Statistics Netherlands has classed origin differently since 2022.
sentence:
  nl: "{period} had {value} van de medewerkers in schaal 9 of hoger een dubbele culturele achtergrond ({numerator} van {denominator})."
  en: "{period}, {value} of the staff in scale 9 or up had a dual cultural background ({numerator} of {denominator})."
focus: composition
owner: Programmabureau De Kracht van het Verschil
source: [DH-2015 §3.3]
kind: share
stock: true
covered_by: any
polarity: up
numerator: { nl: medewerkers in schaal 9 of hoger met een dubbele culturele achtergrond, en: staff in scale 9 or up with a dual cultural background }
denominator: { nl: medewerkers in schaal 9 of hoger van wie de achtergrond bekend is, en: staff in scale 9 or up whose background is known }
excluded: { nl: niet bekend of niet opgegeven, en: not known or not stated }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
with supplied as (
  -- Of several sources for one unit and day the statistics office goes first.
  select *
  from background
  where population = 'scale9'
  qualify row_number() over (partition by unit_id, period
    order by case source when 'cbs' then 1 when 'other' then 2 else 3 end) = 1
)
select
  unit_id,
  period as month,
  dual as numerator,
  case when dual is not null then base end as denominator,
  null::bigint as unknown,
  case when dual is null then share end as share,
  case when dual is null then share_step end as share_step,
  true as whole,
  coalesce(len(withheld) > 0, false) as withheld
from supplied
union all
select
  unit_id,
  period,
  sum(headcount) filter (background = 'dual'),
  sum(headcount) filter (background in ('dual', 'single')),
  sum(headcount) filter (background = 'unknown'),
  null,
  null,
  false,
  coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
where background is not null and scale >= 9
group by unit_id, period

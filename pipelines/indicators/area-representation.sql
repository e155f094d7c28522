/*---
title: { nl: Afspiegeling van de bevolking, en: Staff beside the population }
question:
  nl: Hoe verhoudt het aandeel met een dubbele culturele achtergrond onder medewerkers zich tot dat in het gebied?
  en: How does the share with a dual cultural background among staff compare with that in the area?
description:
  nl: Het aandeel medewerkers met een dubbele culturele achtergrond, gedeeld door het aandeel in de bevolking van het gebied. Bij 1 zijn ze gelijk.
  en: The share of staff with a dual cultural background, divided by the share in the population of the area. At 1 they are equal.
why:
  nl: Een politie die de samenleving kent, wordt door meer mensen vertrouwd. Het programma noemt geen streefcijfer voor deze verhouding.
  en: Police who know society are trusted by more people. The programme gives no target for this ratio.
caveats:
  nl: "De bevolking van een gebied is een van de mogelijke maten: niet iedereen in het gebied is oud genoeg of mag bij de politie werken, en medewerkers wonen vaak elders. Een eenheid zonder eigen gebied staat naast het hele land. De indeling van herkomst is in beide bronnen die van hun jaar."
  en: "The population of an area is one of several possible measures: not everyone there is old enough or may work for the police, and staff often live elsewhere. A unit without an area of its own is held beside the whole country. Origin is classed in both sources as in their year."
sentence:
  nl: "{period} was het aandeel medewerkers met een dubbele culturele achtergrond {value} keer dat in de bevolking."
  en: "{period}, the share of staff with a dual cultural background was {value} times that in the population."
focus: composition
owner: Programmabureau De Kracht van het Verschil
source: [RTM-2015, KVV]
kind: ratio
stock: true
covered_by: any
polarity: neutral
polarity_note:
  nl: Kwaliteit gaat voor; het programma vraagt verschil, geen spiegel van de bevolking.
  en: Quality comes first; the programme asks for difference, not for a mirror of the population.
numerator: { nl: medewerkers met een dubbele culturele achtergrond, en: staff with a dual cultural background }
denominator: { nl: medewerkers van wie de achtergrond bekend is, en: staff whose background is known }
excluded: { nl: niet bekend of niet opgegeven, en: not known or not stated }
levels: [force, unit]
decimals: 2
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
with supplied as (
  -- Of several sources for one unit and day the statistics office goes first.
  select *
  from background
  where population = 'staff'
  qualify row_number() over (partition by unit_id, period
    order by case source when 'cbs' then 1 when 'other' then 2 else 3 end) = 1
),
inhabitants as (
  select unit_id, year, sum(persons) filter (background = 'dual') as dual, sum(persons) filter (background in ('dual', 'single')) as known,
    coalesce(bool_or(list_contains(withheld, 'persons')), false) as withheld
  from population
  group by unit_id, year
),
country as (
  select year, sum(dual) as dual, sum(known) as known, bool_or(withheld) as withheld
  from inhabitants
  group by year
),
beside as (
  select supplied.* exclude (dual, withheld), supplied.dual as dual_staff, coalesce(len(supplied.withheld) > 0, false) or country.withheld as withheld,
    coalesce(inhabitants.dual, country.dual) as dual, coalesce(inhabitants.known, country.known) as known
  from supplied
  join country on country.year = last_day(make_date(year(supplied.period), 12, 1))
  left join inhabitants on inhabitants.unit_id = supplied.unit_id and inhabitants.year = country.year
)
select
  unit_id,
  period as month,
  dual_staff as numerator,
  case when dual_staff is not null then base end as denominator,
  dual as numerator2,
  known as denominator2,
  null::bigint as unknown,
  case when dual_staff is null then share end as share,
  case when dual_staff is null then share_step end as share_step,
  true as whole,
  withheld
from beside
union all
select
  unit_id,
  period,
  sum(headcount) filter (background = 'dual'),
  sum(headcount) filter (background in ('dual', 'single')),
  0,
  0,
  sum(headcount) filter (background = 'unknown'),
  null,
  null,
  false,
  coalesce(bool_or(list_contains(withheld, 'headcount')), false)
from staffing
where background is not null
group by unit_id, period
union all
-- Inhabitants of 1 January hold all year, beside staff whose background is known.
select inhabitants.unit_id, months.period, 0, 0, dual, known, 0, null, null, false, withheld
from inhabitants
join (select distinct period from staffing where background is not null) as months on last_day(make_date(year(months.period), 12, 1)) = inhabitants.year

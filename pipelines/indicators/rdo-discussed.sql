/*---
title: { nl: Zaken besproken in het regionaal overleg, en: Cases discussed in the regional consultation }
question:
  nl: "Zijn alle discriminatiezaken besproken in het regionaal discriminatie-overleg (RDO)?"
  en: "Were all discrimination cases discussed in the regional consultation on discrimination (RDO)?"
description:
  nl: "Aandeel discriminatiezaken dat in het RDO is besproken, van de zaken die 90 dagen oud werden in de periode. Een zaak telt dus een keer: 90 dagen nadat zij is geopend."
  en: "Share of discrimination cases discussed in the RDO, of the cases that became 90 days old in the period. So a case counts once: 90 days after it was opened."
why:
  nl: "In het RDO bespreken politie, Openbaar Ministerie en antidiscriminatiebureau de zaken. De landelijke afspraak is dat alle zaken daar worden besproken."
  en: "In the RDO the police, the prosecutor and the anti-discrimination office discuss the cases. The national agreement is that all cases are discussed there."
caveats:
  nl: "De termijn van 90 dagen is van de monitor; de afspraak noemt geen termijn. Een zaak die later alsnog wordt besproken, telt vanaf dan als besproken. Een zaak met meer incidenten telt een keer, bij de eenheid waar het eerste is geregistreerd."
  en: "The 90 days are the monitor's; the agreement names no term. A case discussed later counts as discussed from then on. A case with several incidents counts once, for the unit where the first was registered."
sentence:
  nl: "{period} is {value} van de discriminatiezaken die toen 90 dagen oud werden, in het RDO besproken ({numerator} van {denominator})."
  en: "{period}, of the discrimination cases that became 90 days old then, {value} were discussed in the RDO ({numerator} of {denominator})."
focus: discrimination
owner: Coördinator discriminatie
source: [NP-VISIE (in DH-2015 §2), KVV]
kind: share
polarity: up
numerator: { nl: zaken die in het RDO zijn besproken, en: cases discussed in the RDO }
denominator: { nl: zaken die in de periode 90 dagen oud werden, en: cases that became 90 days old in the period }
excluded: { nl: zaken die nog geen 90 dagen oud zijn, en: cases not yet 90 days old }
waiting:
  nl: "Aan het einde van de periode {was|waren} {waiting} {zaak|zaken} nog geen 90 dagen oud; {die telt|die tellen} hier nog niet mee."
  en: "At the end of the period {waiting} {case was|cases were} not yet 90 days old; {it does|they do} not count here yet."
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
-- A case is of its first incident: where that was registered, with that one's dates. Of folded incidents the first has the
-- grounds of all.
with cases as (
  select first(unit_id order by registered_on, incident_id) as unit_id, first(case_opened_on order by registered_on, incident_id) as case_opened_on,
    first(rdo_on order by registered_on, incident_id) as rdo_on, 1 as cases
  from incidents
  where incident_id is not null and (case_id is not null or case_opened_on is not null)
  group by coalesce(case_id, hash(incident_id))
  union all
  select unit_id, case_opened_on, rdo_on, count
  from incidents
  where incident_id is null and (folded is null or case_grounds is not null)
)
select
  unit_id,
  case_opened_on + 90 as month,
  sum(cases) filter (rdo_on is not null) as numerator,
  sum(cases) as denominator,
  0 as waiting
from cases
where case_opened_on is not null
group by unit_id, case_opened_on
union all
-- Younger than that at the end of each month before.
select unit_id, month::date, 0, 0, sum(cases)
from (
  select unit_id, cases,
    unnest(range(date_trunc('month', case_opened_on)::timestamp, date_trunc('month', case_opened_on + 90)::timestamp, interval 1 month)) as month
  from cases
  where case_opened_on is not null
)
group by unit_id, month

/*---
title: { nl: Geweldsincidenten, en: Use-of-force incidents }
question:
  nl: Hoe vaak gebruikt de politie geweld?
  en: How often do the police use force?
description:
  nl: Incidenten waarbij de politie geweld gebruikte; elk incident telt een keer, bij de eenheid van de eerste melding.
  en: Incidents in which the police used force; each counts once, for the unit of the first report.
why:
  nl: De bejegening van burgers hoort bij de verbinding met de samenleving. In Haaglanden steeg het aantal van 570 in 2005 naar 971 in 2012.
  en: How citizens are treated is part of the connection with society. In Haaglanden the number rose from 570 in 2005 to 971 in 2012.
caveats:
  nl: Sinds 2019 wordt elk gebruik van geweld op dezelfde manier geregistreerd; cijfers van daarvoor zijn er niet mee te vergelijken. Een incident kan meer meldingen hebben.
  en: Since 2019 every use of force has been registered alike; earlier figures cannot be compared. One incident may have several reports.
sentence:
  nl: "{period} {was|waren} er {value} {geweldsincident|geweldsincidenten}."
  en: "{period} there {was|were} {value} {use-of-force incident|use-of-force incidents}."
focus: connection
owner: Coördinator geweldsaanwending
source: [DH-2015 §3.3]
kind: count
polarity: neutral
polarity_note:
  nl: Meer incidenten kan ook betekenen dat er vollediger wordt geregistreerd.
  en: More incidents may also mean that registration became more complete.
numerator: { nl: geweldsincidenten, en: use-of-force incidents }
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
decimals: 0
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
with reported as (
  select incident_id, count(*) as reports
  from use_of_force
  where incident_id is not null
  group by incident_id
),
first_reports as (
  -- Most incidents have one report; what takes memory is done for the others alone.
  select unit_id, occurred_on, list_sort(list_distinct(coalesce(means, []))) as means
  from use_of_force
  join reported using (incident_id)
  where reports = 1
  union all
  select
    first(unit_id order by occurred_on, report_id_order, report_id) as unit_id,
    min(occurred_on) as occurred_on,
    list_sort(list_distinct(flatten(list(means)))) as means
  from use_of_force
  join reported using (incident_id)
  where reports > 1
  group by incident_id
)
select unit_id, occurred_on as month, count(*) as numerator, means
from first_reports
group by unit_id, occurred_on, means
union all
-- Counted rows have no incident: they are taken as the incidents that they count.
select unit_id, occurred_on, sum(count), means
from use_of_force
where incident_id is null and folded is null
group by unit_id, occurred_on, means
union all
-- Of folded reports the first of each incident has the means of all.
select unit_id, occurred_on, sum(count), incident_means
from use_of_force
where incident_means is not null
group by unit_id, occurred_on, incident_means

-- Figures of composition for the page of target figures, beside those of the small country: shown, withheld, from a
-- publication in whole percents, and of a target that has begun.

insert into targets values
  (5, 'leaders-dual', 'politie', null, null, 'streefcijfer', 'proposed', '2015-01-01', '2018-12-31', 'at_least', 0.2, null, 'target', null, null, 'NP-VISIE', 'paper', '2015-09-15', null, false),
  (6, 'staffing-dual', 'rotterdam', null, null, 'streefcijfer', 'proposed', '2018-12-31', '2018-12-31', 'at_least', 0.25, null, 'target', '2015-12-01', '2015-12-31', 'RTM-2015', 'paper', '2015-11-01', null, false),
  (7, 'top61', 'politie', null, null, 'streefcijfer', 'decided', '2013-01-01', '2014-12-31', 'at_least', 0.5, null, 'year', null, null, 'Oud plan', 'paper', null, '2012-12-01', false);

create temp table told as
from (values
  ('intake-dual', 'rotterdam', 'target', '2015-01-01', '2016-12-31', null, null, 0.21, 63, 300, 9, 0.17, 0.26, 0.25, 'De Kracht van het Verschil', 'missed_uncertain', null),
  ('intake-dual', 'politie', 'target', '2015-01-01', '2016-12-31', null, null, 0.2, 150, 750, 30, 0.17, 0.23, 0.25, 'De Kracht van het Verschil', 'missed', null),
  ('intake-dual', 'rotterdam', 'year', '2016-01-01', '2016-12-31', 'intake_level', 'mbo4', 0.22, 22, 100, 4, 0.15, 0.31, null, null, 'no_target', null),
  ('intake-dual', 'rotterdam', 'year', '2016-01-01', '2016-12-31', 'intake_level', 'hbo', null, null, null, null, null, null, null, null, 'withheld', 'threshold'),
  ('intake-women', 'rotterdam', 'r12', '2016-01-01', '2016-12-31', null, null, 0.45, 27, 60, 0, 0.33, 0.58, null, null, 'no_target', null),
  ('intake-women', 'rotterdam', 'half', '2016-07-01', '2016-12-31', null, null, 0.5, 15, 30, 2, 0.33, 0.67, null, null, 'no_target', null),
  ('outflow', 'rotterdam', 'r12', '2016-01-01', '2016-12-31', null, null, 4.0, 12, 300, 0, 2.1, 7.0, null, null, 'no_target', null),
  ('outflow', 'rotterdam', 'half', '2016-07-01', '2016-12-31', null, null, 2.0, 6, 300, 0, 0.7, 4.4, null, null, 'no_target', null),
  ('outflow', 'rotterdam', 'r12', '2016-01-01', '2016-12-31', 'gender', 'woman', 5.0, 5, 100, 0, 1.6, 11.7, null, null, 'no_target', null),
  ('outflow', 'rotterdam', 'r12', '2016-01-01', '2016-12-31', 'gender', 'man', 3.5, 7, 200, 0, 1.4, 7.2, null, null, 'no_target', null),
  ('outflow-dual', 'rotterdam', 'half', '2016-07-01', '2016-12-31', null, null, null, null, null, null, null, null, null, null, 'withheld', 'threshold'),
  ('promotion-dual', 'rotterdam', 'half', '2016-07-01', '2016-12-31', null, null, null, null, null, null, null, null, null, null, 'withheld', 'complement'),
  ('leaders-dual', 'rotterdam', 'target', '2015-01-01', '2016-12-31', null, null, null, null, null, null, null, null, 0.2, 'NP-VISIE', 'withheld', 'threshold'),
  ('leaders-dual', 'politie', 'target', '2015-01-01', '2016-12-31', null, null, 0.15, 9, 60, null, 0.08, 0.26, 0.2, 'NP-VISIE', 'missed_uncertain', null),
  ('staffing-dual', 'rotterdam', 'half', '2016-07-01', '2016-12-31', null, null, 0.18, null, null, null, 0.175, 0.185, 0.25, 'RTM-2015', 'no_target', null),
  ('staffing-fte', 'rotterdam', 'half', '2016-07-01', '2016-12-31', null, null, 280, 280, null, 0, null, null, null, null, 'no_target', null),
  ('staffing-fte', 'rotterdam', 'half', '2016-07-01', '2016-12-31', 'category', 'executive', 250, 250, null, 0, null, null, null, null, 'no_target', null),
  ('vacancies', 'rotterdam', 'half', '2016-07-01', '2016-12-31', null, null, 0.95, 285, 300, null, 0.92, 0.97, null, null, 'no_target', null),
  ('vacancies', 'rotterdam', 'half', '2016-07-01', '2016-12-31', 'category', 'executive', 0.96, 240, 250, null, 0.93, 0.98, null, null, 'no_target', null)
) as told(indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value, "value", numerator, denominator, "unknown", lower, upper, target, target_source, judgement, withheld_reason);

create temp table joined as
from series
union all by name
select told.indicator_id, told.unit_id, grain, period_start::date as period_start, period_end::date as period_end, breakdown,
  breakdown_value, "value", numerator, denominator, "unknown", lower, upper, target, target_source,
  if(indicator_id = 'staffing-dual', 0.2, null) as pace, judgement, true as complete, withheld_reason is not null as withheld,
  withheld_reason, false as restated, 'fresh' as freshness, 1 as definition_version,
  (select min(target_id) from targets where targets.indicator_id = told.indicator_id and targets.source = target_source) as target_id,
  false as reference, false as band
from told
order by indicator_id, grain, breakdown, unit_id, period_start, breakdown_value;

drop table series;

create table series as from joined order by indicator_id, grain, breakdown, unit_id, period_start, breakdown_value;

-- The figures of a snapshot that were computed anew, with the mark of those that were ever restated.

create or replace temp view warehouse_restatements as from main.restatements;

create or replace temp table restated_keys as
select distinct indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value
from (
  from warehouse_restatements
  union all by name
  from new_restatements
);

create table snapshot.series as
select series.* replace (restated_keys.indicator_id is not null and not series.withheld as restated)
from series
left join restated_keys on restated_keys.indicator_id = series.indicator_id and restated_keys.unit_id = series.unit_id
  and restated_keys.grain = series.grain and restated_keys.period_start = series.period_start and restated_keys.period_end = series.period_end
  and restated_keys.breakdown is not distinct from series.breakdown
  and restated_keys.breakdown_value is not distinct from series.breakdown_value
order by series.indicator_id, series.breakdown nulls first, series.grain, series.unit_id, series.period_start, series.period_end, series.breakdown_value;

create table snapshot.outcomes as
from outcomes order by indicator_id, unit_id, period_end, target_id;

create table snapshot.limits as
from limits order by indicator_id, unit_id, grain, "from";

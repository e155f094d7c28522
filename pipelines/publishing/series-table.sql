-- Adds the figures of `series` to the snapshot, with the mark of those that were ever restated. Leaves `added_series`: those rows as they
-- lie in the snapshot.

create or replace temp table restated_keys as
select distinct indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value
from (
  from main.restatements
  union all by name
  from new_restatements
)
semi join indicators using (indicator_id);

create table if not exists snapshot.series as from series limit 0;

insert into snapshot.series
select series.* replace (restated_keys.indicator_id is not null and not series.withheld as restated)
from series
left join restated_keys on restated_keys.indicator_id = series.indicator_id and restated_keys.unit_id = series.unit_id
  and restated_keys.grain = series.grain and restated_keys.period_start = series.period_start and restated_keys.period_end = series.period_end
  and restated_keys.breakdown is not distinct from series.breakdown
  and restated_keys.breakdown_value is not distinct from series.breakdown_value
order by series.indicator_id, series.breakdown nulls first, series.grain, series.unit_id, series.period_start, series.period_end, series.breakdown_value;

create or replace temp view added_series as from snapshot.series semi join indicators using (indicator_id);

create table if not exists snapshot.outcomes as from outcomes limit 0;
insert into snapshot.outcomes
from outcomes order by indicator_id, unit_id, period_end, target_id;

create table if not exists snapshot.limits as from limits limit 0;
insert into snapshot.limits
from limits order by indicator_id, unit_id, grain, "from";

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

-- Of the snapshot before, which this one was begun from, what was not computed anew stays.
delete from snapshot.series
using (select indicators.indicator_id, coalesce(begun.shown_from, 0) as shown_from from indicators left join begun using (indicator_id)) as anew
where anew.indicator_id = series.indicator_id and month_of(series.period_end) >= anew.shown_from;

insert into snapshot.series by name
select series.* replace (restated_keys.indicator_id is not null and not series.withheld as restated)
from keyed_series as series
left join restated_keys on restated_keys.indicator_id = series.indicator_id and restated_keys.unit_id = series.unit_id
  and restated_keys.grain = series.grain and restated_keys.period_start = series.period_start and restated_keys.period_end = series.period_end
  and restated_keys.breakdown is not distinct from series.breakdown
  and restated_keys.breakdown_value is not distinct from series.breakdown_value
-- Most readers ask for totals of one grain, of many indicators.
order by series.breakdown is not null, series.grain, series.indicator_id, series.breakdown, series.unit_id, series.period_start, series.period_end, series.breakdown_value;

-- What goes on from the snapshot before: how it varies, and how fresh it is, may be another.
create or replace temp table varied_anew as
select series.indicator_id, series.unit_id, series.grain, series.period_start, series.period_end, variations.variation, variations.assurance, variations.trend
from previous.series
join begun on begun.indicator_id = series.indicator_id
left join variations on variations.row_no = -1 - series.rowid
where month_of(series.period_end) < begun.shown_from and series.breakdown is null
  and (series.variation is distinct from variations.variation or series.assurance is distinct from variations.assurance or series.trend is distinct from variations.trend);

update snapshot.series set variation = anew.variation, assurance = anew.assurance, trend = anew.trend
from varied_anew as anew
where anew.indicator_id = series.indicator_id and anew.unit_id = series.unit_id and anew.grain = series.grain
  and anew.period_start = series.period_start and anew.period_end = series.period_end and series.breakdown is null;

update snapshot.series set freshness = indicators.freshness
from indicators
where indicators.indicator_id = series.indicator_id and series.freshness is distinct from indicators.freshness;

create or replace temp view added_series as
select series.* from snapshot.series
join indicators on indicators.indicator_id = series.indicator_id
left join begun on begun.indicator_id = series.indicator_id
where month_of(series.period_end) >= coalesce(begun.from_month, 0);

create table if not exists snapshot.outcomes as from outcomes limit 0;
insert into snapshot.outcomes
from outcomes order by indicator_id, unit_id, period_end, target_id;

create table if not exists snapshot.limits as from limits limit 0;
insert into snapshot.limits
from limits order by indicator_id, unit_id, grain, "from";

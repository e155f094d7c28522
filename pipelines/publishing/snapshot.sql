-- The other tables of a snapshot: what the server may know. Needs `snapshot.series`, whole.

create table snapshot.units as
select unit_id, name, level, parent_id, valid_from, valid_to, coalesce(predecessor_ids, []) as predecessor_ids
from units order by unit_id, valid_from;

create table snapshot.indicators as
select indicator_id, position, definition::json as definition from definitions order by position;

create table snapshot.targets as
select targets.* from targets semi join units using (unit_id) order by target_id;

-- What waits for a proof is computed again, whatever stays the same.
create table snapshot.made_from as
select made_from.* replace (if(indicator_id in (select indicator_id from snapshot.series where withheld_reason = 'unproven'), 'unproven', hash) as hash)
from made_from order by indicator_id;

create table snapshot.breaks as
select indicator_id, unit_id, on_date, kind, label_nl, label_en from all_breaks order by all;

-- Events of units that this home does not have are not of it.
create table snapshot.events as
select event_id, "date", unit_id, kind, title_nl, title_en, note_nl, note_en, source,
  list_filter(string_split(indicators, ' '), lambda id: id <> '') as indicators
from stated_events
where unit_id is null or unit_id in (select unit_id from units)
order by "date", event_id;

create table snapshot.reference_points as
from all_references order by indicator_id, unit_id, period_end, source_title;

create table snapshot.beside_points as
from all_beside order by indicator_id, unit_id, period_end, title_nl, source_title;

create table snapshot.feeds as
from feed_states order by feed;

-- What is withheld by now is not told by what it once was.
create table snapshot.restatements as
with restated as (
  from main.restatements union all by name from new_restatements
),
hidden as (
  select distinct restated.indicator_id, restated.unit_id, restated.grain, restated.period_start, restated.period_end, restated.breakdown, restated.breakdown_value
  from snapshot.series
  join restated on series.indicator_id = restated.indicator_id and series.unit_id = restated.unit_id
    and series.grain = restated.grain and series.period_start = restated.period_start and series.period_end = restated.period_end
    and series.breakdown is not distinct from restated.breakdown and series.breakdown_value is not distinct from restated.breakdown_value
  where withheld
)
select restated.* replace (coalesce(restated.load_ids, if(restated.load_id is null, [], [restated.load_id])) as load_ids)
from restated
anti join hidden on hidden.indicator_id = restated.indicator_id and hidden.unit_id = restated.unit_id
  and hidden.grain = restated.grain and hidden.period_start = restated.period_start and hidden.period_end = restated.period_end
  and hidden.breakdown is not distinct from restated.breakdown and hidden.breakdown_value is not distinct from restated.breakdown_value
order by restated_at desc, indicator_id, unit_id, grain, period_start;

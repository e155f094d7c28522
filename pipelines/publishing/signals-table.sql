-- Adds `signals` and `looked_at` to the snapshot. A signal that readers knew already keeps its name and the day it was first published,
-- also where newer points moved its beginning: what goes on under the same cause is the same. Needs `signals_before` and the macro of differs.sql.

create or replace temp table named_signals as
with candidates as (
  select signals.*, concat_ws('/', signals.indicator_id, signals.unit_id, signals.grain, signals.cause, signals.direction, signals.since) as own_id
  from signals
),
pairs as (
  select candidates.own_id, known.signal_id, known.published_at, known.changed_at,
    known.period_end = candidates.period_end and known.ongoing = candidates.ongoing
      and not differs(known."value", candidates."value") and known.points = candidates.points as same
  from candidates
  join signals_before as known
    on known.indicator_id = candidates.indicator_id and known.unit_id = candidates.unit_id and known.grain = candidates.grain
    and known.cause = candidates.cause and known.direction = candidates.direction
    and known.since <= candidates.period_end and candidates.since <= known.period_end
  qualify row_number() over (partition by candidates.own_id order by known.since, known.signal_id) = 1
    and row_number() over (partition by known.signal_id order by candidates.own_id <> known.signal_id, candidates.since) = 1
),
named as (
  select coalesce(pairs.signal_id, candidates.own_id) as name, candidates.* exclude (own_id),
    coalesce(pairs.published_at, getvariable('restated_at')) as published_at,
    if(pairs.same, pairs.changed_at, getvariable('restated_at')) as changed_at
  from candidates left join pairs using (own_id)
)
select if(nth = 1, name, name || '/' || nth) as signal_id, * exclude (name, nth)
from (select *, row_number() over (partition by name order by since) as nth from named);

create table if not exists snapshot.signals as from named_signals limit 0;
insert into snapshot.signals from named_signals order by indicator_id, unit_id, found_end, cause;

create table if not exists snapshot.looked_at as from looked_at limit 0;
insert into snapshot.looked_at from looked_at order by indicator_id, unit_id;

drop table temp.named_signals;

-- Figures whose sources, definition and targets are as they were are taken over from the snapshot before; what is fresh may have changed.
-- Needs `kept` (indicator_id, freshness) and `previous`.

insert into snapshot.series
select series.* replace (kept.freshness as freshness)
from previous.series join kept using (indicator_id);

insert into snapshot.outcomes
select outcomes.* from previous.outcomes semi join kept using (indicator_id);

insert into snapshot.limits
select limits.* from previous.limits semi join kept using (indicator_id);

insert into snapshot.signals
select signals.* from previous.signals semi join kept using (indicator_id);

insert into snapshot.looked_at
select looked_at.* from previous.looked_at semi join kept using (indicator_id);

-- Figures whose sources, definition and targets are as they were stand as in the snapshot before; what is fresh may have changed. Needs
-- `kept` (indicator_id, freshness).
update snapshot.series set freshness = kept.freshness
from kept
where kept.indicator_id = series.indicator_id and series.freshness is distinct from kept.freshness;

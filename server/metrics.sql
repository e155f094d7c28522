-- What /metrics tells of the pipelines' work; moments in seconds since 1970.

-- feeds
with last_loads as (
  select feed, max_by(struct_pack(accepted, merged, skipped, quarantined, finished_at), load_id) as load
  from loads group by feed
), refused as (select feed, count(*) as files from refusals group by feed)
select feed, list_position(['fresh', 'due', 'overdue'], freshness)::double - 1 as overdue, trouble,
  epoch(load.finished_at)::double as loaded_at, load.accepted::double as accepted, load.merged::double as merged,
  load.skipped::double as skipped, load.quarantined::double as quarantined, coalesce(refused.files, 0)::double as refused
from feeds left join last_loads using (feed) left join refused using (feed)
order by feed;

-- runs
select job, status, count(*)::double as runs from runs group by all order by all;

-- publish
select epoch(max_by(finished_at, run_id) filter (where status = 'done'))::double as published_at,
  max_by(epoch(finished_at - started_at), run_id) filter (where status = 'done')::double as seconds,
  (max_by(status, run_id) = 'failed')::double as failed
from runs where job = 'publish';

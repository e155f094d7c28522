-- Of all figures: how many there are of each level and grain, how many of them are withheld, and when the last complete one ends.
-- Needs `all_figures`.
create or replace temp table counted as
select indicator_id, level, grain, count(*) as cells, count(*) filter (withheld_reason is not null) as withheld,
  max(period_end) filter (complete) as newest
from all_figures
group by all

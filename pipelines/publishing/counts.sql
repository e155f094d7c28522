-- What a snapshot holds, and how much of it is told as restated by this publication.
select
  count(*) as "rows",
  count(*) filter (withheld) as withheld,
  (select count(*) from new_restatements) as restated
from snapshot.series;

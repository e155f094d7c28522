-- How many figures of $indicator_id each level and grain has, and how many of them are withheld. Needs `gated`.
select level, grain, count(*) as cells, count(*) filter (withheld_reason is not null) as withheld
from gated where indicator_id = $indicator_id
group by all order by level, grain

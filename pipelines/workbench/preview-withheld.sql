-- How many figures of $indicator_id each level and grain has, and how many of them are withheld. Needs `counted`.
select level, grain, cells, withheld
from counted where indicator_id = $indicator_id
order by level, grain

-- Takes from `told_states` the first of each unit that with the one before tells too much of those who moved between them, and adds it to
-- `hidden_states`; `telling` has these. To be repeated until there is none. Needs `movers`.

create or replace temp table telling as
with pairs as (
  select *, lag(month) over former as since, x - lag(x) over former as more, d - lag(d) over former as grown
  from told_states
  window former as (partition by indicator_id, version, unit_id order by month)
),
moved as (
  select pairs.*, coalesce(sum(movers.joined), 0) as joined, coalesce(sum(movers."left"), 0) as "left"
  from pairs left join movers on movers.unit_id = pairs.unit_id and movers.month > pairs.since and movers.month <= pairs.month
  where since is not null
  group by all
),
-- Who came from elsewhere within the force, or went there, is in no list of movements: what the number of people says besides.
known as (
  select * replace (joined + greatest(0, grown - joined + "left") as joined, "left" + greatest(0, joined - "left" - grown) as "left")
  from moved
),
-- What of those who came, and of those who went, can have been so: bounds, of how many people.
ranged as (
  select indicator_id, version, unit_id, month, unnest([
    {size: joined, low: greatest(0, more), high: least(joined, more + "left")},
    {size: "left", low: greatest(0, -more), high: least("left", joined - more)}], recursive := true)
  from known
)
select indicator_id, version, unit_id, min(month) as month
from ranged
-- Wide enough for an outsider, and for one of them who takes himself out (system.ts); or so many that they would be shown.
where (size > 0 or low > high) and (
  high - low < least(4, size) or high - greatest(low, 1) < least(4, size - 1) or least(high, size - 1) - low < least(4, size - 1))
  and not (size >= 10 and low >= 5 and size - high >= 5)
-- The first of each series: without it the next may tell nothing.
group by all;

insert into hidden_states from told_states semi join telling using (indicator_id, version, unit_id, month);
delete from told_states using telling
where telling.indicator_id = told_states.indicator_id and telling.version = told_states.version and telling.unit_id = told_states.unit_id
  and telling.month = told_states.month;

-- The months from first to last of the rows, and the lowest unit above all of them (or they themselves) at their time.
with recursive places as (
  select unit_id, max(day) as day from rows_of_load group by unit_id, date_trunc('month', day)
),
ancestors as (
  select unit_id, day, unit_id as ancestor, 0 as steps from places
  union all
  select a.unit_id, a.day, u.parent_id, a.steps + 1
  from ancestors as a
  join units as u on u.unit_id = a.ancestor and a.day between u.valid_from and coalesce(u.valid_to, date '9999-12-31')
  where u.parent_id is not null and a.steps < 20
),
shared as (
  select ancestor, sum(steps) as height from ancestors
  group by ancestor having count(*) = (select count(*) from places)
)
select
  (select cast(date_trunc('month', min(day)) as date) from rows_of_load) as "from",
  (select last_day(max(day)) from rows_of_load) as "to",
  (select ancestor from shared order by height, ancestor limit 1) as unit

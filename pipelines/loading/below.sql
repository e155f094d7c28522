-- The unit and everything below it, each with the days on which it was, within the days from $from to $to.
create or replace temp table load_below as
with recursive below as (
  select cast($unit as varchar) as unit_id, cast($from as date) as since, cast($to as date) as until, 0 as steps
  union all
  select u.unit_id, greatest(b.since, u.valid_from), least(b.until, coalesce(u.valid_to, b.until)), b.steps + 1
  from below as b
  join units as u on u.parent_id = b.unit_id
    and u.valid_from <= b.until and coalesce(u.valid_to, date '9999-12-31') >= b.since
  where b.steps < 20
)
select distinct unit_id, since, until from below

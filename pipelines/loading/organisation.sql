-- What is wrong with the units as a tree through time, as lines for a person.
with recursive periods as (
  select unit_id, parent_id, valid_from as since, coalesce(valid_to, date '9999-12-31') as until from units
),
orphans as (
  select format('{} has parent "{}", which is not among the units', unit_id, parent_id) as fault
  from periods as p
  where parent_id is not null
    and not exists (from periods as q where q.unit_id = p.parent_id and q.since <= p.until and q.until >= p.since)
),
overlapping as (
  select format('{} has two periods that overlap: from {} and from {}', p.unit_id, p.since, q.since) as fault
  from periods as p join periods as q
    on q.unit_id = p.unit_id and q.since > p.since and q.since <= p.until
),
climb as (
  select unit_id, unit_id as at, parent_id, since, until, 0 as steps from periods where parent_id is not null
  union all
  select c.unit_id, p.unit_id, p.parent_id, greatest(c.since, p.since), least(c.until, p.until), c.steps + 1
  from climb as c join periods as p
    on p.unit_id = c.parent_id and p.since <= c.until and p.until >= c.since
  where c.steps < 20 and p.unit_id <> c.unit_id
),
circles as (select distinct format('{} lies below itself', unit_id) as fault from climb where parent_id = unit_id)
select fault from (from orphans union all from overlapping union all from circles) order by fault

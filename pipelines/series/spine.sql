-- Which units exist in which month, and what lies below what. Makes temporary tables; needs the keys of keys.ts, the macros of
-- months.sql, and the tables `targets` and `stretches`.

-- Whole years, from the first month covered (or that a target asks for) to the last: what a period lacks at its beginning counts
-- as well as what it lacks at its end. Months between two changes of organisation or coverage share an epoch: what lies below
-- what is worked out once for each.
create or replace temp table months as
with reach as (
  select least(min(first_month), (select min(month_of("from")) from targets)) as first_asked, max(last_month) as last_reached
  from stretches
),
span as (
  select unnest(range(first_asked // 12 * 12, last_reached // 12 * 12 + 12))::integer as month from reach
),
changes as (
  select month_of(valid_from) as month from units
  union select month_of(valid_to) + 1 from units where valid_to is not null
  -- A unit that begins or ends within a month shares it with the one before or after.
  union select month_of(valid_from) + 1 from units where day(valid_from) > 1
  union select month_of(valid_to) from units where valid_to is not null and valid_to <> last_day(valid_to)
  union select first_month from stretches
  union select last_month + 1 from stretches
)
select span.month, first_day(span.month) as first_day, last_day(first_day(span.month)) as last_day,
  count(changes.month) over (order by span.month rows unbounded preceding)::integer as epoch
from span left join changes using (month);

create or replace temp table epochs as
select epoch, min(month) as first_month, min(first_day) as first_day, max(last_day) as last_day from months group by epoch;

-- A unit in an epoch; of two rows in one month the later holds.
create or replace temp table versions as
select units.unit_id::unit_key as unit_id, epochs.epoch, arg_max(units.level, units.valid_from) as level,
  try_cast(arg_max_null(units.parent_id, units.valid_from) as unit_key) as parent_id
from units
join epochs on units.valid_from <= epochs.last_day and coalesce(units.valid_to, date '9999-12-31') >= epochs.first_day
group by all;

create or replace temp table unit_levels as
select unit_id::unit_key as unit_id, arg_max(level, valid_from)::level_key as level from units group by unit_id;

-- Each unit with itself and all above it.
create or replace temp table above as
with recursive up(unit_id, ancestor_id, epoch, depth) as (
  select unit_id, unit_id, epoch, 0 from versions
  union all
  select up.unit_id, parent.unit_id, up.epoch, up.depth + 1
  from up
  join versions as own on own.unit_id = up.ancestor_id and own.epoch = up.epoch
  join versions as parent on parent.unit_id = own.parent_id and parent.epoch = own.epoch
  where up.depth < 20
)
select unit_id, ancestor_id, epoch, depth from up;

-- A unit that took over others as a whole has figures for their months too; totals above are not concerned.
create or replace temp table lineage as
with recursive successions as (
  select unit_id::unit_key as unit_id, try_cast(predecessor_id as unit_key) as predecessor_id, month_of(min(valid_from)) as start,
    min(valid_from) as starts_on
  from (select unit_id, unnest(predecessor_ids) as predecessor_id, valid_from from units)
  group by unit_id, predecessor_id
),
whole as (
  -- Every predecessor has this unit as its only successor and ended with it: after a split history stays where it is.
  select unit_id, predecessor_id, start
  from successions
  where unit_id not in (
    select unit_id from successions
    where predecessor_id in (select predecessor_id from successions group by 1 having count(distinct unit_id) > 1)
      or exists (
        from units
        where units.unit_id = successions.predecessor_id and units.valid_from < successions.starts_on
          and coalesce(units.valid_to, date '9999-12-31') >= successions.starts_on
      )
  )
),
back(unit_id, predecessor_id, start, depth) as (
  select unit_id, predecessor_id, start, 0 from whole
  union all
  select back.unit_id, whole.predecessor_id, whole.start, depth + 1
  from back join whole on whole.unit_id = back.predecessor_id
  where depth < 20
)
select unit_id, predecessor_id, start from back;

-- A unit with all to which it counts, each once.
create or replace temp table closure as
select unit_id, ancestor_id, epoch from above
union
select above.unit_id, lineage.unit_id, above.epoch
from lineage
join above on above.ancestor_id = lineage.predecessor_id
join epochs on epochs.epoch = above.epoch and epochs.first_month < lineage.start
where not exists (from versions as own where own.unit_id = lineage.unit_id and own.epoch = above.epoch);

create or replace temp table unit_epochs as
select unit_id, epoch, false as history from versions
union all
select distinct lineage.unit_id, versions.epoch, true
from lineage
join versions on versions.unit_id = lineage.predecessor_id
join epochs on epochs.epoch = versions.epoch and epochs.first_month < lineage.start
where not exists (from versions as same where same.unit_id = lineage.unit_id and same.epoch = versions.epoch);

create or replace temp table unit_months as
select unit_id, month, history from unit_epochs join months using (epoch);

-- Which months a period has.
create or replace temp table periods as
select 'month'::grain_key as grain, month, month as first_month, month as last_month from months
union all
select 'quarter'::grain_key, month, month // 3 * 3, month // 3 * 3 + 2 from months
union all
select 'half'::grain_key, month, month // 6 * 6, month // 6 * 6 + 5 from months
union all
select 'year'::grain_key, month, month // 12 * 12, month // 12 * 12 + 11 from months
union all
select 'r12'::grain_key, month, last_month - 11, last_month
from (select month, month + unnest(range(12)) as last_month from months)
where last_month <= (select max(month) from months) and last_month - 11 >= (select min(month) from months);

-- How many months of each epoch a period has, and the last of them: what is so in one month of an epoch is so in all.
create or replace temp table epoch_periods as
select grain, first_month, last_month, epoch, count(*) as months, max(month) as last_of_epoch
from periods join months using (month)
group by all;

-- The periods of each unit: how many months of each there are, and whether any of them is its history only. r12 ends with any month for
-- force and units, with half-years below them.
create or replace temp table unit_periods as
select (row_number() over ())::integer as period_no, *
from (
  select unit_id, grain, first_month, last_month, sum(months)::bigint as months, bool_or(history) as history
  from unit_epochs
  join epoch_periods using (epoch)
  join unit_levels using (unit_id)
  where grain <> 'r12' or level in ('force', 'unit') or last_month % 6 = 5
  group by all
);

create or replace temp table unit_period_epochs as
select period_no, unit_id, grain, last_month, epoch, epoch_periods.months, last_of_epoch
from unit_periods join epoch_periods using (grain, first_month, last_month);

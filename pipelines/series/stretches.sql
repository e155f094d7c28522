-- What was covered by one load after another, as whole stretches: of a feed, or of a part of it that an indicator reads. Needs
-- `part_coverage`, the variable `today`, the keys of keys.ts and the macros of months.sql.
create or replace temp table stretches as
with stated as (
  select part, try_cast(unit_id as unit_key) as unit_id, month_of(from_month) as first_month, least(month_of(to_month), month_of(getvariable('today'))) as last_month
  from coverage
  join part_coverage on part_coverage.feed = coverage.feed and part_coverage.only_values is not distinct from coverage.only_values
  -- Without a unit it covers all; of a unit that there is not, none.
  where unit_id is null or unit_id in (select unit_id from units)
),
begun as (
  select *, first_month > 1 + coalesce(max(last_month) over (
      partition by part, unit_id order by first_month, last_month rows between unbounded preceding and 1 preceding), -1) as begins
  from stated where last_month >= first_month
),
numbered as (
  select *, count(*) filter (begins) over (partition by part, unit_id order by first_month, last_month rows unbounded preceding) as stretch
  from begun
)
select part, unit_id, min(first_month) as first_month, max(last_month) as last_month
from numbered group by part, unit_id, stretch;

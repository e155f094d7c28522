-- Which figures there can be: what is covered of each unit, and the windows of its targets. Needs the tables of spine.sql and covered.sql, `computed`
-- (what a version of a definition says of the way), `indicator_parts` and `applied_targets`.

-- What versions are made of the same parts of feeds is known in the same months.
create or replace temp table groups as
select parts, any_feed, feeds, (row_number() over (order by parts, any_feed))::integer as group_no, list(computed_id) as computed_ids
from (
  select computed_id, string_agg(part, '+' order by part) as parts, any_feed, count(*) as feeds
  from indicator_parts join computed using (computed_id)
  group by computed_id, any_feed
)
group by parts, any_feed, feeds;

create or replace temp table grouped as
select computed.*, own.group_no
from computed join (select unnest(computed_ids) as computed_id, group_no from groups) as own using (computed_id);

create or replace temp table known_epochs as
select parts.group_no, covered.unit_id, covered.epoch,
  -- Covered by all of the feeds (or by any of them); else at least a part of each is there.
  case when any_feed then bool_or(covered.whole) else count(*) = feeds and bool_and(covered.whole) end as whole
from (
  select distinct groups.group_no, groups.any_feed, groups.feeds, part
  from groups join indicator_parts on indicator_parts.computed_id = groups.computed_ids[1]
) as parts
join covered_epochs as covered using (part)
group by parts.group_no, covered.unit_id, covered.epoch, any_feed, feeds
having any_feed or count(*) = feeds;

create or replace temp table covered_months as
select group_no, unit_id, month, whole from known_epochs join months using (epoch);

-- How far the feeds of a group reach, over all units.
create or replace temp table group_reach as
select group_no, min(month) as first_reached, max(month) as last_reached from covered_months group by group_no;

-- The figure by which a target over a period is judged: from its start to each half-year's end, and to its own.
create or replace temp table spans as
with ends as (
  select target_id, indicator_id, unit_id, first_month, unnest(list_distinct(list_filter(
      range(first_month, final_month + 1), lambda m: m % 6 = 5 or m = final_month))) as last_month
  from (
    select *, month_of("from") as first_month, month_of("to") as final_month from applied_targets
    where breakdown is null and "from" < "to" and not replaced and (not at_grain or grain = 'target')
  )
),
expected as (
  select ends.*, count(*) as months, bool_or(history) as history
  from ends join unit_months on unit_months.unit_id = ends.unit_id and unit_months.month between ends.first_month and ends.last_month
  group by all
),
found as (
  select own.group_no, ends.target_id, ends.unit_id, ends.last_month, count(*) as found, count(*) filter (whole) as covered,
    max(month) as last_found, arg_max(whole, month) as last_whole
  from ends
  join (select distinct indicator_id, group_no from grouped) as own using (indicator_id)
  join covered_months on covered_months.group_no = own.group_no and covered_months.unit_id = ends.unit_id
    and covered_months.month between ends.first_month and ends.last_month
  group by all
)
select found.group_no, found.unit_id, 'target'::grain_key as grain, expected.first_month, found.last_month, found.found, found.covered,
  found.last_found, found.last_whole, expected.months, expected.history, found.target_id, expected.indicator_id as only_indicator
from found join expected using (target_id, unit_id, last_month)
join group_reach using (group_no)
-- The last may be that of a half-year in progress.
where found.last_month <= group_reach.last_reached // 6 * 6 + 5;

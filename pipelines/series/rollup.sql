-- From cells to figures: over units as they lay at the time, then over time. A total is always sum over sum.
-- Needs the tables of spine.sql, `indicators` (what a definition says of the way), `indicator_parts`, `cells` and `applied_targets`.

create or replace temp table groups as
select indicator_id, string_agg(part, '+' order by part) || ' ' || any_feed as group_key, any_feed, count(*) as feeds
from indicator_parts join indicators using (indicator_id)
group by indicator_id, any_feed;

-- `whole`: covered by all of the feeds (or by any of them); `some`: at least a part of each is there.
create or replace temp table group_months as
select groups.group_key, covered.unit_id, covered.month,
  case when any_feed then bool_or(covered.whole) else count(*) = feeds and bool_and(covered.whole) end as whole
from (select distinct group_key, any_feed, feeds, part from groups join indicator_parts using (indicator_id)) as groups
join covered using (part)
group by groups.group_key, covered.unit_id, covered.month, any_feed, feeds
having any_feed or count(*) = feeds;

-- How far the feeds of a group reach, over all units.
create or replace temp table group_reach as
select group_key, min(month) as first_reached, max(month) as last_reached from group_months group by group_key;

-- The periods of each unit: how many of its months there are, how many are covered, and whether the last of them is.
-- r12 ends with any month for force and units, with half-years below them.
create or replace temp table spans as
with own_periods as (
  select unit_levels.unit_id, periods.*
  from unit_levels
  join periods on periods.grain <> 'r12' or unit_levels.level in ('force', 'unit') or periods.last_month % 6 = 5
),
expected as (
  select unit_id, grain, first_month, last_month, count(*) as months, bool_or(history) as history
  from unit_months join own_periods using (unit_id, month)
  group by all
),
found as (
  select group_key, unit_id, grain, first_month, last_month, count(*) as found, count(*) filter (whole) as covered,
    max(month) as last_found, arg_max(whole, month) as last_whole
  from group_months join own_periods using (unit_id, month)
  group by all
)
select found.*, expected.months, expected.history, null::integer as target_id, null::varchar as only_indicator
from found
join expected using (unit_id, grain, first_month, last_month)
join group_reach using (group_key)
-- Twelve months are those of twelve that the feeds can have.
where grain <> 'r12' or (first_month >= first_reached and last_month <= last_reached);

-- The figure by which a target over a period is judged: from its start to each half-year's end, and to its own.
insert into spans
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
  select groups.group_key, ends.target_id, ends.unit_id, ends.last_month, count(*) as found, count(*) filter (whole) as covered,
    max(month) as last_found, arg_max(whole, month) as last_whole
  from ends
  join groups using (indicator_id)
  join group_months on group_months.group_key = groups.group_key and group_months.unit_id = ends.unit_id
    and group_months.month between ends.first_month and ends.last_month
  group by all
)
select found.group_key, found.unit_id, 'target', expected.first_month, found.last_month, found.found, found.covered,
  found.last_found, found.last_whole, expected.months, expected.history, found.target_id, expected.indicator_id
from found join expected using (target_id, unit_id, last_month)
join group_reach using (group_key)
-- The last may be that of a half-year in progress.
where found.last_month <= group_reach.last_reached // 6 * 6 + 5;

-- Over units. A figure that stands for a unit whole (a share as its source has it) is neither rolled up nor added to.
create or replace temp table monthly as
with sums as (
  select cells.indicator_id, closure.ancestor_id as unit_id, cells.month, cells.breakdown, cells.breakdown_value,
    sum(numerator) as numerator, sum(denominator) as denominator, sum(unknown) as unknown, bool_or(withheld) as withheld
  from cells
  join months on months.month = cells.month
  join closure on closure.unit_id = cells.unit_id and closure.epoch = months.epoch
  where not whole
  group by all
),
wholes as (
  select indicator_id, unit_id, month, breakdown, breakdown_value, any_value(numerator) as numerator, any_value(denominator) as denominator,
    any_value(unknown) as unknown, bool_or(withheld) as withheld, any_value(share) as share, any_value(share_step) as share_step
  from cells where whole
  group by all
)
select wholes.* from wholes
union all
select sums.*, null, null
from sums anti join wholes on wholes.indicator_id = sums.indicator_id and wholes.unit_id = sums.unit_id and wholes.month = sums.month
  and wholes.breakdown is not distinct from sums.breakdown;

-- Breakdowns: all grains for force and units, half-years and years below them; protected ones by year for districts, never for teams.
create or replace temp table figure_spans as
select indicators.indicator_id, indicators.kind, indicators.stock, spans.* exclude (only_indicator), unit_levels.level,
  case
    when unit_levels.level in ('force', 'unit') then spans.grain <> 'target'
    when not indicators.protected then spans.grain in ('half', 'year')
    else unit_levels.level in ('district', 'service') and spans.grain = 'year'
  end as broken_down
from spans
join groups using (group_key)
join indicators using (indicator_id)
join unit_levels using (unit_id)
where list_contains(indicators.levels, unit_levels.level) and list_contains(indicators.grains, spans.grain)
  and coalesce(spans.only_indicator = indicators.indicator_id, true);

-- Flows: the sum of the months that are covered. Where they are covered and there is nothing, there were none.
create or replace temp table flow_months as
select monthly.*
from monthly
join indicators using (indicator_id)
join groups using (indicator_id)
semi join group_months on group_months.group_key = groups.group_key and group_months.unit_id = monthly.unit_id and group_months.month = monthly.month
where not indicators.stock and indicators.kind <> 'score';

create or replace temp table flow_sums as
select m.indicator_id, m.unit_id, p.grain, p.first_month, p.last_month, null::integer as target_id, m.breakdown, m.breakdown_value,
  sum(m.numerator) as numerator, sum(m.denominator) as denominator, sum(m.unknown) as unknown, bool_or(m.withheld) as withheld
from flow_months as m
join unit_levels using (unit_id)
join periods as p on p.month = m.month
where (p.grain <> 'r12' or unit_levels.level in ('force', 'unit') or p.last_month % 6 = 5)
  and (m.breakdown is null or p.grain in ('half', 'year') or unit_levels.level in ('force', 'unit'))
group by all
union all
select m.indicator_id, m.unit_id, 'target', s.first_month, s.last_month, s.target_id, null, null,
  sum(m.numerator), sum(m.denominator), sum(m.unknown), bool_or(m.withheld)
from flow_months as m
join figure_spans as s on s.grain = 'target' and s.indicator_id = m.indicator_id and s.unit_id = m.unit_id
  and m.month between s.first_month and s.last_month
where m.breakdown is null
group by all;

create or replace temp table breakdown_values as
select distinct indicator_id, breakdown, breakdown_value from cells where breakdown is not null and breakdown_value <> '*'
union
-- What is counted has a 0 for each value that the definition names.
select indicator_id, breakdown, breakdown_value from declared_values
where indicator_id in (select indicator_id from cells);

create or replace temp view figures as
with wanted as (
  select figure_spans.*, null::varchar as breakdown, null::varchar as breakdown_value from figure_spans
  union all
  select figure_spans.*, breakdown_values.breakdown, breakdown_values.breakdown_value
  from figure_spans join breakdown_values using (indicator_id)
  where broken_down
),
flows as (
  select wanted.*, coalesce(own.numerator, 0) as numerator,
    -- In a rate, exposure without a value of the breakdown is that of all its values.
    coalesce(own.denominator, 0) + coalesce(exposure.denominator, 0) as denominator,
    coalesce(own.unknown, 0) as unknown, null::double as share, null::double as share_step,
    coalesce(own.withheld, false) or coalesce(exposure.withheld, false) as source_withheld
  from wanted
  left join flow_sums as own on own.indicator_id = wanted.indicator_id and own.unit_id = wanted.unit_id and own.grain = wanted.grain
    and own.first_month = wanted.first_month and own.last_month = wanted.last_month
    and own.target_id is not distinct from wanted.target_id
    and own.breakdown is not distinct from wanted.breakdown and own.breakdown_value is not distinct from wanted.breakdown_value
  left join flow_sums as exposure on exposure.breakdown_value = '*' and exposure.indicator_id = wanted.indicator_id
    and exposure.unit_id = wanted.unit_id and exposure.grain = wanted.grain and exposure.first_month = wanted.first_month
    and exposure.last_month = wanted.last_month and exposure.breakdown = wanted.breakdown
  where not wanted.stock and wanted.kind <> 'score'
),
-- Stocks: the last month that is there.
stocks as (
  select figure_spans.*, m.breakdown, m.breakdown_value, m.numerator, m.denominator, m.unknown, m.share, m.share_step, m.withheld
  from figure_spans
  join monthly as m on m.indicator_id = figure_spans.indicator_id and m.unit_id = figure_spans.unit_id and m.month = figure_spans.last_found
  where figure_spans.stock and figure_spans.grain <> 'target' and (m.breakdown is null or broken_down)
),
-- Scores: the last wave of the period. Months without a wave lack nothing.
waves as (
  select figure_spans.* replace (if(group_months.whole, months, 0) as covered), m.breakdown, m.breakdown_value, m.numerator, m.denominator, m.unknown, m.share, m.share_step, m.withheld
  from figure_spans
  join monthly as m on m.indicator_id = figure_spans.indicator_id and m.unit_id = figure_spans.unit_id
    and m.month between figure_spans.first_month and figure_spans.last_month
  join group_months on group_months.group_key = figure_spans.group_key and group_months.unit_id = m.unit_id and group_months.month = m.month
  where figure_spans.kind = 'score' and (m.breakdown is null or broken_down)
  qualify row_number() over (
    partition by m.indicator_id, m.unit_id, grain, target_id, first_month, last_month, m.breakdown, m.breakdown_value order by m.month desc
  ) = 1
)
select indicator_id, unit_id, level, grain, first_day(first_month) as period_start, last_day(first_day(last_month)) as period_end,
  target_id as own_target_id, breakdown, breakdown_value, numerator,
  case when figures.kind = 'count' then null
    when indicators.exposure = 'mean' then denominator / found
    else denominator end as denominator,
  unknown, share, share_step, source_withheld, over and covers as complete, history and over and not covers as reference
from (
  select *, last_day(first_day(last_month)) < getvariable('today') as over,
    -- A stock is that of the period's last day, a score that of its last wave; what adds up needs all months of the unit.
    case when stock then last_found = last_month and last_whole when kind = 'score' then last_whole else covered = months end as covers
  from (from flows union all by name (select * rename (withheld as source_withheld) from stocks) union all by name (select * rename (withheld as source_withheld) from waves))
) as figures
join indicators using (indicator_id);

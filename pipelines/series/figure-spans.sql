-- Which figures there are: the periods of each unit in which something is known of it, for each version of a definition that it holds for, from
-- the month in which they begin to be computed anew. Needs the tables of spans.sql and spine.sql, and `begun`.

-- The grains that a group has, and the month from which its periods are needed: a running count has run since before, and a change is
-- compared with long before, of twelve months with a year.
create or replace temp table group_grains as
select group_no, unnest(grains)::grain_key as grain, from_month
from (
  select group_no, min(if(kind in ('change', 'cumulative'), 0, coalesce(begun.from_month, 0))) as from_month,
    list_distinct(flatten(list(if(kind = 'change', list_append(grains, 'year'), grains)))) as grains
  from grouped left join begun using (indicator_id)
  group by group_no
);

-- The periods of each unit in which something is covered: how many of its months are, and whether the last of them is.
delete from spans where target_id is null;

insert into spans by name
with found as (
  select group_no, period_no, sum(months)::bigint as found, coalesce(sum(months) filter (whole), 0)::bigint as covered,
    max(last_of_epoch) as last_found, arg_max(whole, last_of_epoch) as last_whole
  from known_epochs join unit_period_epochs using (unit_id, epoch) join group_grains using (group_no, grain)
  where last_month >= from_month
  group by group_no, period_no
)
select found.* exclude (period_no), unit_periods.* exclude (period_no), null::integer as target_id, null::varchar as only_indicator
from found
join unit_periods using (period_no)
join group_reach using (group_no)
-- Twelve months are those of twelve that the feeds can have.
where grain <> 'r12' or (first_month >= first_reached and last_month <= last_reached);

-- A period is computed under the version that holds on its last day. Breakdowns: all grains for force and units, half-years and
-- years below them; protected ones by year for districts, never for teams.
create or replace temp table numbered_spans as
select grouped.computed_id, grouped.indicator_id, grouped.kind, grouped.stock, grouped.kind = 'count' and grouped.has_spells as or_none,
  spans.* exclude (only_indicator), unit_levels.level,
  case
    when unit_levels.level in ('force', 'unit') then spans.grain <> 'target'
    when not grouped.protected then spans.grain in ('half', 'year')
    else unit_levels.level in ('district', 'service') and spans.grain = 'year'
  end as broken_down
from spans
join grouped using (group_no)
join unit_levels using (unit_id)
left join begun using (indicator_id)
where spans.last_month >= coalesce(begun.from_month, 0)
  and list_contains(grouped.levels, unit_levels.level) and list_contains(grouped.grains, spans.grain)
  and spans.last_month between grouped.first_end and grouped.last_end
  and coalesce(spans.only_indicator = grouped.indicator_id, true);

-- A span's number is its row's.
create or replace temp view figure_spans as
select rowid::integer as span_no, * from numbered_spans;

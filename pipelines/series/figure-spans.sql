-- Which figures there are: the periods of each unit in which something is known of it, for each version of a definition that it holds for, from
-- the month in which they begin to be computed anew. Needs the tables of spans.sql and spine.sql, and `begun`.

-- The month from which the periods of a group are needed: a running count has run since before, and a change is compared with long before.
create or replace temp table group_from as
select group_no, min(if(kind in ('change', 'cumulative'), 0, coalesce(begun.from_month, 0))) as from_month
from grouped left join begun using (indicator_id)
group by group_no;

-- The periods of each unit in which something is covered: how many of its months are, and whether the last of them is.
delete from spans where target_id is null;

insert into spans by name
with found as (
  select group_no, unit_id, grain, first_month, last_month, count(*) as found, count(*) filter (whole) as covered,
    max(month) as last_found, arg_max(whole, month) as last_whole
  from covered_months join own_periods using (unit_id, month) join group_from using (group_no)
  where last_month >= from_month
  group by all
)
select found.*, unit_periods.months, unit_periods.history, null::integer as target_id, null::varchar as only_indicator
from found
join unit_periods using (unit_id, grain, first_month, last_month)
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

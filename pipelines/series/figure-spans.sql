-- The figures of each version of a definition: the periods of spans.sql that it holds for, from the month in which they begin to be computed
-- anew. Needs `spans`, `grouped`, `begun` and the tables of spine.sql.

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

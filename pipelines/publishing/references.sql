-- Breaks of series, and what others published beside them.

create or replace temp table all_breaks as
-- A line in data/breaks.csv without a unit is of all units.
select indicator_id, unit_id, on_date, kind, label_nl, label_en
from stated_breaks
where indicator_id in (select indicator_id from definitions) and (unit_id is null or unit_id in (select unit_id from units))
union all
-- A unit that took over others begins with a break.
select definitions.indicator_id, units.unit_id, units.valid_from, 'organisation', 'reorganisatie', 'reorganisation'
from units, definitions
where len(units.predecessor_ids) > 0
  and units.valid_from > (select date_trunc('year', least(min(from_month), (select min("from") from targets))) from coverage)
union all
select indicator_id, null, (version->>'$.valid_from')::date, 'definition', version->>'$.change.nl', version->>'$.change.en'
from (
  select indicator_id, definition::json->'$.version' as version from definitions
  union all
  select indicator_id, unnest(json_extract(definition, '$.earlier[*].version')) from definitions
)
where (version->>'$.number')::integer > 1;

-- Published figures of measures that are an indicator by data/published/measures.csv; what has no place beside the
-- monitor's figures has the reason in its stead.
create or replace temp table placed_references as
with units_by_name as (
  select unit_id, name, level, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to from units
),
known as (
  from published
  where measure in (select measure from measures semi join definitions using (indicator_id))
)
select known.*, measures.indicator_id, units_by_name.unit_id, measures.factor::double as factor,
  case
    when measures.indicator_id is null then 'breakdown'
    when period_end is null then 'period'
    when units_by_name.unit_id is null then 'unit'
  end as left_out
from known
left join (from measures semi join definitions using (indicator_id)) as measures
  on measures.measure = known.measure and coalesce(known.breakdown, 'total') glob measures.breakdown
  and coalesce(measures.unit, '') in ('', known.unit)
left join units_by_name
  on (units_by_name.name = known.unit or (known.unit = 'Nederland' and units_by_name.level = 'force'))
  and known.period_end between units_by_name.valid_from and units_by_name.valid_to;

create or replace temp table all_references as
select indicator_id, unit_id, coalesce(period_start, period_end) as period_start, period_end, "value" * factor as "value",
  source_title, publisher, source_date, source_url, concat_ws('; ', nullif(breakdown, 'total'), note) as note
from placed_references
where left_out is null;

-- What others count of the same, by data/published/beside.csv: never compared, for it is not the same number.
create or replace temp table all_beside as
with units_by_name as (
  select unit_id, name, level, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to from units
)
select beside.indicator_id, units_by_name.unit_id, coalesce(period_start, period_end) as period_start, period_end, "value"::double as "value",
  title_nl, title_en, source_title, publisher, source_date, source_url, note
from published
join (from beside semi join definitions using (indicator_id)) as beside
  on beside.measure = published.measure and coalesce(published.breakdown, 'total') glob beside.breakdown
  and coalesce(beside.unit, '') in ('', published.unit)
join units_by_name
  on (units_by_name.name = published.unit or (published.unit = 'Nederland' and units_by_name.level = 'force'))
  and published.period_end between units_by_name.valid_from and units_by_name.valid_to
where published."value" is not null;

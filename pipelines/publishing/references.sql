-- Breaks of series, and what others published beside them.

create or replace temp table all_breaks as
-- A line in data/breaks.csv without a unit is of all units.
select indicator_id, nullif(unit_id, '') as unit_id, on_date::date as on_date, kind, label_nl, label_en
from stated_breaks
where indicator_id in (select indicator_id from definitions) and (nullif(unit_id, '') is null or unit_id in (select unit_id from units))
union all
-- A unit that took over others begins with a break.
select definitions.indicator_id, units.unit_id, units.valid_from, 'organisation', 'reorganisatie', 'reorganisation'
from units, definitions
where len(units.predecessor_ids) > 0 and units.valid_from > (select min(first_day) from months)
union all
select indicator_id, null, (definition->>'$.version.valid_from')::date, 'definition',
  definition->>'$.version.change.nl', definition->>'$.version.change.en'
from definitions
where (definition->>'$.version.number')::integer > 1;

create or replace temp table all_references as
with units_by_name as (
  select unit_id, name, level, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to from units
)
select measures.indicator_id, units_by_name.unit_id, published.period_start, published.period_end,
  published."value" * measures.factor::double as "value", published.source_title, published.publisher, published.source_date,
  published.source_url, concat_ws('; ', nullif(published.breakdown, 'total'), published.note) as note
from published
join measures on measures.measure = published.measure and published.breakdown glob measures.breakdown
  and coalesce(measures.unit, '') in ('', published.unit)
join units_by_name on (units_by_name.name = published.unit or (published.unit = 'Nederland' and units_by_name.level = 'force'))
  and published.period_end between units_by_name.valid_from and units_by_name.valid_to
where measures.indicator_id in (select indicator_id from definitions)
  and published.period_end = make_date(year(published.period_end), 12, 31)
  and (published.period_start = published.period_end or published.period_start = make_date(year(published.period_end), 1, 1));

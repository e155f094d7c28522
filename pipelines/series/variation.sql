-- The shown totals of which something is said over time, as numbers: what variation.ts reads. Only what
-- the gate showed takes part, and no figure that may still change. Needs `shown_totals`, `targets` and `varied` (indicator_id, indicator_no).

create or replace temp table numbered_units as
select unit_id, level::varchar as level, row_number() over (order by unit_id)::integer as unit_no
from (select distinct unit_id from shown_totals) join unit_levels using (unit_id);

create or replace temp table said_codes (row_no integer, said utinyint);

create or replace temp table limit_codes (
  indicator_no integer, unit_no integer, grain_no integer, from_day integer, to_day integer, chart utinyint,
  centre double, "lower" double, "upper" double, dispersion double, scale double, points integer
);

create or replace temp view varying as
select shown.row_no::integer as row_no, indicator_no, unit_no, list_position(['month', 'quarter', 'half', 'year'], shown.grain)::integer as grain_no,
  (shown.period_start - date '1970-01-01')::integer as start_day, (shown.period_end - date '1970-01-01')::integer as end_day,
  shown.definition_version::integer as version,
  shown.value::double as value,
  coalesce(shown.numerator::double, 'nan'::double) as numerator, coalesce(shown.denominator::double, 'nan'::double) as denominator,
  coalesce(shown.lower::double, 'nan'::double) as lower, coalesce(shown.upper::double, 'nan'::double) as upper,
  coalesce(shown.target::double, 'nan'::double) as target, coalesce(targets.tolerance::double, 'nan'::double) as tolerance
from shown_totals as shown
join varied using (indicator_id)
join numbered_units using (unit_id)
left join targets using (target_id)
where not shown.withheld and shown.value is not null and shown.complete
  and shown.grain in ('month', 'quarter', 'half', 'year');

-- Where series are parted: of all units where no unit is named.
create or replace temp view parting as
select indicator_no, unit_no, (on_date - date '1970-01-01')::integer as day
from all_breaks
join varied using (indicator_id)
left join numbered_units on numbered_units.unit_id = all_breaks.unit_id
where all_breaks.unit_id is null or unit_no is not null
order by day;

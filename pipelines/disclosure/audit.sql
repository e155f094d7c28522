-- What the rows of `audited_series` say of which finest cells, and which of them are kept from readers: from what was published, not from
-- how it was made. Needs `audited_series`, `indicators`, `begun`, and the tables of places.sql.

-- As the gate counts them, but not by its code.
create or replace temp macro weekdays(first_day, last_day) as
  len(list_filter(generate_series(first_day::timestamp, last_day::timestamp, interval 1 day), lambda day: isodow(day) <= 5));

create or replace temp table audited_rows as
select indicators.indicator_id, definition_version as version, try_cast(unit_id as unit_key) as unit_id, grain::grain_key as grain, period_start, period_end, breakdown, breakdown_value,
  kind, numerator, denominator, withheld, withheld_reason, band_side, indicators.stock or kind = 'score' as of_one_month,
  month_of(period_start) as first_month, month_of(period_end) as last_month,
  if(in_days, 10 * weekdays(period_start, period_end), min_denominator) as least_whole, if(in_days, 0, min_numerator) as least_part
from audited_series join indicators on indicators.indicator_id = audited_series.indicator_id
left join begun on begun.indicator_id = audited_series.indicator_id
where protected and kind in ('share', 'score', 'rate', 'ratio') and case
  when not withheld then numerator is not null and denominator > 0
  when withheld_reason in ('floor', 'incomplete') then grain in ('month', 'quarter', 'half', 'year')
  -- What waits for its proof may be shown later.
  else withheld_reason in ('threshold', 'complement', 'band') end
  -- Of a window that begins before what was computed not all cells are there.
  and (indicators.stock or kind = 'score' or month_of(period_start) >= coalesce(begun.from_month, 0));

create or replace temp view audited as
select rowid as row_id, * from audited_rows;

-- A state is that of one month, a score that of one wave: the last of the period.
create or replace temp table audited_cells as
with row_months as (
  select row_id, indicator_id, version, unit_id, coalesce(breakdown || '=' || breakdown_value, '') as tag, of_one_month,
    unnest(range(first_month, last_month + 1)) as month
  from audited
),
matched as (
  select row_id, cell, month, numerator, people, of_one_month, max(month) over (partition by row_id) as newest
  from row_months join cells_above using (indicator_id, version, unit_id, month, tag)
)
select row_id, list(cell order by cell) as cells, sum(numerator) as numerator, sum(people) as people
from matched
where not of_one_month or month = newest
group by row_id;

create or replace temp table said as
select audited.*, audited_cells.cells, audited_cells.people
from audited join audited_cells using (row_id)
where case
  -- Only what adds up is a sum of cells: a figure that stands for a unit whole is not, nor what an older snapshot told of other people,
  -- since how many there are is known to all. (A rate's are those of its exposure.)
  when not withheld then abs(audited.numerator - audited_cells.numerator) < 1e-6
    and (kind not in ('share', 'score') or abs(audited.denominator - people) < 1e-6)
  -- What is withheld for its period alone, and could be shown by its numbers, is nobody's secret.
  when withheld_reason in ('floor', 'incomplete') then not (people >= least_whole and audited_cells.numerator >= least_part
    and people - audited_cells.numerator >= least_part)
  else true end
  -- Nobody can be told where nobody is.
  and people > 0;

-- A running year of two halves that stand beside it says nothing of its own.
create or replace temp table statements_said as
from said
where withheld or not (grain = 'r12' and month(period_end) = 6 and not of_one_month) or 2 > (
  select count(*) from said as half
  where half.indicator_id = said.indicator_id and half.unit_id = said.unit_id and half.grain = 'half' and not half.withheld
    and half.period_start >= said.period_start and half.period_end <= said.period_end
    and half.breakdown is not distinct from said.breakdown and half.breakdown_value is not distinct from said.breakdown_value);

create or replace temp table audited_figures as
select row_number() over (order by indicator_id, first_month, last_month, cells) as figure, *
from (
  select indicator_id, cells, min(first_month) as first_month, max(last_month) as last_month,
    coalesce(any_value(numerator) filter (not withheld), 0) as numerator, any_value(people) as people, bool_or(not withheld) as exact,
    any_value(band_side) as band, bool_and(grain in ('r12', 'target')) as is_window,
    min(least_whole) as least_whole, any_value(least_part) as least_part, 0 as cost, false as of_force, list(row_id) as row_ids
  from statements_said group by indicator_id, cells
);

-- What a reader has of protected figures, and of which finest cells each is the sum. Needs `gated`, `told`, `begun` and
-- the tables of places.sql. Figures of the same cells are one figure, under however many grains or units it stands.

create or replace temp table guarded as
select gated.rowid as row_id,
  indicator_id, version, unit_id, level, grain, period_start, period_end, breakdown, breakdown_value, kind, stock,
  numerator, denominator, withheld_reason, band_side, least_whole, least_part,
  -- A running year that ends in June is two halves of different years: it is shown where they are, and tells nothing more.
  not stock and kind <> 'score' and grain = 'r12' and month(period_end) <> 12 as between_years,
  month_of(period_start) as first_month, month_of(period_end) as last_month
from gated join (select indicator_id, stock from indicators) using (indicator_id)
left join begun using (indicator_id)
where protected and share is null and withheld_reason is distinct from 'source'
  -- Nobody can be told where nobody is.
  and kind in ('share', 'score', 'rate', 'ratio') and denominator > 0
  -- What is withheld for its period alone, and could be shown by its numbers, is nobody's secret. Windows over several periods are
  -- made of those.
  and not coalesce(withheld_reason in ('floor', 'incomplete') and (grain in ('r12', 'target')
    or (denominator >= least_whole and numerator >= least_part and denominator - numerator >= least_part)), false)
  -- Of a window that begins before what is computed not all cells are there; it ties nothing together (continued.sql).
  and (stock or kind = 'score' or month_of(period_start) >= coalesce(begun.from_month, 0));

-- A state is that of one month, a score that of one wave: the last of the period that is there.
create or replace temp table sums_of_cells as
with row_months as (
  select row_id, indicator_id, version, unit_id, coalesce(breakdown || '=' || breakdown_value, '') as tag, stock or kind = 'score' as of_one_month,
    unnest(range(first_month, last_month + 1)) as month
  from guarded
),
matched as (
  select row_id, cell, month, numerator, of_one_month, if(of_one_month, max(month) over (partition by row_id), null) as newest
  from row_months join cells_above using (indicator_id, version, unit_id, month, tag)
)
select row_id, list(cell order by cell) as cells, min(month) as first_month, max(month) as last_month
from matched join guarded using (row_id)
where not of_one_month or month = newest
group by row_id
-- Only what adds up is a sum of cells: a figure that stands for a unit whole is not.
having abs(sum(matched.numerator) - any_value(guarded.numerator)) < 1e-6;

-- One figure for all rows of the same cells.
create or replace temp table figures_of_cells as
select row_number() over (order by indicator_id, first_month, last_month, cells) as figure, *
from (
  select indicator_id, cells, any_value(sums_of_cells.first_month) as first_month, any_value(sums_of_cells.last_month) as last_month,
    any_value(kind) as kind, min(guarded.numerator) as numerator, max(guarded.denominator) as people,
    bool_or(withheld_reason is null and not between_years) as exact, any_value(band_side) filter (not between_years) as band,
    bool_and(grain in ('r12', 'target')) as is_window,
    min(least_whole) as least_whole, any_value(least_part) as least_part, bool_or(level = 'force') as of_force, list(row_id) as row_ids,
    -- What readers lose: levels go before grains, totals before breakdowns. What was told before cannot be taken back.
    if(bool_or(coalesce(abs(told.numerator - guarded.numerator) < 1e-6 and abs(told.denominator - guarded.denominator) < 1e-6 and not told.withheld, false)), 'infinity'::double, coalesce(sum(case when not between_years and coalesce(withheld_reason, 'band') = 'band' then
      case level when 'force' then 1000 when 'unit' then 100 when 'district' then 10 when 'service' then 8 else 1 end
      * case grain when 'month' then 1 when 'quarter' then 2 when 'half' then 4 when 'year' then 10 when 'target' then 12 else 1 end
      * if(breakdown is null, 1, 0.2) * if(withheld_reason is null, 1, 0.3) end), 0)) as cost
  from guarded join sums_of_cells using (row_id) left join told using (row_id)
  group by indicator_id, cells
);

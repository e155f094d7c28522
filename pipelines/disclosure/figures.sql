-- What a reader has of protected figures, and of which finest cells each is the sum. Needs `gated` and
-- the tables of places.sql. Figures of the same cells are one figure, under however many grains or units it stands.

create or replace temp table guarded as
select gated.rowid as row_id,
  indicator_id, version, unit_id, level, grain, period_start, period_end, breakdown, breakdown_value, kind, stock,
  numerator, denominator, withheld_reason, band_side, least_whole, least_part,
  -- A running year that ends in June is two halves of different years: it is shown where they are, and tells nothing more.
  not stock and kind <> 'score' and grain = 'r12' and month(period_end) <> 12 as between_years,
  month_of(period_start) as first_month, month_of(period_end) as last_month
from gated join (select indicator_id, stock from indicators) using (indicator_id)
where protected and share is null and withheld_reason is distinct from 'source'
  -- Nobody can be told where nobody is.
  and kind in ('share', 'score', 'rate', 'ratio') and denominator > 0
  -- What is withheld for its period alone, and could be shown by its numbers, is nobody's secret. Windows over several periods are
  -- made of those.
  and not coalesce(withheld_reason in ('floor', 'incomplete') and (grain in ('r12', 'target')
    or (denominator >= least_whole and numerator >= least_part and denominator - numerator >= least_part)), false);

-- A state is that of one month, a score that of one wave: the last of the period.
create or replace temp table last_months as
select row_id, max(cells_above.month) as last_month
from guarded
join cells_above on cells_above.indicator_id = guarded.indicator_id and cells_above.version = guarded.version and cells_above.unit_id = guarded.unit_id
  and cells_above.month between guarded.first_month and guarded.last_month
  and (guarded.breakdown is null or list_contains(cells_above.tags, guarded.breakdown || '=' || guarded.breakdown_value))
where guarded.stock or guarded.kind = 'score'
group by row_id;

create or replace temp table row_cells as
select row_id, list(cell order by cell) as cells, min(month) as first_month, max(month) as last_month
from (
  select row_id, cell, cells_above.month
  from guarded
  join cells_above on cells_above.indicator_id = guarded.indicator_id and cells_above.version = guarded.version and cells_above.unit_id = guarded.unit_id
    and cells_above.month between guarded.first_month and guarded.last_month
  where not (stock or kind = 'score')
    and (guarded.breakdown is null or list_contains(cells_above.tags, guarded.breakdown || '=' || guarded.breakdown_value))
  union all
  select row_id, cell, cells_above.month
  from guarded
  join last_months using (row_id)
  join cells_above on cells_above.indicator_id = guarded.indicator_id and cells_above.version = guarded.version and cells_above.unit_id = guarded.unit_id
    and cells_above.month = last_months.last_month
    and (guarded.breakdown is null or list_contains(cells_above.tags, guarded.breakdown || '=' || guarded.breakdown_value))
)
group by row_id;

-- Only what adds up is a sum of cells: a figure that stands for a unit whole is not.
create or replace temp table sums_of_cells as
select row_id, cells, row_cells.first_month, row_cells.last_month
from row_cells join guarded using (row_id)
join (
  select row_id, sum(numbered_cells.numerator) as total
  from (select row_id, unnest(cells) as cell from row_cells) join numbered_cells using (cell)
  group by row_id
) using (row_id)
where abs(total - guarded.numerator) < 1e-6;

-- One figure for all rows of the same cells.
create or replace temp table figures_of_cells as
select row_number() over (order by indicator_id, first_month, last_month, cells) as figure, *
from (
  select indicator_id, cells, any_value(sums_of_cells.first_month) as first_month, any_value(sums_of_cells.last_month) as last_month,
    any_value(kind) as kind, any_value(numerator) as numerator, max(denominator) as denominator,
    bool_or(withheld_reason is null and not between_years) as exact, any_value(band_side) filter (not between_years) as band_side,
    bool_and(grain in ('r12', 'target')) as is_window,
    min(least_whole) as least_whole, any_value(least_part) as least_part, list(row_id) as row_ids,
    -- What readers lose: levels go before grains, totals before breakdowns.
    coalesce(sum(case when not between_years and coalesce(withheld_reason, 'band') = 'band' then
      case level when 'force' then 1000 when 'unit' then 100 when 'district' then 10 when 'service' then 8 else 1 end
      * case grain when 'month' then 1 when 'quarter' then 2 when 'half' then 4 when 'year' then 10 when 'target' then 12 else 1 end
      * if(breakdown is null, 1, 0.2) * if(withheld_reason is null, 1, 0.3) end), 0) as cost
  from guarded join sums_of_cells using (row_id)
  group by indicator_id, cells
);

-- Durations: the median of closed cases and its interval, from cells unit x month x days. The median is that of the cases, of an even
-- number the mean of the two in the middle; the interval goes from the case of rank `median_rank` to the one as far from the end
-- (statistics/duration.ts). Needs `duration_cells`, `grouped`, `covered_months`, `figure_spans`, and the tables of spine.sql.

create or replace temp table duration_months as
select cells.computed_id, closure.ancestor_id as unit_id, cells.month, cells.slot, cells.days, sum(cells.cases) as cases
from duration_cells as cells
join months using (month)
join closure on closure.unit_id = cells.unit_id and closure.epoch = months.epoch
join grouped using (computed_id)
join covered_months on covered_months.group_no = grouped.group_no and covered_months.unit_id = closure.ancestor_id
  and covered_months.month = cells.month
group by all;

create or replace temp table ranked_cases as
-- First which months each figure has: the other way round every month would meet every period of its unit.
with span_months as materialized (
  select spans.span_no, spans.computed_id, spans.unit_id, spans.broken_down, p.month
  from (from figure_spans where kind = 'duration' and grain <> 'target') as spans
  join own_periods as p on p.unit_id = spans.unit_id and p.grain = spans.grain and p.first_month = spans.first_month
    and p.last_month = spans.last_month
),
summed as (
  select spans.span_no, m.slot, m.days, sum(m.cases) as cases
  from duration_months as m
  join span_months as spans on spans.computed_id = m.computed_id and spans.unit_id = m.unit_id and spans.month = m.month
  where m.slot = 0 or spans.broken_down
  group by all
  union all
  select spans.span_no, m.slot, m.days, sum(m.cases)
  from duration_months as m
  join figure_spans as spans on spans.computed_id = m.computed_id and spans.unit_id = m.unit_id and spans.grain = 'target'
    and m.month between spans.first_month and spans.last_month
  where m.slot = 0
  group by all
)
select *, (sum(cases) over (partition by span_no, slot order by days))::bigint as up_to,
  (sum(cases) over (partition by span_no, slot))::bigint as closed
from summed;

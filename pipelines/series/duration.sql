-- Durations: the median of closed cases and its interval, from cells unit x month x days. The median is that of the cases, of an even
-- number the mean of the two in the middle; the interval goes from the case of rank `median_rank` to the one as far from the end
-- (statistics/duration.ts). Needs `duration_cells`, `grouped`, `known_epochs`, `figure_spans`, and the tables of spine.sql.

create or replace temp table duration_months as
-- To which units each counts, of the months that are covered and that figures are made of (rollup.sql).
with asked as (
  select computed_id, unit_id, min(first_month) as total_from, min(first_month) filter (broken_down) as broken_from
  from figure_spans where kind = 'duration' group by computed_id, unit_id
),
counting as materialized (
  select asked.*, closure.unit_id as below_id, closure.epoch
  from asked
  join closure on closure.ancestor_id = asked.unit_id
  join grouped using (computed_id)
  semi join known_epochs on known_epochs.group_no = grouped.group_no and known_epochs.unit_id = asked.unit_id
    and known_epochs.epoch = closure.epoch
),
-- Each with its epoch first: with the months last every cell would meet every epoch.
cells as materialized (
  select duration_cells.*, months.epoch from duration_cells join months using (month)
)
select cells.computed_id, counting.unit_id, cells.month, cells.slot, cells.days, sum(cells.cases) as cases
from cells
join counting on counting.computed_id = cells.computed_id and counting.below_id = cells.unit_id and counting.epoch = cells.epoch
where cells.month >= if(cells.slot = 0, counting.total_from, counting.broken_from)
group by all;

create or replace temp table ranked_cases as
-- First which months each figure has: the other way round every month would meet every period of its unit.
with span_months as materialized (
  select spans.span_no, spans.computed_id, spans.unit_id, spans.broken_down, p.month
  from (from figure_spans where kind = 'duration' and grain <> 'target') as spans
  join periods as p on p.grain = spans.grain and p.first_month = spans.first_month and p.last_month = spans.last_month
),
summed as materialized (
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
  closed
from summed
join (select span_no, slot, sum(cases)::bigint as closed from summed group by span_no, slot) as wholes using (span_no, slot);

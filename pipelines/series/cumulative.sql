-- Running counts: at each period's end the count since the start of the unit's own target, else since 1 January. Needs
-- `figure_spans`, `monthly`, `unit_months`, `covered_months` and `applied_targets`.

create or replace temp table runs as
select spans.span_no, any_value(spans.computed_id) as computed_id, any_value(spans.group_no) as group_no,
  any_value(spans.unit_id) as unit_id, any_value(spans.last_month) as last_month,
  if(any_value(spans.grain) = 'target', any_value(spans.first_month),
    coalesce(max(month_of(targets."from")), any_value(spans.last_month) // 12 * 12)) as start
from figure_spans as spans
left join applied_targets as targets on targets.indicator_id = spans.indicator_id and targets.unit_id = spans.unit_id
  and targets.breakdown is null and spans.last_month between month_of(targets."from") and month_of(targets."to")
where spans.kind = 'cumulative'
group by spans.span_no;

-- What a run lacks anywhere between its start and its end it lacks.
create or replace temp table run_months as
with asked as (
  select distinct group_no, unit_id, start, last_month from runs
),
expected as (
  select group_no, unit_id, start, last_month, count(*) as months
  from asked join unit_months using (unit_id)
  where unit_months.month between start and last_month
  group by all
),
found as (
  select asked.group_no, asked.unit_id, start, last_month, count(*) filter (whole) as covered
  from asked join covered_months as found using (group_no, unit_id)
  where found.month between start and last_month
  group by all
)
select group_no, unit_id, start, last_month, coalesce(covered, 0) = months as covers
from expected left join found using (group_no, unit_id, start, last_month);

create or replace temp table run_sums as
select runs.computed_id, runs.unit_id, runs.start, runs.last_month, m.slot,
  sum(m.numerator) as numerator, sum(m.unknown) as unknown, bool_or(m.withheld) as withheld
from (select distinct computed_id, group_no, unit_id, start, last_month from runs) as runs
join monthly as m on m.computed_id = runs.computed_id and m.unit_id = runs.unit_id and m.month between runs.start and runs.last_month
semi join covered_months on covered_months.group_no = runs.group_no and covered_months.unit_id = m.unit_id
  and covered_months.month = m.month
group by all;

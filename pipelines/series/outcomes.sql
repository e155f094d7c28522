-- How each target ended that is over: the figure by which it was judged in the end. Needs `shown_totals` of the gate and `applied_targets`.
create or replace temp table outcomes as
select shown.indicator_id, shown.unit_id, shown.target_id, shown.grain, shown.period_start, shown.period_end,
  shown.value, shown.numerator, shown.denominator, shown.judgement, shown.withheld
from shown_totals as shown
join targets using (target_id)
where targets.breakdown is null
  and shown.period_end = targets."to" and targets."to" < getvariable('today')
qualify row_number() over (
  partition by shown.indicator_id, shown.unit_id, shown.target_id
  -- Over its whole period; else by its own grain; else by the longest that can be shown.
  order by shown.grain = 'target' desc, shown.withheld, shown.grain = targets.grain desc,
    list_position(['year', 'half', 'quarter', 'month'], shown.grain)
) = 1;

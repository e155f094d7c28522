-- From cells to figures: over units as they lay at the time, then over time. A total is always sum over sum. A figure is known by
-- its span (`span_no`: version, unit, period) and its slot (0: the total; else a value of a breakdown, of `slots`). Needs the tables
-- of spine.sql and spans.sql, and `cells`.

-- The first month that a unit's figures of each version are made of, in total and by breakdown, where only some are computed. A running
-- count has run since before its period, and a change is compared with long before.
create or replace temp table first_asked as
select computed_id, unit_id, if(any_value(kind) in ('change', 'cumulative'), 0, min(first_month)) as total_from,
  if(any_value(kind) in ('change', 'cumulative'), 0, min(first_month) filter (broken_down)) as broken_from
from figure_spans group by computed_id, unit_id;

-- Over units, of the months that are covered. A figure that stands for a unit whole (a share as its source has it) is neither rolled up nor added to.
create or replace temp table monthly as
-- First to which units each counts, then the cells: the other way round every cell may meet every unit.
with counting as materialized (
  select first_asked.*, closure.unit_id as below_id, closure.epoch
  from first_asked
  join closure on closure.ancestor_id = first_asked.unit_id
  join grouped using (computed_id)
  semi join known_epochs on known_epochs.group_no = grouped.group_no and known_epochs.unit_id = first_asked.unit_id
    and known_epochs.epoch = closure.epoch
)
select cells.computed_id, counting.unit_id, cells.month, cells.slot,
  sum(numerator) as numerator, sum(denominator) as denominator, sum_second(numerator2) as numerator2, sum_second(denominator2) as denominator2,
  sum_unknown(unknown) as unknown, any_withheld(withheld) as withheld, null::double as share, null::double as share_step
from cells
join months on months.month = cells.month
join counting on counting.computed_id = cells.computed_id and counting.below_id = cells.unit_id and counting.epoch = months.epoch
where not whole and cells.month >= if(cells.slot = 0, counting.total_from, counting.broken_from)
group by cells.computed_id, counting.unit_id, cells.month, cells.slot;

create or replace temp table wholes as
select computed_id, unit_id, month, slot, any_value(numerator) as numerator, any_value(denominator) as denominator,
  any_value(numerator2) as numerator2, any_value(denominator2) as denominator2,
  any_value(unknown) as unknown, bool_or(withheld) as withheld, any_value(share) as share, any_value(share_step) as share_step
from cells
join grouped using (computed_id)
semi join covered_months on covered_months.group_no = grouped.group_no and covered_months.unit_id = cells.unit_id
  and covered_months.month = cells.month
where whole
group by all;

delete from monthly where (computed_id, unit_id, month, breakdown_of(slot)) in (select (computed_id, unit_id, month, breakdown_of(slot)) from wholes);
insert into monthly by name from wholes;

-- Flows: the sum of the months that are covered. Where they are covered and there is nothing, there were none.
create or replace temp view flow_months as
select monthly.* exclude (share, share_step)
from monthly semi join (from computed where not stock and kind not in ('score', 'cumulative')) using (computed_id);

-- Periods of months, longer ones from shorter: the sums of two halves are a year's. Twelve months end with any month for force and units,
-- and are two halves below them.
create or replace temp table flow_sums as
with quarters as materialized (
  select computed_id, unit_id, slot, month // 3 * 3 as first_month, sum(numerator) as numerator, sum(denominator) as denominator,
    sum_second(numerator2) as numerator2, sum_second(denominator2) as denominator2, sum_unknown(unknown) as unknown, any_withheld(withheld) as withheld
  from flow_months group by computed_id, unit_id, slot, month // 3 * 3
),
halves as materialized (
  select computed_id, unit_id, slot, first_month // 6 * 6 as first_month, sum(numerator) as numerator, sum(denominator) as denominator,
    sum_second(numerator2) as numerator2, sum_second(denominator2) as denominator2, sum_unknown(unknown) as unknown, any_withheld(withheld) as withheld
  from quarters group by computed_id, unit_id, slot, first_month // 6 * 6
),
years as (
  select computed_id, unit_id, slot, first_month // 12 * 12 as first_month, sum(numerator) as numerator, sum(denominator) as denominator,
    sum_second(numerator2) as numerator2, sum_second(denominator2) as denominator2, sum_unknown(unknown) as unknown, any_withheld(withheld) as withheld
  from halves group by computed_id, unit_id, slot, first_month // 12 * 12
),
twelve_months as (
  select computed_id, unit_id, slot, beginning as first_month, sum(numerator) as numerator, sum(denominator) as denominator,
    sum_second(numerator2) as numerator2, sum_second(denominator2) as denominator2, sum_unknown(unknown) as unknown, any_withheld(withheld) as withheld
  from (
    select flow_months.* exclude (month), month - unnest(range(12)) as beginning
    from flow_months join unit_levels using (unit_id) where level in ('force', 'unit')
    union all by name
    select halves.* exclude (first_month), first_month - unnest([0, 6]) as beginning
    from halves join unit_levels using (unit_id) where level not in ('force', 'unit') and slot = 0
  )
  group by computed_id, unit_id, slot, beginning
),
all_periods as (
  select 'month'::grain_key as grain, month as first_month, 1 as months, * exclude (month) from flow_months
  union all by name
  select 'quarter'::grain_key as grain, 3 as months, * from quarters
  union all by name
  select 'half'::grain_key as grain, 6 as months, * from halves
  union all by name
  select 'year'::grain_key as grain, 12 as months, * from years
  union all by name
  select 'r12'::grain_key as grain, 12 as months, * from twelve_months
)
select all_periods.* exclude (months), first_month + months - 1 as last_month
from all_periods
join unit_levels using (unit_id)
left join (select computed_id, from_month from computed join begun using (indicator_id) where kind <> 'change') as begun using (computed_id)
where first_month + months - 1 >= coalesce(begun.from_month, 0)
  and (slot = 0 or grain in ('half', 'year') or unit_levels.level in ('force', 'unit'));

create or replace temp table span_sums as
select spans.span_no, flow_sums.slot, numerator, denominator, numerator2, denominator2, unknown, withheld
from flow_sums
join figure_spans as spans on spans.computed_id = flow_sums.computed_id and spans.unit_id = flow_sums.unit_id
  and spans.grain = flow_sums.grain and spans.first_month = flow_sums.first_month and spans.last_month = flow_sums.last_month
where spans.target_id is null
union all
select spans.span_no, 0, sum(m.numerator), sum(m.denominator), sum_second(m.numerator2), sum_second(m.denominator2),
  sum_unknown(m.unknown), any_withheld(m.withheld)
from flow_months as m
join figure_spans as spans on spans.grain = 'target' and spans.computed_id = m.computed_id and spans.unit_id = m.unit_id
  and m.month between spans.first_month and spans.last_month
where m.slot = 0
group by spans.span_no;

-- What a change is compared with: the same part of the baseline year; of twelve months the whole of it.
create or replace temp table baseline_spans as
with paired as (
  select spans.span_no, spans.computed_id, spans.unit_id, grouped.group_no, if(spans.grain = 'r12', 'year', spans.grain) as grain,
    if(spans.grain = 'r12', grouped.baseline_from, grouped.baseline_from + spans.first_month % 12) as first_month
  from figure_spans as spans join grouped using (computed_id)
  where spans.kind = 'change'
)
select paired.span_no, paired.computed_id, paired.unit_id, spans.grain, spans.first_month, spans.last_month, spans.covered = spans.months as covers
from paired
join spans on spans.group_no = paired.group_no and spans.unit_id = paired.unit_id and spans.grain = paired.grain
  and spans.first_month = paired.first_month;

create or replace temp table baseline_sums as
select baseline.span_no, slots.slot, baseline.covers, coalesce(own.numerator, 0) as numerator, coalesce(own.withheld, false) as withheld
from baseline_spans as baseline
join slots using (computed_id)
left join flow_sums as own on own.computed_id = baseline.computed_id and own.unit_id = baseline.unit_id and own.grain = baseline.grain
  and own.first_month = baseline.first_month and own.last_month = baseline.last_month and own.slot = slots.slot;

drop view temp.flow_months;
drop table temp.flow_sums;
drop table temp.first_asked;

-- The figures of every kind, as one view: numbers, completeness, and what they are of. Needs the tables of the roll-up. Lines of
-- `numbers` for kinds that no definition has are left out before it is run (series.ts): each of them takes its time to be planned.

create or replace temp view figures as
with wanted as not materialized (
  select figure_spans.*, unnest(if(figure_spans.broken_down, own_slots.slots, [0])) as slot
  from figure_spans
  join (select computed_id, list(slot order by slot) as slots from slots where slot = 0 or breakdown_value <> '*' group by computed_id) as own_slots
    using (computed_id)
),
flows as (
  select wanted.*, coalesce(own.numerator, 0) as numerator,
    -- In a rate, exposure without a value of the breakdown is that of all its values.
    coalesce(own.denominator, 0) + coalesce(exposure.denominator, 0) as denominator, own.numerator2, own.denominator2,
    -- What waits does so at the period's end: over months it is not added up.
    if(computed.has_waiting, coalesce(waiting.unknown, 0), coalesce(own.unknown, 0)) as unknown, coalesce(own.withheld, false) or coalesce(exposure.withheld, false) as source_withheld
  from wanted
  join computed using (computed_id)
  left join span_sums as own on own.span_no = wanted.span_no and own.slot = wanted.slot
  left join (from monthly semi join (from computed where has_waiting) using (computed_id)) as waiting on waiting.computed_id = wanted.computed_id
    and waiting.unit_id = wanted.unit_id and waiting.month = wanted.last_found and waiting.slot = wanted.slot
  left join (from span_sums where slot > 0 and slot = exposure_of(slot)) as exposure
    on exposure.span_no = wanted.span_no and exposure.slot = exposure_of(wanted.slot)
  where not wanted.stock and wanted.kind not in ('score', 'cumulative')
),
running as (
  select wanted.* replace (if(run_months.covers, wanted.months, -1) as covered), coalesce(own.numerator, 0) as numerator,
    coalesce(own.unknown, 0) as unknown, coalesce(own.withheld, false) as source_withheld
  from wanted
  join runs using (span_no)
  join run_months on run_months.group_no = runs.group_no and run_months.unit_id = runs.unit_id and run_months.start = runs.start
    and run_months.last_month = runs.last_month
  left join run_sums as own on own.computed_id = runs.computed_id and own.unit_id = runs.unit_id and own.start = runs.start
    and own.last_month = runs.last_month and own.slot = wanted.slot
),
-- Stocks: the last month that is there. Of what is there for so long there may be none; a state that was not supplied is not known.
stocks as (
  select wanted.*, if(wanted.or_none, coalesce(m.numerator, 0), m.numerator) as numerator, m.denominator, m.numerator2, m.denominator2,
    m.unknown, m.share, m.share_step, coalesce(m.withheld, false) as source_withheld
  from wanted
  left join monthly as m on m.computed_id = wanted.computed_id and m.unit_id = wanted.unit_id and m.month = wanted.last_found
    and m.slot = wanted.slot
  where wanted.stock and (wanted.grain <> 'target' or wanted.kind = 'coverage') and (m.slot is not null or wanted.or_none)
),
-- Scores: the last wave of the period. Months without a wave lack nothing.
waves as (
  select figure_spans.* replace (if(covered_months.whole, months, 0) as covered), m.slot, m.numerator, m.denominator, m.unknown,
    m.share, m.share_step, m.withheld as source_withheld
  from figure_spans
  -- Of what is no score the months are not even looked at.
  join (from monthly semi join (from computed where kind = 'score') using (computed_id)) as m on m.computed_id = figure_spans.computed_id
    and m.unit_id = figure_spans.unit_id and m.month between figure_spans.first_month and figure_spans.last_month
  join covered_months on covered_months.group_no = figure_spans.group_no and covered_months.unit_id = m.unit_id
    and covered_months.month = m.month
  where figure_spans.kind = 'score' and (m.slot = 0 or (broken_down and m.slot <> exposure_of(m.slot)))
  qualify row_number() over (partition by figure_spans.span_no, m.slot order by m.month desc) = 1
),
numbers as (
  select *, null::double as share, null::double as share_step from flows
  union all by name from running
  union all by name from stocks
  union all by name from waves
)
select computed.indicator_id, numbers.unit_id, level, grain, first_day(first_month) as period_start,
  last_day(first_day(last_month)) as period_end, numbers.target_id as own_target_id, slots.breakdown, slots.breakdown_value,
  if(numbers.kind = 'duration' and not computed.has_term, null, numbers.numerator) as numerator,
  case
    when numbers.kind in ('count', 'cumulative') then null
    when numbers.kind = 'change' then baseline_sums.numerator
    when computed.exposure = 'mean' then numbers.denominator / found
    else numbers.denominator end as denominator,
  case when numbers.kind = 'ratio' then coalesce(numbers.numerator2, 0) end as numerator2,
  case when numbers.kind = 'ratio' then coalesce(denominator2, 0) / if(computed.exposure = 'mean', found, 1) end as denominator2,
  unknown, share, share_step, source_withheld or coalesce(baseline_sums.withheld, false) as source_withheld,
  over and numbers.covers and coalesce(baseline_sums.covers, numbers.kind <> 'change') as complete,
  history and over and not numbers.covers as reference,
  numbers.kind, computed.per, computed.version, computed.exposure, computed.has_chance, medians.median, medians.lower as median_lower, medians.upper as median_upper,
  numbers.span_no, numbers.slot
from (
  select *, last_month < month_of(getvariable('today')) as over,
    -- A stock is that of the period's last day, a score that of its last wave; what adds up needs all months of the unit.
    case when stock then last_found = last_month and last_whole when kind = 'score' then last_whole else covered = months end as covers
  from numbers
) as numbers
join computed using (computed_id)
join slots on slots.computed_id = numbers.computed_id and slots.slot = numbers.slot
left join baseline_sums on baseline_sums.span_no = numbers.span_no and baseline_sums.slot = numbers.slot
left join medians on medians.span_no = numbers.span_no and medians.slot = numbers.slot;

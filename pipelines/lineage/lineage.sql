-- Which loads the rows of one figure came with. Needs `origins`, `asked` (the one figure), `stretches`, the tables of spine.sql and spans.sql,
-- `computed` and `applied_targets`.

create or replace temp table asked_span as
select figure_spans.*, grouped.of_levels, grouped.baseline_from, grouped.has_spells as has_until
from figure_spans
join asked on asked.unit_id = figure_spans.unit_id::varchar and asked.grain = figure_spans.grain
  and month_of(asked.period_end) = figure_spans.last_month
join grouped using (computed_id)
where figure_spans.grain <> 'target' or month_of(asked.period_start) = figure_spans.first_month
limit 1;

-- The months that the figure is made of: of a running count from where it begins, of a state the last that is there.
create or replace temp table asked_months as
with stretches as (
  select
    case
      when kind = 'cumulative' and grain <> 'target' then coalesce((
        select max(month_of(targets."from")) from applied_targets as targets
        where targets.indicator_id = span.indicator_id and targets.unit_id = span.unit_id and targets.breakdown is null
          and span.last_month between month_of(targets."from") and month_of(targets."to")), last_month // 12 * 12)
      when stock then last_found
      else first_month
    end as first_month,
    if(stock, last_found, last_month) as last_month
  from asked_span as span
  union all
  -- What a change is compared with.
  select baseline_from + if(grain = 'r12', 0, first_month % 12), baseline_from + if(grain = 'r12', 11, last_month % 12)
  from asked_span where kind = 'change'
)
select distinct months.month, months.epoch, months.last_day
from stretches join months on months.month between stretches.first_month and stretches.last_month;

create or replace temp table found as
with placed as (
  select origins.feed, origins.row_no, origins.load_id, origins.whole, asked_months.month,
    origins.unit_id = span.unit_id::varchar as own
  from origins
  cross join asked_span as span
  -- What lasts is there at the end of each of its months.
  join asked_months on if(span.has_until, origins.month <= asked_months.month and asked_months.last_day <= coalesce(origins.until, date '9999-12-31'),
    origins.month = asked_months.month)
  join closure on closure.unit_id::varchar = origins.unit_id and closure.ancestor_id = span.unit_id and closure.epoch = asked_months.epoch
  where (span.kind <> 'coverage' or exists (
      from versions where versions.unit_id = closure.unit_id and versions.epoch = closure.epoch and list_contains(span.of_levels, versions.level)
    ))
    -- Of months that are not covered nothing is added up.
    and (span.kind = 'coverage' or exists (
      from covered_months
      where covered_months.group_no = span.group_no and covered_months.unit_id = span.unit_id and covered_months.month = asked_months.month
    ))
    -- What stands for a unit whole is that unit's only.
    and (not origins.whole or origins.unit_id = span.unit_id::varchar)
)
select placed.* from placed
-- Where something stands for the whole, it is all there is; of several waves the last counts.
where (whole or month not in (select month from placed where whole))
  and (month = (select max(month) from placed) or (select kind from asked_span) <> 'score');

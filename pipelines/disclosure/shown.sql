-- What the gate lets through. What failed it leaves without value, numerator and interval, with its reason. Needs `gated`, `targets`; from
-- here on whoever reads figures reads `shown`. Its texts are keys (series/keys.ts) in `keyed_shown`.
create or replace temp view keyed_shown as
select gated.rowid as row_no, indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value,
  case when withheld_reason is null then value end as value,
  case when withheld_reason is null and share is null then numerator end as numerator,
  case when coalesce(withheld_reason, 'band') = 'band' and share is null then denominator end as denominator,
  -- A few people of unknown background are people too.
  case when withheld_reason is null and not (protected and unknown between 1 and 4) then unknown end as unknown,
  case when withheld_reason is null then lower end as lower,
  case when withheld_reason is null then upper end as upper,
  target, targets.source as target_source, targets."from" as target_from, targets."to" as target_to, targets.baseline_to, target_id,
  shown_judgement as judgement, complete, withheld_reason is not null as withheld, withheld_reason, version as definition_version,
  reference, band_side
from gated left join (select target_id, source, "from", "to", baseline_to from targets) as targets using (target_id);

create or replace temp view shown as
select * replace (indicator_id::varchar as indicator_id, unit_id::varchar as unit_id, grain::varchar as grain,
  judgement::varchar as judgement, withheld_reason::varchar as withheld_reason, band_side::varchar as band_side)
from keyed_shown;

-- The totals of all months, where only some are computed anew.
create or replace temp view shown_totals as
select row_no, indicator_id, unit_id, grain, period_start, period_end, value, numerator, denominator, lower, upper, target, target_id,
  judgement, complete, withheld, definition_version, reference
from shown where breakdown is null
union all by name
from earlier;

drop table if exists guarded;
drop table if exists sums_of_cells;
drop table if exists figures_of_cells;

-- Pace: the straight path from what was shown at the baseline to the aim. Of several figures with that end the one whose period
-- is nearest to the baseline's.
create or replace temp table baselines as
select targets.target_id, shown.unit_id, arg_min(shown.value, abs(shown.period_start - coalesce(targets.baseline_from, targets.baseline_to))) as value
from shown_totals as shown
join applied_targets as targets on targets.indicator_id = shown.indicator_id and targets.unit_id = shown.unit_id
  and targets.baseline_to = shown.period_end
where targets.breakdown is null and shown.value is not null and shown.grain in ('month', 'quarter', 'half', 'year')
group by all;

-- What is said of each over time, by the row of `shown`: filled after the gate (series/variation.ts), from what it showed.
create or replace temp table variations (row_no integer, variation varchar, assurance varchar, trend varchar);

-- `keyed_series` has its texts as keys: to be sorted and written.
create or replace temp view keyed_series as
select shown.indicator_id, shown.unit_id, shown.grain, shown.period_start, shown.period_end, shown.breakdown, shown.breakdown_value,
  shown.value, shown.numerator, shown.denominator, shown.unknown, shown.lower, shown.upper, shown.target, shown.target_source,
  case when shown.breakdown is null and not shown.withheld and shown.target_from = shown.target_to then baselines.value + (shown.target - baselines.value)
    * (shown.period_end - shown.baseline_to)::double / (shown.target_to - shown.baseline_to) end as pace,
  shown.judgement, variations.variation, variations.assurance, variations.trend,
  shown.complete, shown.withheld, shown.withheld_reason, false as restated, indicators.freshness, shown.definition_version,
  shown.target_id, shown.reference, shown.band_side is not null as band, shown.band_side
from keyed_shown as shown
join indicators using (indicator_id)
left join baselines on baselines.target_id = shown.target_id and baselines.unit_id = shown.unit_id
left join variations on variations.row_no = shown.row_no;

create or replace temp view series as
select * replace (indicator_id::varchar as indicator_id, unit_id::varchar as unit_id, grain::varchar as grain,
  judgement::varchar as judgement, withheld_reason::varchar as withheld_reason, band_side::varchar as band_side)
from keyed_series;

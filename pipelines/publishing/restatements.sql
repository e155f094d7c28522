-- What is shown differently from before, and which loads can have done it. A figure that is withheld now, or was, is no
-- restatement. Needs the tables of spine.sql, `indicators`, `computed`, `indicator_feeds`, `begun`, `keyed_shown`, `previous.series`, the macro of differs.sql, and the variables
-- `restated_at` and `loads_before` (the last load in the snapshot before). Adds to `new_restatements`.

create or replace temp table changed as
with former as (
  select try_cast(series.indicator_id as indicator_key) as indicator_id, try_cast(series.unit_id as unit_key) as unit_id, try_cast(series.grain as grain_key) as grain,
    period_start, period_end, breakdown, breakdown_value, "value", numerator, denominator, complete, withheld, definition_version
  from previous.series
  -- Another version is another figure, which replaces none.
  semi join computed on computed.indicator_id = series.indicator_id and computed.version = series.definition_version
  left join begun on begun.indicator_id = series.indicator_id
  where month_of(series.period_end) >= coalesce(begun.shown_from, 0)
),
pairs as (
  -- What was complete is something else now; or it is there no more.
  select former.indicator_id, former.unit_id, former.grain, former.period_start, former.period_end, former.breakdown, former.breakdown_value,
    former."value" as old_value, shown."value" as new_value, former.numerator as old_numerator, shown.numerator as new_numerator,
    former.denominator as old_denominator, shown.denominator as new_denominator
  from former
  left join keyed_shown as shown on shown.indicator_id = former.indicator_id and shown.unit_id = former.unit_id and shown.grain = former.grain
    and shown.period_start = former.period_start and shown.period_end = former.period_end
    and shown.breakdown is not distinct from former.breakdown and shown.breakdown_value is not distinct from former.breakdown_value
  where former.complete and not former.withheld and not coalesce(shown.withheld, false)
    and coalesce(shown.definition_version = former.definition_version, true)
  union all
  -- A value of a breakdown that nobody had, where all was complete.
  select shown.indicator_id, shown.unit_id, shown.grain, shown.period_start, shown.period_end, shown.breakdown, shown.breakdown_value,
    null, shown."value", null, shown.numerator, null, shown.denominator
  from keyed_shown as shown
  join former as total on total.indicator_id = shown.indicator_id and total.unit_id = shown.unit_id and total.grain = shown.grain
    and total.period_start = shown.period_start and total.period_end = shown.period_end and total.breakdown is null
  anti join former on former.indicator_id = shown.indicator_id and former.unit_id = shown.unit_id and former.grain = shown.grain
    and former.period_start = shown.period_start and former.period_end = shown.period_end and former.breakdown = shown.breakdown
    and former.breakdown_value is not distinct from shown.breakdown_value
  where shown.breakdown is not null and total.definition_version = shown.definition_version and total.complete and not total.withheld and not shown.withheld
    and (shown.indicator_id, shown.breakdown) in (select (indicator_id, breakdown) from former)
)
from pairs
where differs(old_value, new_value) or differs(old_numerator, new_numerator) or differs(old_denominator, new_denominator);

-- The months that a changed figure is made of: of a stock the last.
create or replace temp table changed_months as
select distinct changed.indicator_id, unit_id, period_start, period_end,
  if(stock, month_of(period_end), month_of(period_start)) as first_month, month_of(period_end) as last_month
from changed join indicators using (indicator_id);

-- Where the loads since then can have changed anything: in their coverage, and where they took rows away beyond it.
create or replace temp table touched as
select load_id, feed, only_values, unit_id, coalesce(month_of(from_month), 0) as first_month, coalesce(month_of(to_month), 999999) as last_month
from loads where load_id > getvariable('loads_before') and feed <> 'units'
union all
select load_id, loads.feed, loads.only_values, reached.unit_id, month_of(reached.from_month), month_of(reached.to_month)
from reached join loads using (load_id) where load_id > getvariable('loads_before');

-- A unit's figures change with what is loaded for a unit below it, above it, or that it took over.
create or replace temp table related as
select distinct closure.ancestor_id as unit_id, above.ancestor_id as touched_id, months.month
from closure
join above on above.unit_id = closure.unit_id and above.epoch = closure.epoch
join months on months.epoch = closure.epoch
where closure.ancestor_id in (select unit_id from changed_months) and above.ancestor_id in (select unit_id from touched);

create or replace temp table causes as
select changed_months.indicator_id, changed_months.unit_id, period_start, period_end, list(distinct load_id order by load_id) as load_ids
from (
  select distinct changed_months.*, touched.load_id
  from changed_months
  join indicator_feeds using (indicator_id)
  join touched on touched.feed = indicator_feeds.feed and touched.only_values is not distinct from indicator_feeds.only_values
    and touched.first_month <= changed_months.last_month and touched.last_month >= changed_months.first_month
  left join related on related.unit_id = changed_months.unit_id and related.touched_id = touched.unit_id
    and related.month between greatest(touched.first_month, changed_months.first_month) and least(touched.last_month, changed_months.last_month)
  where touched.unit_id is null or related.unit_id is not null
  union all
  -- Another organisation can move anything.
  select changed_months.*, loads.load_id
  from changed_months, loads where loads.load_id > getvariable('loads_before') and loads.feed = 'units'
) as changed_months
group by all;

insert into new_restatements by name
select changed.*, list_last(causes.load_ids) as load_id, getvariable('restated_at') as restated_at, coalesce(causes.load_ids, []) as load_ids
from changed left join causes using (indicator_id, unit_id, period_start, period_end);

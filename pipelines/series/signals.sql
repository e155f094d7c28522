-- The signals of shown figures: special causes, and targets that were missed. Only those whose last point lies within twelve months
-- of where the indicator's figures end. Needs the tables of signal-codes.sql, `varied`, `numbered_units`, `shown_totals`, `outcomes` and
-- `applied_targets`. Nothing withheld is read.

create or replace temp macro day_of(number) as date '1970-01-01' + number;

-- Each series that could give a signal in its last period: how many signals chance alone would begin there, and in twelve months.
create or replace temp table looked_at as
select indicator_id, unit_id, level, ['month', 'quarter'][grain_no] as grain, day_of(last_end) as period_end,
  looked = 1 as looked, recent as recent_points, if(all_rules = 1, {all}, {outside}) as false_alarms
from looked_codes
join varied using (indicator_no)
join numbered_units using (unit_no)
qualify last_end = max(last_end) over (partition by indicator_no, grain_no)
order by indicator_id, unit_id;

create or replace temp table missed as
with judged as (
  -- How a target ended says more than the half-year in which it did.
  select 1 as rank, indicator_id, unit_id, grain, period_start, period_end, value, numerator, denominator, target_id, null::double as target
  from outcomes
  where judgement = 'missed' and not withheld and value is not null
  union all
  select if(grain = 'half', 2, 3), indicator_id, unit_id, grain, period_start, period_end, value, numerator, denominator, target_id, target
  from shown_totals
  where grain in ('half', 'year') and judgement = 'missed' and not withheld and complete and value is not null
    and not reference
),
reach as (
  select indicator_id, max(period_end) as reach
  from shown_totals
  where grain in ('half', 'year') and not withheld and complete and value is not null
  group by indicator_id
)
select judged.* exclude (rank, target), coalesce(judged.target, targets."value") as target
from judged
join reach using (indicator_id)
left join targets using (target_id)
where judged.period_end > reach - interval 12 month
qualify row_number() over (
  partition by judged.indicator_id, judged.unit_id, year(judged.period_end), month(judged.period_end) > 6
  order by rank, judged.period_end desc, judged.period_start
) = 1;

create or replace temp table signals as
with special as (
  select *
  from episode_codes
  join (select indicator_no, max(last_end) as reach from looked_codes group by indicator_no) using (indicator_no)
  where day_of(last_end) > day_of(reach) - interval 12 month
),
told as (
  select indicator_id, unit_id, level, ['month', 'quarter'][grain_no] as grain, {rules}[rule + 1] as cause,
    if(direction = 1, 'high', 'low') as direction, {variations}[variation + 1] as variation,
    day_of(since) as since, day_of(found_start) as found_start, day_of(found_end) as found_end,
    day_of(last_start) as period_start, day_of(last_end) as period_end, ongoing = 1 as ongoing, points,
    "value", numerator, denominator, centre, "lower", "upper", null::double as target, null::integer as target_id, trial = 1 as trial
  from special
  join varied using (indicator_no)
  join numbered_units using (unit_no)
  union all
  -- A missed target is of one half-year: the next has a signal of its own.
  select indicator_id, unit_id, level, grain, 'target', if("value" < target, 'low', 'high'), 'concern',
    period_start, period_start, period_end, period_start, period_end, false, 1,
    "value", numerator, denominator, null, null, null, target, target_id, false
  from missed
  join numbered_units using (unit_id)
)
select told.*, cause = 'target' or exists (
    from applied_targets
    where applied_targets.indicator_id = told.indicator_id and applied_targets.unit_id::varchar = told.unit_id
      and applied_targets.breakdown is null
      and coalesce(applied_targets.baseline_to, applied_targets."from") <= told.period_end and applied_targets."to" >= told.since
  ) as has_target
from told;

drop table temp.missed;

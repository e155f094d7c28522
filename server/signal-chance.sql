-- How many signals of chance alone can be expected where series were looked at, beside how many were found: in the last period of
-- each series, and in twelve months. A missed target is no matter of chance here.
with looked as (
  from looked_at {where}
),
found as (
  select count(*) filter (signals.found_end = looked.period_end and looked.looked) as last_found, count(*) as year_found
  from looked join signals using (indicator_id, unit_id, grain)
  where signals.cause <> 'target' and signals.found_end > looked.period_end - interval 12 month
)
select count(*) filter (looked)::double as points, coalesce(sum(false_alarms) filter (looked), 0) as expected, any_value(last_found)::double as found,
  coalesce(sum(recent_points), 0)::double as year_points, coalesce(sum(recent_points * false_alarms), 0) as year_expected,
  any_value(year_found)::double as year_found, (select count(*) from signals {where})::double as signals
from found left join looked on true

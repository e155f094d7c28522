-- How many figures of the year before those that are new came out otherwise than readers have them. Needs `shown`, `begun` and `previous`.
with own as (
  select shown.* from shown join begun using (indicator_id) where month_of(period_end) < begun.shown_from
),
former as (
  select series.* from previous.series join begun using (indicator_id)
  where month_of(period_end) >= begun.from_month and month_of(period_end) < begun.shown_from
)
select count(*) as n
from own
full join former on former.indicator_id = own.indicator_id and former.unit_id = own.unit_id and former.grain = own.grain
  and former.period_start = own.period_start and former.period_end = own.period_end
  and former.breakdown is not distinct from own.breakdown and former.breakdown_value is not distinct from own.breakdown_value
where own.indicator_id is null or former.indicator_id is null
  or own.withheld_reason is distinct from former.withheld_reason or own.judgement is distinct from former.judgement
  or differs(former.numerator, own.numerator) or differs(former.denominator, own.denominator) or differs(former."value", own."value");

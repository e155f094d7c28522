-- What is shown differently from before: complete figures of the snapshot before, against the same now. A figure that is
-- withheld now, or was, is no restatement. Needs `series`, `previous.series` and the variable `restated_at`.

create or replace temp table new_restatements as
select new.indicator_id, new.unit_id, new.grain, new.period_start, new.period_end, new.breakdown, new.breakdown_value,
  old."value" as old_value, new."value" as new_value, old.numerator as old_numerator, new.numerator as new_numerator,
  old.denominator as old_denominator, new.denominator as new_denominator,
  (
    select max(loads.load_id) from loads join indicator_feeds using (feed) where indicator_feeds.indicator_id = new.indicator_id
  )::integer as load_id,
  getvariable('restated_at') as restated_at
from shown as new
join previous.series as old
  on old.indicator_id = new.indicator_id and old.unit_id = new.unit_id and old.grain = new.grain
  and old.period_start = new.period_start and old.period_end = new.period_end
  and old.breakdown is not distinct from new.breakdown and old.breakdown_value is not distinct from new.breakdown_value
  and old.definition_version = new.definition_version
where old.complete and not old.withheld and not new.withheld
  -- Sums of fractions differ in their last digits with the order in which they are added.
  and (round(old."value", 9) is distinct from round(new."value", 9) or round(old.numerator, 9) is distinct from round(new.numerator, 9)
    or round(old.denominator, 9) is distinct from round(new.denominator, 9));

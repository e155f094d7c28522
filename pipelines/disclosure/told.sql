-- What the snapshot before told, and what it withheld. Needs `gated` and `before.series`.

create or replace temp table told as
select gated.rowid as row_id, former.withheld, former.numerator, former.denominator, former.withheld_reason = 'band' as band
from (
  select try_cast(indicator_id as indicator_key) as indicator_id, try_cast(unit_id as unit_key) as unit_id, try_cast(grain as grain_key) as grain,
    period_start, period_end, breakdown, breakdown_value, definition_version, numerator, denominator, withheld, withheld_reason
  from before.series
  where indicator_id in (select indicator_id::varchar from indicators where protected)
) as former
join gated on gated.indicator_id = former.indicator_id and gated.unit_id = former.unit_id and gated.grain = former.grain
  and gated.period_start = former.period_start and gated.period_end = former.period_end and gated.version = former.definition_version
  and gated.breakdown is not distinct from former.breakdown and gated.breakdown_value is not distinct from former.breakdown_value
where gated.protected and case when former.withheld then former.withheld_reason in ('threshold', 'band', 'complement') else former.numerator is not null end;

-- Once withheld for its numbers, a figure stays so for its period: what came to it would tell what it was.
update gated set shown_judgement = 'withheld', band_side = null, withheld_reason = if(gated.denominator >= 25, 'complement', 'threshold')
from told
where told.row_id = gated.rowid and told.withheld
  and (gated.withheld_reason is null or (gated.withheld_reason = 'band' and not told.band));

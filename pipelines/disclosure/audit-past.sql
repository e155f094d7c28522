-- Adds to `audited_series` what an older snapshot told and the current one does not tell the same. Needs `past.series` and `indicators`.
insert into audited_series by name
select distinct indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value, numerator, denominator, withheld,
  withheld_reason, band_side, definition_version
from past.series as former
semi join (from indicators where protected) as protected using (indicator_id)
anti join audited_series as known on known.indicator_id = former.indicator_id and known.unit_id = former.unit_id and known.grain = former.grain
  and known.period_start = former.period_start and known.period_end = former.period_end and abs(known.numerator - former.numerator) < 1e-6
  and known.breakdown is not distinct from former.breakdown and known.breakdown_value is not distinct from former.breakdown_value
where not withheld and numerator is not null;

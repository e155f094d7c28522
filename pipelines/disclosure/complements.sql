-- Withholds the figures of `complements` in `gated`. The reason follows from the number of people alone: from 25 on what is too small
-- is a band, so what is withheld there is withheld for others; below that nobody can say which it is.
update gated set shown_judgement = 'withheld', band_side = null,
  withheld_reason = case when withheld.unproven then 'unproven' when gated.denominator >= 25 then 'complement' else 'threshold' end
from (
  select guarded.*, complements.unproven
  from complements join figures_of_cells using (figure), unnest(row_ids) as rows(row_id)
  join guarded using (row_id)
) as withheld
where withheld.row_id = gated.rowid
  and coalesce(gated.withheld_reason, 'band') = 'band';

-- A running year between two years tells the one half by the other.
update gated set withheld_reason = if(gated.denominator >= 25, 'complement', 'threshold'), shown_judgement = 'withheld', band_side = null
from (
  select year.*
  from guarded as year
  where year.between_years and exists (
    from gated as half
    where half.indicator_id = year.indicator_id and half.unit_id = year.unit_id and half.grain = 'half'
      and half.period_start >= year.period_start and half.period_end <= year.period_end
      and half.breakdown is not distinct from year.breakdown and half.breakdown_value is not distinct from year.breakdown_value
      and half.denominator > 0 and half.withheld_reason is not null
  )
) as withheld
where withheld.row_id = gated.rowid
  and coalesce(gated.withheld_reason, 'band') = 'band';

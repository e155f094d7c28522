-- Withholds the `hidden_states` in `gated`.
update gated set shown_judgement = 'withheld', withheld_reason = if(gated.denominator >= 25, 'complement', 'threshold')
from hidden_states as state
where state.indicator_id = gated.indicator_id and state.version = gated.version and state.unit_id = gated.unit_id
  and state.month = month_of(gated.period_end) and gated.breakdown is null and gated.withheld_reason is null;

-- What the rules of the gate for each figure by itself (reasons.sql) leave of its judgement. Leaves `gated`, with the figures as they
-- are. Needs `judged`, the macros of judgement.ts and the keys of keys.ts.

create or replace temp macro judged_as(numerators, denominator, target_kind, target, tolerance) as list_transform(
  list_transform(numerators, lambda x: {value: x / denominator, lower: wilson_lower(x, denominator), upper: wilson_upper(x, denominator)}),
  lambda figure: judge(target_kind, figure.value, figure.lower, figure.upper, target, tolerance));

create or replace temp table gated as
-- What the numerator of a band may be, and how each of that would be judged.
with possible as (
  select *, case when withheld_reason = 'band' and judgement not in ('no_target', 'no_data') then list_distinct(judged_as(
    if(numerator <= 4, [0, 1, 2, 3, 4], [denominator - 4, denominator - 3, denominator - 2, denominator - 1, denominator]),
    denominator, target_kind, target, tolerance)) end as judgements
  from judged
)
select * exclude (judgements, judgement, numerator2, denominator2, floor_months, above_floor, small_case, complement, tolerance, target_kind, source_withheld, in_days),
  case when withheld_reason = 'band' then if(numerator <= 4, 'low', 'high') end::side_key as band_side,
  case
    when withheld_reason is null then judgement
    -- Of a small number to reach no more than whether it is reached.
    when withheld_reason = 'threshold' and kind = 'count' and target_kind in ('number', 'at_least') and target < 5 then judgement
    when withheld_reason <> 'band' then 'withheld'
    when judgement in ('no_target', 'no_data') then judgement
    -- A band is judged where each of its values would be judged the same.
    when len(judgements) = 1 then judgements[1]
    else 'withheld'
  end::judgement_key as shown_judgement
from possible;

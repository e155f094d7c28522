-- Of the figures of protected indicators how many are withheld, and why. Periods in which nobody is, and those that are not over, are left out.
with levels as (
  select unit_id, arg_max("level", valid_from) as "level" from units group by unit_id
),
counted as (
  select indicator_id, levels."level", grain, breakdown is not null as broken_down,
    count(*)::integer as figures,
    count(*) filter (not withheld)::integer as shown,
    count(*) filter (withheld_reason = 'band')::integer as bands,
    count(*) filter (withheld_reason = 'threshold')::integer as too_few,
    count(*) filter (withheld_reason = 'complement')::integer as for_others,
    count(*) filter (withheld_reason = 'floor')::integer as below_floor,
    count(*) filter (withheld_reason = 'unproven')::integer as unproven,
    count(*) filter (withheld_reason not in ('band', 'threshold', 'complement', 'floor', 'unproven'))::integer as other,
    count(*) filter (withheld) / count(*) as share_withheld
  from series
  join levels using (unit_id)
  semi join (from indicators where (definition->>'protected')::boolean) as protected using (indicator_id)
  {where}
  group by all
)
from counted
order by indicator_id, list_position(['force', 'unit', 'service', 'district', 'bureau', 'team'], "level"), broken_down,
  list_position(['month', 'quarter', 'half', 'year', 'r12', 'target'], grain)

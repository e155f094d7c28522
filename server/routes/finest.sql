-- The finest grain at which a unit's total can be shown, in any period that is over; null where it cannot at any.
select indicator_id, unit_id, list_extract(['month', 'quarter', 'half', 'year', 'r12', 'target'],
  min(list_position(['month', 'quarter', 'half', 'year', 'r12', 'target'], grain)) filter ("value" is not null or band)::integer) as grain
from series {where}
group by indicator_id, unit_id
order by indicator_id, unit_id

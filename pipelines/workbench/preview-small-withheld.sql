-- Says in `counted` how many of `reasoned` are withheld: of figures that are not in it none is.
update counted set withheld = found.withheld
from (
  select indicator_id, level, grain, count(*) as withheld from reasoned where withheld_reason is not null
    -- Of no others: told here, so that these are not made for it.
    and slot > 0 and level not in ('force', 'unit')
  group by indicator_id, level, grain
) as found
where found.indicator_id = counted.indicator_id and found.level = counted.level and found.grain = counted.grain

-- Of each indicator the grain, of some in their order, at which a unit is best shown: the first at which half of the last
-- eight figures or more have a value; else the first with any that can be shown; else the first with any withheld.
with figures as (
  select
    indicator_id, grain, period_start, period_end, "value", withheld, withheld_reason,
    "value" is not null or coalesce(band, false) as shown
  from series
  where unit_id = $best_for
    and breakdown is null
    and list_contains($ladder, grain)
),

recent as (
  select indicator_id, grain, count("value") * 2 >= count(*) as mostly
  from (
    select *
    from figures
    where withheld_reason is distinct from 'incomplete' and (withheld or shown)
    qualify row_number() over (
      partition by indicator_id, grain
      order by period_start desc, period_end desc
    ) <= 8
  )
  group by all
),

candidates as (
  select
    indicator_id,
    grain,
    list_position($ladder, grain) as place,
    case when any_value(mostly) then 0 when bool_or(shown) then 1 when bool_or(withheld) then 2 end as rank
  from figures
  left join recent using (indicator_id, grain)
  group by all
)

select indicator_id, grain
from candidates
where rank is not null
qualify row_number() over (
  partition by indicator_id
  order by rank, place
) = 1

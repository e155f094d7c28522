-- The figure of each indicator for the force and the units of some levels: of the asked period where the level can show
-- it there, else of the finest coarser grain at which it can, the targets' periods last.
with members as (
  select unit_id, level
  from units
  where (level = 'force' or list_contains($levels, level))
    and (valid_from is null or valid_from <= $period_end::date)
    and (valid_to is null or valid_to >= $period_end::date)
),

-- At a coarser grain: the period in which the asked one ends, or one before it; a survey comes once in two years.
candidates as (
  select
    series.*,
    level,
    list_position(['month', 'quarter', 'half', 'year', 'target'], grain) as coarseness,
    -- Each unit has targets with periods of their own; every other grain has one period for the whole level.
    if(grain = 'target', null, period_start) as group_start,
    not withheld or band as shown
  from series
  join members using (unit_id)
  where breakdown is null
    and (
      grain = $grain and period_start = $period_start::date
      or list_contains($coarser, grain)
        and period_start <= $period_end::date
        -- A target's figure runs to a half-year's end: none from after the asked period, and none of a target long past.
        and (grain <> 'target' or period_end <= $period_end::date)
        and period_end >= $period_start::date - interval 2 year
    )
),

periods as (
  select indicator_id, level, grain, coarseness, group_start, bool_or(shown) as shown
  from candidates
  group by all
),

chosen as (
  select indicator_id, level, grain, group_start
  from periods
  qualify row_number() over (
    partition by indicator_id, level
    order by shown desc, coarseness, group_start desc
  ) = 1
),

figures as (
  select candidates.*
  from candidates
  join chosen
    on chosen.indicator_id = candidates.indicator_id
    and chosen.level = candidates.level
    and chosen.grain = candidates.grain
    and chosen.group_start is not distinct from candidates.group_start
  qualify row_number() over (
    partition by candidates.indicator_id, candidates.unit_id
    order by candidates.period_end desc, candidates.shown desc, candidates.period_start desc
  ) = 1
),

-- The figure itself and up to eleven before it, oldest first.
sparks as (
  select indicator_id, unit_id, list("value" order by period_end) as spark
  from (
    select series.indicator_id, series.unit_id, series.period_end, series."value"
    from series
    join figures
      on figures.indicator_id = series.indicator_id
      and figures.unit_id = series.unit_id
      and figures.grain = series.grain
      and series.period_end <= figures.period_end
      -- Figures of a target are those of that target.
      and (series.grain <> 'target' or series.period_start = figures.period_start)
    where series.breakdown is null
    qualify row_number() over (
      partition by series.indicator_id, series.unit_id
      order by series.period_end desc
    ) <= 12
  )
  group by all
)

select {columns}
from figures
-- Of each figure one: where they are not asked for, the engine leaves them out.
left join sparks using (indicator_id, unit_id)
join indicators using (indicator_id)
where ($units is null or list_contains($units, unit_id))
  and ($indicators is null or list_contains($indicators, indicator_id))
order by indicators.position, level = 'force' desc, unit_id

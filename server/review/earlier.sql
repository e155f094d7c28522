-- Beside each figure of a review: the one before it (`previous`), and that of the same period a year earlier (`year_before`). Of a
-- target's figures both are of that target.
with figures as (
  select unnest($indicators) as indicator_id, unnest($grains) as grain,
    unnest($starts)::date as figure_start, unnest($ends)::date as figure_end
),

candidates as (
  select series.*, figure_start, figure_end
  from series
  join figures using (indicator_id, grain)
  where unit_id = $unit and breakdown is null
    and (grain <> 'target' or period_start = figure_start)
),

picked as (
  (
    select 'previous' as beside, *
    from candidates
    where period_end < if(grain = 'target', figure_end, figure_start)
    qualify row_number() over (partition by indicator_id order by period_end desc) = 1
  )
  union all
  -- Of a year the one before it is that already.
  select 'year_before', *
  from candidates
  where grain <> 'year' and period_end = last_day(figure_end - interval 1 year)
)

select {columns}, beside from picked

-- The course of figures of a unit: each figure itself and up to eleven before it, oldest first. Of a target's figures those of that target.
with figures as (
  select unnest($indicators) as indicator_id, unnest($grains) as grain,
    unnest($starts)::date as figure_start, unnest($ends)::date as figure_end
)

select {columns}
from series
join figures using (indicator_id, grain)
where unit_id = $unit and breakdown is null
  and period_end <= figure_end
  and (grain <> 'target' or period_start = figure_start)
qualify row_number() over (partition by indicator_id order by period_end desc) <= 12
order by indicator_id, period_end

-- What was restated since a moment of the totals that reviews show, up to the end of a review's half-year.
select indicator_id, grain, period_start, period_end, old_value, new_value, old_numerator, new_numerator, old_denominator,
  new_denominator, restated_at, load_ids
from restatements
where unit_id = $unit and breakdown is null and grain in ('half', 'year', 'target')
  and period_end <= $period_end::date and restated_at > $since::timestamp
order by restated_at desc, indicator_id, period_start

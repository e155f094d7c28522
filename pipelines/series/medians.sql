-- Medians of `ranked_cases`, with `median_ranks` (how far from either end the interval of so many cases begins).

create or replace temp table medians as
select span_no, slot,
  (min(days) filter (up_to >= (closed + 1) // 2) + min(days) filter (up_to >= closed // 2 + 1)) / 2.0 as median,
  min(days) filter (up_to >= median_rank)::double as lower,
  min(days) filter (up_to >= closed + 1 - median_rank)::double as upper
from ranked_cases
left join median_ranks using (closed)
group by span_no, slot;

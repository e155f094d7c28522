-- The spans that are shown, and those of which figures may be withheld as small (disclosure/reasons.sql): by breakdown, below units.
-- Needs `figure_spans`, `chosen_spans`.
create or replace temp table small_spans as
with small as (
  from figure_spans where broken_down and level not in ('force', 'unit')
)
from small
union all by name
from chosen_spans anti join small using (span_no)

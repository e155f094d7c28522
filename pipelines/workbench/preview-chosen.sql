-- The figures that a preview shows, or needs for what it shows (the value at a target's baseline, for its pace): of force and units
-- every total, and the breakdowns of the last complete year; of all below them the totals of that year; of $units all. Needs
-- `figure_spans`, `counted`, `targets`.
create or replace temp table chosen_spans as
with newest as (
  select coalesce(max(newest), getvariable('today')) - interval 1 year as after from counted
),
placed as (
  select *, level in ('force', 'unit') as is_high, list_contains($units::varchar[], unit_id::varchar) as is_asked,
    last_day(first_day(last_month)) as ends_on
  from figure_spans
)
select placed.* exclude (is_high, is_asked, ends_on) replace (broken_down and (is_asked or (is_high and ends_on > after)) as broken_down)
from placed, newest
where is_asked or is_high or ends_on > after or ends_on in (select baseline_to from targets)

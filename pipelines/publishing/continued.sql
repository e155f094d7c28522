-- Where the figures of the snapshot before can go on: from the first year whose content is another. A year before that is computed too,
-- and has to come out as it was. Needs `indicators`, `year_contents`, `frames` (indicator_id, frame), `previous` and the variable `previous_snapshot`.

create or replace temp table begun as
with known as (
  select years.indicator_id, years.year, years.content
  from released.years
  join frames using (indicator_id, frame)
  where snapshot = getvariable('previous_snapshot') and indicator_id in (select indicator_id from indicators)
    -- What waits for a proof is computed again, whatever stays the same.
    and indicator_id not in (select indicator_id from previous.made_from where hash = 'unproven')
),
differing as (
  select indicator_id, min(year) filter (own.content is distinct from known.content) as year
  from (from year_contents where indicator_id in (select indicator_id from known)) as own
  full join known using (indicator_id, year)
  group by indicator_id
)
select indicator_id, coalesce(12 * year, 999999)::integer as shown_from, (coalesce(12 * year, 999999) - 12)::integer as from_month
from differing;

-- Of protected figures a target's window from before ties its years together: what is withheld in them is worked out at once, from where the
-- first of such windows begins. What was computed besides has to come out as it was, too.
update begun set from_month = reached.from_month
from (
  with recursive windows as (
    select distinct grouped.indicator_id, spans.first_month, spans.last_month
    from grouped
    join spans on spans.group_no = grouped.group_no and spans.grain = 'target' and spans.only_indicator = grouped.indicator_id
    where grouped.protected and not grouped.stock
  ),
  reaching as (
    select indicator_id::varchar as indicator_id, from_month from begun
    union
    select reaching.indicator_id, (windows.first_month // 12 * 12)::integer
    from reaching join windows on windows.indicator_id = reaching.indicator_id
    where windows.first_month < reaching.from_month and windows.last_month >= reaching.from_month
  )
  select indicator_id, min(from_month) as from_month from reaching group by indicator_id
) as reached
where reached.indicator_id = begun.indicator_id;

create or replace temp view earlier as
select -1 - series.rowid as row_no, indicator_id, unit_id, grain, period_start, period_end, "value", numerator, denominator, "lower", "upper", target, target_id,
  judgement, complete, withheld, definition_version, reference
from previous.series
join begun using (indicator_id)
where breakdown is null and month_of(period_end) < begun.shown_from;

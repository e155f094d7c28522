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

-- Of protected figures a target's window from long before ties the years together: what is withheld in them is worked out at once.
delete from begun
where indicator_id in (
  select begun.indicator_id
  from begun
  join grouped using (indicator_id)
  join spans on spans.group_no = grouped.group_no and spans.grain = 'target' and spans.only_indicator = begun.indicator_id
  where grouped.protected and not grouped.stock and spans.first_month < begun.from_month and spans.last_month >= begun.from_month
);

create or replace temp view earlier as
select -1 - series.rowid as row_no, indicator_id, unit_id, grain, period_start, period_end, "value", numerator, denominator, "lower", "upper", target, target_id,
  judgement, complete, withheld, definition_version, reference
from previous.series
join begun using (indicator_id)
where breakdown is null and month_of(period_end) < begun.shown_from;

-- Which targets may hold for which unit: its own, and those of the force. A number is never inherited, nor is anything
-- said of what is counted: units add up to it. Where both hold for a figure its own does; `replaced` marks one of the force beside
-- which the unit has its own. `at_grain`: holds for figures of the target's grain only, as a number of events does; what runs up
-- to it, or is a state, has it at every grain. Needs `targets`, `indicators` and the tables of spine.sql.

create or replace temp table applied_targets as
with own as (
  select targets.* replace (targets.unit_id::unit_key as unit_id), targets.unit_id::unit_key as holder_id,
    indicators.kind in ('count', 'cumulative') as of_count,
    indicators.kind not in ('cumulative', 'coverage')
      and (targets.kind = 'number' or (indicators.kind in ('count', 'rate') and not indicators.stock)) as at_grain
  from targets
  join indicators using (indicator_id)
  semi join unit_levels on unit_levels.unit_id::varchar = targets.unit_id
),
inherited as (
  select own.* exclude (unit_id), below.unit_id
  from own
  join unit_levels as force on force.unit_id = own.unit_id and force.level = 'force'
  join (select distinct ancestor_id, unit_id from above where depth > 0) as below on below.ancestor_id = own.unit_id
  where own.kind <> 'number' and not own.of_count
)
select *, false as replaced from own
union all by name
select *, exists (
  from own
  where own.indicator_id = inherited.indicator_id and own.unit_id = inherited.unit_id
    and own.breakdown is not distinct from inherited.breakdown
    and own."from" <= inherited."to" and inherited."from" <= own."to"
) as replaced
from inherited;

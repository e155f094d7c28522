-- Coverage goes down to all below, and up where all lowest units below have it; `whole` is false where only some have. Needs `stretches`
-- and the tables of spine.sql.
create or replace temp table covered_epochs as
with down as (
  select distinct stretches.part, above.unit_id, above.epoch
  from stretches
  join epochs on epochs.first_month between stretches.first_month and stretches.last_month
  join above on above.epoch = epochs.epoch and (above.ancestor_id = stretches.unit_id or stretches.unit_id is null)
),
lowest as (
  select unit_id, epoch from versions
  where (unit_id, epoch) not in (select (parent_id, epoch) from versions where parent_id is not null)
),
parts as (
  select closure.ancestor_id as unit_id, closure.epoch, lowest.unit_id as lowest_id
  from lowest join closure on closure.unit_id = lowest.unit_id and closure.epoch = lowest.epoch
),
counted as (
  select unit_id, epoch, count(*) as parts from parts group by all
)
select down.part, parts.unit_id, parts.epoch, count(*) = any_value(counted.parts) as whole
from parts
join down on down.unit_id = parts.lowest_id and down.epoch = parts.epoch
join counted on counted.unit_id = parts.unit_id and counted.epoch = parts.epoch
group by all;

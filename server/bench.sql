-- A country of invented figures, as large as the force: every table that the server reads when it opens a snapshot.

create table units as
select unit_id, unit_id as name, level, parent_id, date '2013-01-01' as valid_from, null::date as valid_to, []::varchar[] as predecessor_ids
from (
  select 'force' as unit_id, 'force' as level, null as parent_id
  union all select 'unit-' || i, 'unit', 'force' from range(12) as numbers(i)
  union all select 'district-' || i, 'district', 'unit-' || i % 12 from range(43) as numbers(i)
  union all select 'team-' || i, 'team', 'district-' || i % 43 from range(168) as numbers(i)
);

create table indicators as
select 'indicator-' || i as indicator_id, i::integer as position, '{"breakdowns": []}'::json as definition
from range(14) as numbers(i);

create table targets (target_id integer, indicator_id varchar, "from" date);

create table series as
with periods as (
  select grain, d::date as period_start, (d + step - interval 1 day)::date as period_end
  from (
    values ('month', interval 1 month), ('quarter', interval 3 month), ('half', interval 6 month), ('year', interval 12 month)
  ) as edges(grain, step),
    lateral (select unnest(generate_series(timestamp '2013-01-01', timestamp '2026-12-01', step))) as starts(d)
),
drawn as (
  select indicator_id, unit_id, grain, period_start, period_end,
    (hash(indicator_id || unit_id || grain || period_start) % 200)::double as numerator,
    200 + (hash(unit_id || period_start) % 50)::double as denominator
  from indicators, units, periods
)
select indicator_id, unit_id, grain, period_start, period_end, null::varchar as breakdown, null::varchar as breakdown_value,
  numerator / denominator as "value", numerator, denominator, numerator % 7 as "unknown",
  numerator / denominator * 0.93 as lower, numerator / denominator * 1.07 as upper, 0.25 as target,
  'De Kracht van het Verschil' as target_source, null::double as pace,
  if(numerator % 2 = 0, 'missed_uncertain', 'reached') as judgement, 'common' as variation, 'hit_or_miss' as assurance,
  'no_change' as trend, true as complete, false as withheld, null::varchar as withheld_reason, false as restated,
  'fresh' as freshness, 1::integer as definition_version, 1::integer as target_id, false as reference, false as band,
  null::varchar as band_side
from drawn
order by indicator_id, grain, unit_id, period_start;

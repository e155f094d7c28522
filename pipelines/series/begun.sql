-- From which month on each indicator's figures are computed, and from which they are shown anew; those that are not named here from the first.
create or replace temp table begun (indicator_id varchar, from_month integer, shown_from integer);

-- What the snapshot before shows of the months before that: none here.
create or replace temp view earlier as
select null::bigint as row_no, null::varchar as indicator_id, null::varchar as unit_id, null::varchar as grain,
  null::date as period_start, null::date as period_end, null::double as "value", null::double as numerator,
  null::double as denominator, null::double as "lower", null::double as "upper", null::double as target, null::integer as target_id,
  null::varchar as judgement, null::boolean as complete, null::boolean as withheld, null::integer as definition_version, null::boolean as reference
where false;

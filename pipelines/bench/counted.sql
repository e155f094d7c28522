-- Events as an exporter would count them: by month, unit and codes.
create or replace temp view complaints_counted as
select date_trunc('month', received_on)::date as received_on, unit_id, array_to_string(aspects, '|') as aspects, origin, route, outcome,
  sum(count)::bigint as count
from complaints group by all;

create or replace temp view use_of_force_counted as
select date_trunc('month', occurred_on)::date as occurred_on, unit_id, array_to_string(means, '|') as means, injury, assessment,
  sum(count)::bigint as count
from use_of_force group by all;

create or replace temp view incidents_counted as
select date_trunc('month', registered_on)::date as registered_on, unit_id, kind, array_to_string(grounds, '|') as grounds,
  sum(count)::bigint as count
from incidents group by all;

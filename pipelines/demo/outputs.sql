-- What the programme delivered or has: what the teams have, and all else.
create table outputs_delivery as
select date::varchar as date, unit_id, output, quantity::varchar as quantity, until::varchar as until, last_day(date) as month, 0 as fault
from (from team_outputs union all by name from programme_outputs)
where date <= getvariable('through');

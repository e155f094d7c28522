-- Shares of staff with a dual background, as the statistics office publishes them: whole percents of large groups, half a year
-- after the year they are about.
create table background_delivery as
select make_date(year, 12, 31)::varchar as period, unit_id, population, 'cbs' as source, case when percent = '*' then '*' else percent || '%' end as share,
  last_day(make_date(year + 1, 6, 1)) as month, 0 as fault
from background_share
where last_day(make_date(year + 1, 6, 1)) <= getvariable('through');

-- What pipelines tell of their work.

create table runs as
select i::integer as run_id, if(i % 2 = 0, 'complaints', 'publish') as job,
  timestamp '2017-02-03 06:00:00' + interval (i) minute as started_at,
  timestamp '2017-02-03 06:00:30' + interval (i) minute as finished_at,
  if(i = 1, 'failed', 'done') as status, if(i = 1, 'file, with a comma', null) as error, 1 as loads
from range($runs) as numbers(i);

create table loads as
select 12::integer as load_id, 'complaints' as feed, 'klachten.csv' as file, 4::bigint as "read", 3::bigint as accepted;

create table refusals (feed varchar not null, file varchar not null, reason varchar not null, "at" timestamp not null);

create table quarantine (
  load_id integer, feed varchar, file varchar, line bigint, column_name varchar, "value" varchar, reason varchar, record json
);
insert into quarantine values
  (12, 'complaints', 'klachten.csv', 7, 'unit_id', '=cmd|calc', 'unknown_unit', '{"unit_id": "=cmd|calc"}'),
  (12, 'complaints', 'klachten.csv', 9, 'received_on', '31-02-2017', 'not_a_date', '{"received_on": "31-02-2017"}'),
  (13, 'movements', 'instroom.csv', 2, null, null, 'duplicate', null);

create table feeds as
select 'complaints' as feed, 'Klachten' as title_nl, 'Complaints' as title_en, 'VIK' as owner, 'month' as cadence,
  date '2017-01-31' as covered_to, timestamp '2017-02-03 06:00:00' as last_load_at, 'overdue' as freshness,
  date '2017-02-10' as due_on, date '2017-02-28' as overdue_on,
  'refused' as trouble, timestamp '2017-02-04 06:00:00' as trouble_since, 'the header lacks received_on' as trouble_reason,
  'klachten.csv' as trouble_file, 'inbox' as source, timestamp '2017-02-05 06:00:00' as next_run_at;

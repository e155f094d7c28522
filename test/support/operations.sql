-- What pipelines tell of their work.

create table runs as
select i::integer as run_id, if(i % 2 = 0, 'complaints', 'publish') as job,
  timestamp '2017-02-03 06:00:00' + interval (i) minute as started_at,
  timestamp '2017-02-03 06:00:30' + interval (i) minute as finished_at,
  if(i = 1, 'failed', 'done') as status, if(i = 1, 'file, with a comma', null) as error, 1 as loads
from range($runs) as numbers(i);

create table loads (
  load_id integer, feed varchar, file varchar, started_at timestamp, finished_at timestamp, "read" bigint, accepted bigint,
  merged bigint, skipped bigint, quarantined bigint, reasons json, from_month date, to_month date, unit_id varchar,
  total double, format varchar, encoding varchar, delimiter varchar, sheet varchar, header_row integer,
  accepted_change boolean, max_quarantined_reason varchar
);
insert into loads values
  (12, 'complaints', 'klachten.csv', '2017-02-03 05:59:58', '2017-02-03 06:00:00', 1204, 1202, 0, 0, 2,
   '{"unknown_unit": 1, "wrong_type": 1}', '2016-01-31', '2017-01-31', 'politie', 1202, 'csv.gz', 'windows-1252', ';',
   null, null, false, null),
  (13, 'movements', '=instroom.xlsx', '2017-02-03 06:10:00', '2017-02-03 06:10:04', 4, 1, 1, 1, 1, '{"duplicate_key": 1}',
   '2017-01-31', '2017-01-31', null, 2, 'xlsx', null, null, 'Blad 1', 3, true, 'one unit is missing');

create table refusals (feed varchar not null, file varchar not null, reason varchar not null, "at" timestamp not null);
insert into refusals values
  ('complaints', 'klachten.csv', 'the header lacks received_on', '2017-02-04 06:00:00'),
  ('movements', '-instroom.csv', 'the file is empty', '2017-02-02 06:00:00');

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

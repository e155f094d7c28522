-- What the warehouse knows of its own work, beside one table for each feed.

create table if not exists loads (
  load_id integer not null,
  feed varchar not null,
  file varchar not null,
  file_hash varchar not null,
  -- Of the mapping, the files it looks things up in, and the contract.
  mapping_hash varchar not null,
  "full" boolean not null,
  started_at timestamp not null,
  finished_at timestamp not null,
  "read" bigint not null,
  accepted bigint not null,
  merged bigint not null,
  skipped bigint not null,
  quarantined bigint not null,
  reasons json not null,
  from_month date,
  to_month date,
  -- The lowest unit above all rows; null where several have none above them together.
  unit_id varchar,
  -- People or events of the load, by the feed's weight.
  total double,
  -- How the file was read; null where it means nothing for its kind.
  encoding varchar,
  delimiter varchar,
  -- Relative to the home folder; null where the load is in the archive's checkpoint only.
  archive_file varchar,
  accepted_change boolean not null,
  max_quarantined_reason varchar,
  -- csv, csv.gz, xlsx, json, ndjson, parquet …; null in loads from before other kinds than text were read.
  format varchar,
  sheet varchar,
  header_row integer
);

-- The part of the feed that the load is the whole of: columns of codes with their values, as JSON; null where it is all of it.
alter table loads add column if not exists only_values varchar;

create table if not exists refusals (feed varchar not null, file varchar not null, reason varchar not null, "at" timestamp not null);

create table if not exists coverage (
  feed varchar not null,
  unit_id varchar,
  from_month date not null,
  to_month date not null,
  load_id integer not null
);

alter table coverage add column if not exists only_values varchar;

-- Where a load took rows away beyond its coverage: those that a correction moved to another month or unit.
create table if not exists reached (
  load_id integer not null,
  unit_id varchar,
  from_month date not null,
  to_month date not null
);

-- Foldings of events into cells, each with the archive file of the events it folded.
create table if not exists folds (
  fold_id integer not null,
  feed varchar not null,
  -- Relative to the home folder.
  file varchar not null,
  -- Closed before this day.
  before date not null,
  folded_at timestamp not null,
  events bigint not null,
  cells bigint not null
);

-- Events that a load took out of their cells again since the feed was last folded.
create table if not exists unfolded (feed varchar not null, id ubigint not null);

create table if not exists quarantine (
  load_id integer not null,
  feed varchar not null,
  file varchar not null,
  line bigint not null,
  column_name varchar,
  "value" varchar,
  reason varchar not null,
  record json
);

create table if not exists runs (
  run_id integer not null,
  job varchar not null,
  started_at timestamp not null,
  finished_at timestamp,
  status varchar not null,
  error varchar,
  loads integer
);

-- load, fetch, look, watch, other; and the file that it was about.
alter table runs add column if not exists kind varchar default 'other';
alter table runs add column if not exists file varchar;
-- What it did besides, by name; null where that is nothing.
alter table runs add column if not exists counts json;

create table if not exists restatements (
  indicator_id varchar not null,
  unit_id varchar not null,
  grain varchar not null,
  period_start date not null,
  period_end date not null,
  breakdown varchar,
  breakdown_value varchar,
  old_value double,
  new_value double,
  old_numerator double,
  new_numerator double,
  old_denominator double,
  new_denominator double,
  load_id integer,
  restated_at timestamp not null
);

-- All loads that can have made the change; load_id is the last of them.
alter table restatements add column if not exists load_ids integer[];

-- What an address said of its file when that was loaded; `source` is a hash. `load_id` is the last load of all then.
create table if not exists sources (
  source varchar not null,
  feed varchar not null,
  etag varchar,
  last_modified varchar,
  load_id integer not null,
  "at" timestamp not null
);

-- What people were told last of a feed, by webhook or mail.
create table if not exists notices (feed varchar not null, channel varchar not null, state varchar not null, "at" timestamp not null);

-- What people write. Rows are only ever added: what was written before stays readable, and what holds now is the last version.

-- A comment on a figure in a review, or on the whole of it (indicator_id NULL).
create table if not exists review_texts (
  unit_id varchar not null,
  half varchar not null,
  indicator_id varchar,
  version integer not null,
  text varchar not null,
  saved_at timestamp not null,
  saved_by varchar not null
);

-- What became of a review: submitted, signed, reopened. Until the first step it is a draft.
create table if not exists review_steps (
  unit_id varchar not null,
  half varchar not null,
  step integer not null,
  state varchar not null check (state in ('submitted', 'signed', 'reopened')),
  reason varchar,
  acted_at timestamp not null,
  acted_by varchar not null,
  -- Of a signature: what was signed, as canonical JSON, and its SHA-256.
  document varchar,
  hash varchar
);

-- What was agreed in a review; `half` is the review in which this version was written.
create table if not exists agreements (
  agreement_id integer not null,
  unit_id varchar not null,
  half varchar not null,
  made_in varchar not null,
  version integer not null,
  indicator_id varchar,
  text varchar not null,
  owner varchar not null,
  due_on date,
  state varchar not null check (state in ('open', 'done', 'stopped')),
  result varchar not null,
  saved_at timestamp not null,
  saved_by varchar not null
);

-- Half-years whose figures Control released: reviews of them are made of that snapshot. A later release takes the place of one before.
create table if not exists releases (
  half varchar not null,
  release integer not null,
  snapshot varchar not null,
  note varchar not null,
  acted_at timestamp not null,
  acted_by varchar not null
);

-- Files that were made of a signed review, by the SHA-256 of their bytes: what is brought back is known by it.
create table if not exists issued (
  file_hash varchar not null,
  unit_id varchar not null,
  half varchar not null,
  format varchar not null,
  document_hash varchar not null,
  issued_at timestamp not null
);

-- How a missed target will be reached; `half` is the review in which this version was written.
create table if not exists plans (
  plan_id integer not null,
  unit_id varchar not null,
  half varchar not null,
  made_in varchar not null,
  version integer not null,
  indicator_id varchar not null,
  measures varchar not null,
  owner varchar not null,
  reach_year integer not null,
  state varchar not null check (state in ('open', 'done', 'stopped')),
  result varchar not null,
  saved_at timestamp not null,
  saved_by varchar not null
);

-- What was concluded when a target's period was over, by the last day of it.
create table if not exists evaluations (
  unit_id varchar not null,
  indicator_id varchar not null,
  target_to date not null,
  version integer not null,
  text varchar not null,
  decision varchar check (decision in ('stop', 'continue', 'new_figure')),
  new_value double,
  saved_at timestamp not null,
  saved_by varchar not null
);

-- An action as somebody wrote it, whole. `delivered`: the delivery that its writer knew of, as JSON; of one that was made here, null.
create table if not exists actions (
  action_id varchar not null,
  version integer not null,
  number varchar,
  kind varchar not null,
  focus varchar not null,
  title varchar not null,
  unit_id varchar not null,
  owner varchar,
  mandatory varchar,
  starts_on date,
  due_on date,
  status varchar not null,
  year integer,
  budget double,
  committed double,
  spent double,
  forecast double,
  funding varchar,
  cost_code varchar,
  condition varchar,
  note varchar,
  delivered varchar,
  saved_at timestamp not null,
  saved_by varchar not null
);

-- Whom a reminder of reviews reached: a row when one is begun, and one of what came of it. Without that it may have been sent.
create table if not exists reminders (
  half varchar not null,
  step varchar not null check (step in ('opened', 'closing')),
  -- A unit's id, or 'all'.
  audience varchar not null,
  attempt integer not null,
  state varchar not null check (state in ('begun', 'sent', 'failed')),
  acted_at timestamp not null
);

-- An indicator as somebody wrote it in the workbench: the three texts that would stand in the project, each whole.
create table if not exists drafts (
  draft_id integer not null,
  version integer not null,
  indicator_id varchar not null,
  definition varchar not null,
  examples varchar not null,
  targets varchar not null,
  saved_by varchar not null,
  saved_at timestamp not null
);

-- What became of a draft; `version` is what whoever took the step had seen. Until the first step it is a draft.
create table if not exists draft_steps (
  draft_id integer not null,
  number integer not null,
  -- 'failed': it could not be published, for the reason in the note.
  step varchar not null check (step in ('propose', 'return', 'approve', 'withdraw', 'comment', 'publish', 'failed')),
  version integer not null,
  note varchar,
  publish_on date,
  taken_by varchar not null,
  taken_at timestamp not null
);

-- By what the provider knows whoever saved a draft or took a step, as a hash: two people may have one name, and a name may change. Null where nobody signs in for real, and of what is older.
alter table drafts add column if not exists subject varchar;
alter table draft_steps add column if not exists subject varchar;

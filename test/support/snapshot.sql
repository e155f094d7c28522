-- A small country: every table of a snapshot with every case that a reader can meet. $scale multiplies the counts.

create table units (
  unit_id varchar, name varchar, level varchar, parent_id varchar, valid_from date, valid_to date, predecessor_ids varchar[]
);
insert into units values
  ('politie', 'Politie', 'force', null, '2005-01-01', null, []),
  ('korps-haaglanden', 'Korps Haaglanden', 'unit', 'politie', '2005-01-01', '2012-12-31', []),
  ('den-haag', 'Den Haag', 'unit', 'politie', '2013-01-01', null, ['korps-haaglanden']),
  ('rotterdam', 'Rotterdam', 'unit', 'politie', '2013-01-01', null, []),
  ('amsterdam', 'Amsterdam', 'unit', 'politie', '2013-01-01', null, []),
  ('den-haag-centrum', 'Den Haag-Centrum', 'district', 'den-haag', '2013-01-01', null, []),
  ('den-haag-centrum-hofstad', 'Hofstad', 'team', 'den-haag-centrum', '2013-01-01', null, []);

create table targets (
  target_id integer, indicator_id varchar, unit_id varchar, breakdown varchar, breakdown_value varchar, goal varchar,
  status varchar, "from" date, "to" date, kind varchar, "value" double, tolerance double, grain varchar,
  baseline_from date, baseline_to date, source varchar, "by" varchar, proposed_on date, decided_on date, demo boolean
);
insert into targets values
  (1, 'intake-dual', 'politie', null, null, 'streefcijfer', 'decided', '2015-01-01', '2017-12-31', 'at_least', 0.25, null, 'year', null, null, 'De Kracht van het Verschil', 'paper', null, '2015-06-01', false),
  (2, 'staffing-women', 'rotterdam', null, null, 'streefcijfer', 'proposed', '2015-01-01', '2018-12-31', 'within', 0.5, 0.05, 'half', null, null, 'Plan Rotterdam', 'paper', '2015-09-01', null, false),
  (3, 'top61', 'politie', null, null, 'resultaat', 'decided', '2015-01-01', '2017-12-31', 'at_least', 0.5, null, 'target', null, null, 'De Kracht van het Verschil', 'paper', null, '2015-06-01', false),
  (4, 'intake-dual', 'politie', null, null, 'streefcijfer', 'decided', '2018-01-01', '2020-12-31', 'at_least', 0.25, null, 'year', null, null, 'voorbeelddata', 'ours', null, '2018-01-01', true);

create table outcomes (
  indicator_id varchar, unit_id varchar, target_id integer, grain varchar, period_start date, period_end date, "value" double,
  numerator double, denominator double, judgement varchar, withheld boolean
);
insert into outcomes values
  ('top61', 'politie', 3, 'target', '2015-01-01', '2017-12-31', 0.4, 8, 20, 'missed_uncertain', false);

create table breaks (
  indicator_id varchar, unit_id varchar, on_date date, kind varchar, label_nl varchar, label_en varchar
);
insert into breaks values
  ('complaints', null, '2015-01-01', 'registration', 'Andere registratie van klachten', 'Complaints are registered differently'),
  ('intake-dual', 'den-haag', '2014-07-01', 'definition', 'Zij-instromers tellen mee', 'Lateral entrants count');

create table events (
  event_id varchar, "date" date, unit_id varchar, kind varchar, title_nl varchar, title_en varchar, note_nl varchar,
  note_en varchar, source varchar, indicators varchar[]
);
insert into events values
  ('visie', '2015-09-15', null, 'programme', 'Landelijk visiedocument', 'National vision document', null, null, 'NP-VISIE', []),
  ('begin', '2016-01-01', null, 'programme', 'Begin van het programma', 'Start of the programme', 'Het loopt tot en met 2018.', 'It runs to the end of 2018.', 'KVV', []),
  ('den-haag-start', '2016-04-15', 'den-haag', 'programme', 'Start van de programmaorganisatie', 'Start of the programme''s organisation', null, null, 'DH-2016 Bijlage C', []),
  ('klachten', '2014-03-01', null, 'registration', '=Nieuw formulier voor klachten', 'New form for complaints', null, null, 'voorbeelddata', ['complaints']),
  ('rotterdam-start', '2016-05-01', 'rotterdam', 'other', 'Dialoogsessies', 'Dialogue sessions', null, null, 'voorbeelddata', ['intake-dual', 'staffing-women']),
  ('einde', '2020-12-31', null, 'programme', 'Laatste dag van het programma', 'Last day of the programme', null, null, 'KVV', []);

create table reference_points (
  indicator_id varchar, unit_id varchar, period_start date, period_end date, "value" double, source_title varchar,
  publisher varchar, source_date varchar, source_url varchar, note varchar
);
insert into reference_points values
  ('complaints', 'politie', '2014-01-01', '2014-12-31', 612, 'Jaarverslag 2014', 'Politie', '2015-05-01', 'https://example.org/2014', null),
  ('complaints', 'politie', '2014-01-01', '2014-12-31', 598, 'Kamerbrief', 'Ministerie', '2015-09-01', 'https://example.org/2014b', null),
  ('complaints', 'politie', '2015-01-01', '2015-06-30', 300, 'Halfjaarbericht', 'Politie', '2015-08-01', 'https://example.org/2015h', null),
  ('complaints', 'politie', '2015-03-01', '2015-08-31', 290, 'Zomerbericht', 'Politie', '2015-09-01', 'https://example.org/2015z', null),
  ('intake-dual', 'politie', '2015-01-01', '2015-12-31', 0.21, 'Voortgangsbrief', 'Ministerie', '2016-03-01', 'https://example.org/2015', '=geraamd');

create table beside_points (
  indicator_id varchar, unit_id varchar, period_start date, period_end date, "value" double, title_nl varchar, title_en varchar,
  source_title varchar, publisher varchar, source_date varchar, source_url varchar, note varchar
);
insert into beside_points values
  ('complaints', 'politie', '2016-01-01', '2016-12-31', 1412, 'Klachten bij de ombudsman', 'Complaints to the ombudsman', 'Jaarverslag 2016', 'Ombudsman', '2017', null, 'over the whole government'),
  ('complaints', 'politie', '2017-01-01', '2017-12-31', 1500, 'Klachten bij de ombudsman', 'Complaints to the ombudsman', 'Jaarverslag 2017', 'Ombudsman', '2018', null, null);

create table feeds (
  feed varchar, title_nl varchar, title_en varchar, owner varchar, cadence varchar, covered_to date,
  last_load_at timestamp, freshness varchar, due_on date, overdue_on date, trouble varchar,
  trouble_since timestamp, trouble_reason varchar, trouble_file varchar, source varchar, next_run_at timestamp
);
insert into feeds values
  ('movements', 'In-, door- en uitstroom', 'Intake, promotion, exits', 'HRM', 'month', '2017-01-31', '2017-02-03 06:00:00', 'fresh', '2017-03-10', '2017-03-31', null, null, null, null, 'inbox', '2017-02-05 06:00:00'),
  ('complaints', 'Klachten', 'Complaints', 'VIK', 'month', '2017-01-31', '2017-02-03 06:00:00', 'due', '2017-02-10', '2017-03-31', 'refused', '2017-02-04 06:00:00', 'the header lacks received_on', 'klachten.csv', 'inbox', '2017-02-05 06:00:00');

create table restatements (
  indicator_id varchar, unit_id varchar, grain varchar, period_start date, period_end date, breakdown varchar,
  breakdown_value varchar, old_value double, new_value double, old_numerator double, new_numerator double,
  old_denominator double, new_denominator double, load_id integer, restated_at timestamp, load_ids integer[]
);
insert into restatements values
  ('complaints', 'den-haag', 'month', '2016-05-01', '2016-05-31', null, null, 17, 18, 17, 18, null, null, 12, '2016-09-02 06:00:00', [11, 12]),
  ('complaints', 'politie', 'month', '2016-05-01', '2016-05-31', null, null, 55, 56, 55, 56, null, null, 12, '2017-02-02 06:00:00', [12]);

-- Cells of the lowest places, two values of one breakdown for each.
create temp table cells as
select indicator_id, place.unit_id, breakdown, breakdown_value, m::date as month,
  case indicator_id
    when 'complaints' then $scale * (place.size + (hash(place.unit_id || m || breakdown_value) % 7)::integer)
    when 'staffing-women' then $scale * place.size * 8 + date_diff('month', date '2013-01-01', m::date) // 6
    when 'top61' then case when month(m) in (3, 9) then 1 else 0 end
    else floor($scale * place.size * (0.16 + 0.02 * (year(m) - 2013)) + (hash(m || place.unit_id || breakdown_value) % 100) / 100)
  end::double as numerator,
  case indicator_id
    when 'complaints' then null
    when 'staffing-women' then $scale * place.size * 25
    when 'top61' then case when month(m) in (3, 9) then 2 else 0 end
    else $scale * place.size
  end::double as denominator
from (values
  ('intake-dual', 'gender', 'woman'), ('intake-dual', 'gender', 'man'), ('complaints', 'aspect', 'conduct'),
  ('complaints', 'aspect', 'discrimination'), ('staffing-women', 'category', 'executive'),
  ('staffing-women', 'category', 'support'), ('top61', 'gender', 'woman'), ('top61', 'gender', 'man')
) as dimension(indicator_id, breakdown, breakdown_value)
cross join (values ('den-haag', 3), ('den-haag-centrum', 2), ('den-haag-centrum-hofstad', 1), ('rotterdam', 6), ('amsterdam', 5)) as place(unit_id, size)
cross join range(timestamp '2013-01-01', timestamp '2017-02-01', interval 1 month) as months(m)
where indicator_id <> 'top61' or place.unit_id = 'rotterdam';

create temp table above as
with recursive walk as (
  select unit_id, unit_id as above_id from units where valid_to is null
  union all
  select walk.unit_id, units.parent_id from walk join units on units.unit_id = walk.above_id
  where units.parent_id is not null and units.valid_to is null
)
from walk;

create temp table periods as
with edges as (
  select 'month' as grain, interval 1 month as step union all select 'quarter', interval 3 month
  union all select 'half', interval 6 month union all select 'year', interval 12 month
)
select grain, d::date as period_start, (d + step - interval 1 day)::date as period_end
from edges, lateral (select unnest(generate_series(timestamp '2013-01-01', timestamp '2017-01-01', step))) as starts(d)
union all
select 'r12', d::date, (d + interval 12 month - interval 1 day)::date
from generate_series(timestamp '2013-07-01', timestamp '2016-01-01', interval 6 month) as starts(d)
union all
select 'target', date '2015-01-01', date '2017-12-31';

create temp table sums as
select indicator_id, above_id as unit_id, grain, period_start, period_end, breakdown, breakdown_value,
  sum(numerator) filter (where indicator_id <> 'staffing-women' or month = last_month) as numerator,
  sum(denominator) filter (where indicator_id <> 'staffing-women' or month = last_month) as denominator
from (
  select cells.indicator_id, above_id, grain, period_start, period_end, month,
    max(month) over (partition by grain, period_start) as last_month, numerator, denominator, breakdown, breakdown_value
  from cells join above using (unit_id) join periods on month between period_start and period_end
  where cells.indicator_id <> 'top61' or (above_id = 'politie' and grain in ('year', 'target'))
)
group by grouping sets (
  (indicator_id, above_id, grain, period_start, period_end),
  (indicator_id, above_id, grain, period_start, period_end, breakdown, breakdown_value)
);

create temp table judged as
select *, numerator / nullif(denominator, 0) as share, 1.959963984540054 as z, units.level,
  (select min(target_id) from targets where targets.indicator_id = sums.indicator_id
     and (targets.unit_id = sums.unit_id or targets.unit_id = 'politie' and targets.kind <> 'number')
     and period_end between targets."from" and targets."to" and sums.breakdown is null) as target_id,
  case
    when sums.indicator_id <> 'intake-dual' then null
    when level = 'unit' and grain = 'month' then 'floor'
    when level = 'district' and grain in ('month', 'quarter') then 'floor'
    when level = 'team' and grain not in ('year', 'target') then 'floor'
    when denominator >= 25 and numerator < 5 then 'band'
    when denominator < 10 or numerator < 5 or denominator - numerator < 5 then 'threshold'
  end as reason
from sums join units using (unit_id);

create table series as
with figures as (
  select judged.*, targets."value" as target, targets.tolerance, targets.source,
    (numerator + z * z / 2 - z / 2 * sqrt(z * z + 4 * numerator * (1 - share))) / (denominator + z * z) as low,
    (numerator + z * z / 2 + z / 2 * sqrt(z * z + 4 * numerator * (1 - share))) / (denominator + z * z) as high
  from judged left join targets using (target_id)
)
select indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value,
  if(reason is null, coalesce(share, numerator), null) as "value",
  if(reason is null, numerator, null) as numerator,
  if(reason is null or reason = 'band', denominator, null) as denominator,
  if(reason is null and indicator_id = 'intake-dual', floor(denominator / 20), null)::double as "unknown",
  if(reason is null, low, null) as lower,
  if(reason is null, high, null) as upper,
  target, source as target_source,
  if(reason is null and grain = 'target', target * 0.9, null) as pace,
  case
    when reason = 'band' then 'missed'
    when reason is not null then 'withheld'
    when denominator = 0 then 'no_data'
    when target is null then 'no_target'
    when share >= target - coalesce(tolerance, 0) and low >= target - coalesce(tolerance, 0) then 'reached'
    when share >= target - coalesce(tolerance, 0) then 'reached_uncertain'
    when high >= target - coalesce(tolerance, 0) then 'missed_uncertain'
    else 'missed'
  end as judgement,
  if(reason is null and grain in ('month', 'quarter'), 'common', null) as variation,
  null::varchar as assurance,
  if(reason is null and grain in ('month', 'quarter'), 'no_change', null) as trend,
  period_end <= date '2017-01-31' as complete,
  reason is not null as withheld,
  reason as withheld_reason,
  indicator_id = 'complaints' and grain = 'month' and period_start = '2016-05-01' and unit_id in ('den-haag', 'politie') and breakdown is null as restated,
  if(indicator_id = 'complaints', 'due', 'fresh') as freshness,
  if(indicator_id = 'intake-dual' and period_start >= '2014-07-01', 2, 1)::integer as definition_version,
  target_id,
  false as reference,
  coalesce(reason = 'band', false) as band,
  if(reason = 'band', 'low', null) as band_side
from figures
union all
-- History of a unit that ended in 2012, handed on to the one that followed: incomplete, and said to be.
select 'complaints', 'den-haag', 'year', make_date(y::integer, 1, 1), make_date(y::integer, 12, 31), null, null,
  $scale * (100 + y % 7), $scale * (100 + y % 7), null, null, null, null, null, null, null, 'no_target', null, null, null,
  true, false, null, false, 'due', 1, null, true, false, null
from range(2010, 2013) as years(y)
order by indicator_id, grain, breakdown, unit_id, period_start, breakdown_value;

create table limits as
select indicator_id, unit_id, grain, if(indicator_id = 'complaints', 'xmr', 'p') as chart, min(period_start) as "from", max(period_end) as "to",
  avg("value") as centre, if(indicator_id = 'complaints', avg("value") - 9, null)::double as "lower",
  if(indicator_id = 'complaints', avg("value") + 9, null)::double as "upper", 1.0::double as dispersion, 1.0::double as scale, count(*)::integer as points
from series where variation is not null and breakdown is null group by indicator_id, unit_id, grain;

-- Signals of each kind: found newest of a target's indicator, of a count above what is usual, of a unit's run that is over.
create table signals as
select series.indicator_id || '/' || series.unit_id || '/' || series.grain || '/' || kind.cause || '/' || kind.direction || '/' || kind.since as signal_id,
  series.indicator_id, series.unit_id, units.level, series.grain, kind.cause, kind.direction, kind.variation, kind.since::date as since,
  kind.found_start::date as found_start, kind.found_end::date as found_end, series.period_start, series.period_end, kind.ongoing, kind.points::integer as points,
  series."value", series.numerator, series.denominator,
  if(kind.cause = 'target', null, limits.centre) as centre, if(kind.cause = 'target', null, coalesce(limits."lower", limits.centre / 2)) as "lower",
  if(kind.cause = 'target', null, coalesce(limits."upper", limits.centre * 2)) as "upper",
  if(kind.cause = 'target', series.target, null) as target, if(kind.cause = 'target', series.target_id, null) as target_id,
  kind.trial, series.indicator_id <> 'complaints' as has_target,
  kind.published_at::timestamp as published_at, kind.changed_at::timestamp as changed_at
from (values
  ('intake-dual', 'politie', 'half', '2016-07-01', 'target', 'low', 'concern', '2016-07-01', '2016-07-01', '2016-12-31', false, 1, false, '2017-02-03 06:00:00', '2017-02-03 06:00:00'),
  ('complaints', 'den-haag', 'month', '2016-12-01', 'outside', 'high', 'concern', '2016-12-01', '2016-12-01', '2016-12-31', false, 1, false, '2017-01-03 06:00:00', '2017-02-03 06:00:00'),
  ('complaints', 'politie', 'month', '2017-01-01', 'one_side', 'low', 'improvement', '2016-05-01', '2016-11-01', '2016-11-30', true, 9, false, '2016-12-03 06:00:00', '2017-02-03 06:00:00'),
  ('staffing-women', 'rotterdam', 'month', '2016-11-01', 'trend', 'high', 'neutral_high', '2016-05-01', '2016-11-01', '2016-11-30', false, 7, true, '2016-12-03 06:00:00', '2017-01-03 06:00:00'),
  ('complaints', 'den-haag-centrum-hofstad', 'month', '2016-09-01', 'two_of_three', 'high', 'concern', '2016-07-01', '2016-09-01', '2016-09-30', false, 3, false, '2016-10-03 06:00:00', '2016-11-03 06:00:00')
) as kind(indicator_id, unit_id, grain, period_start, cause, direction, variation, since, found_start, found_end, ongoing, points, trial, published_at, changed_at)
join series on series.indicator_id = kind.indicator_id and series.unit_id = kind.unit_id and series.grain = kind.grain
  and series.period_start = kind.period_start::date and series.breakdown is null
join units on units.unit_id = kind.unit_id
left join limits on limits.indicator_id = kind.indicator_id and limits.unit_id = kind.unit_id and limits.grain = kind.grain;

create table looked_at as
select indicator_id, unit_id, level, grain, max(period_end) as period_end, true as looked, 12 as recent_points,
  if(level in ('force', 'unit'), 0.0121, 0.0027)::double as false_alarms
from series join units using (unit_id)
where variation is not null and breakdown is null and grain = 'month' and complete group by all;

create table recent as
select 'incidents' as feed, unit_id, level, date '2017-01-25' as "from", date '2017-01-31' as "to",
  case unit_id when 'politie' then 9 when 'rotterdam' then 6 when 'amsterdam' then 0 else 3 end::double as registered, unit_id <> 'amsterdam' as complete
from units where valid_to is null;

create table actions (
  action_id varchar, number varchar, kind varchar, focus varchar, title varchar, unit_id varchar, owner varchar,
  mandatory varchar, starts_on date, due_on date, status varchar, year integer, budget double, committed double,
  spent double, forecast double, funding varchar, cost_code varchar, condition varchar, note varchar, delivered_at timestamp
);
insert into actions values
  ('a1', '2.9', 'action', 'connection', 'Netwerken in de wijken', 'den-haag', 'Programmamanager', 'yes', '2016-04-15', '2016-12-31', 'running', 2016, 35000, 30000, 20000, 36000, 'national', 'KVV-2016', null, 'DH-2016 project 3', '2017-02-01 08:00:00'),
  ('a2', '2.10', 'project', 'connection', '=HYPERLINK("http://example.org";"Den Haag Inclusief")', 'den-haag-centrum', 'Sectorhoofd', 'no', '2016-01-01', '2017-06-30', 'running', 2016, 20000.5, null, 0, null, 'shared', null, 'te delen met de gemeente', null, '2017-02-01 08:00:00'),
  ('a3', null, 'decision', 'discrimination', 'Contactpersoon in elk district', 'rotterdam', 'Portefeuillehouder', 'yes', '2015-11-01', '2016-02-01', 'done', null, null, null, null, null, null, null, null, 'RTM-2015', '2017-02-01 08:00:00'),
  ('a4', '7', 'action', 'composition', 'Voortgang in de managementgesprekken', 'politie', 'Control', 'yes', '2017-01-01', '2017-07-31', 'proposed', 2017, null, null, null, null, null, null, null, null, '2017-02-01 08:00:00'),
  ('a5', '3', 'action', 'inclusion', 'Training omgaan met verschil', 'korps-haaglanden', 'Hoofd opleidingen', null, '2012-01-01', null, 'stopped', 2012, 1000, 1000, 1000, 1000, 'saop', null, null, null, '2017-02-01 08:00:00');

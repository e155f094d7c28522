-- The employee survey, every two years: districts, services and units without them; teams are too small to be asked apart.
create table asked as
select leaf.leaf_id, leaf.unit_id, leaf.level, leaf.valid_from, leaf.valid_to, leaf.key
from leaves as leaf where leaf.purpose = 'executive' and leaf.level <> 'team';

create table asked_staff as
select month_end, coalesce(team.parent_id, staffing.unit_id) as unit_id,
  sum(headcount) as all_staff, sum(headcount) filter (where category = 'executive') as executive
from staffing
left join organisation as team on team.unit_id = staffing.unit_id and team.level = 'team'
where month(month_end) = 9
group by all;

create table survey_rows as
with cells as (
  select wave.wave, asked.unit_id as top_id, asked.leaf_id as unit_id, wave.question, wave.population, wave.response,
    wave.positive, staff.all_staff, staff.executive,
    hash(getvariable('seed'), 'survey', wave.wave, asked.leaf_id) as key,
    hash(getvariable('seed'), 'survey', wave.wave, wave.question, asked.leaf_id) as answer_key,
    hash(getvariable('seed'), 'survey', wave.question, asked.unit_id) as climate_key
  from survey_wave as wave
  join asked on wave.wave >= asked.valid_from and wave.wave <= coalesce(asked.valid_to, date '9999-12-31')
  join asked_staff as staff on staff.unit_id = asked.leaf_id and year(staff.month_end) = year(wave.wave)
  where wave.wave <= getvariable('through')
),
counted as (
  select *, case population when 'executive' then executive else all_staff end::integer as invited,
    (case population when 'executive' then executive else all_staff end
      * least(0.9, response * (0.92 + 0.16 * draw(key, 1))))::integer as respondents,
    -- Each unit has a climate of its own; Den Haag 2014 is known.
    case when top_id = 'den-haag' and question = 'discrimination_experienced' and wave = date '2014-10-01' then 0.042
      else positive * (0.94 + 0.12 * draw(climate_key, 1)) end as chance
  from cells
)
select *, case when top_id = 'den-haag' and question = 'discrimination_experienced' and wave = date '2014-10-01'
    then round(respondents * 0.042)::integer
    else greatest(0, least(respondents, round(respondents * chance + sqrt(respondents * chance * (1 - chance)) * bell(answer_key, 1))::integer)) end
    as positives
from counted
where respondents > 0;

-- The first wave asked for inclusion in three units only, and withheld what small groups said.
create table survey_delivery as
with asked_then as (
  select * from survey_rows
  where question <> 'inclusion' or wave > date '2014-10-01' or top_id in ('noord-nederland', 'limburg', 'politieacademie')
),
faulty as (
  select asked_then.*, faults.reason, faults.rows, row_number() over (partition by faults.month order by asked_then.unit_id, question) as position
  from asked_then join faults on faults.feed = 'survey' and faults.month = strftime(wave, '%Y-%m')
)
select wave::varchar as wave, unit_id, population, question, invited::varchar as invited, respondents::varchar as respondents,
  case when question = 'inclusion' and wave = date '2014-10-01' and respondents < 120 then '*' else positives::varchar end as positive,
  last_day(wave) as month, 0 as fault
from asked_then
union all
select wave::varchar, unit_id, population, question || '_proef', invited::varchar, respondents::varchar, (respondents + 7)::varchar, last_day(wave), 1
from faulty where position <= rows;

-- The units as the organisation file has them, and the leaves: units with staff of their own (teams, the districts' own
-- staff, services), each with its share of its unit.
create table organisation as
select unit_id, name, level, parent_id, valid_from::date as valid_from, valid_to::date as valid_to
from read_csv(getvariable('units'), header = true, all_varchar = true)
where valid_from >= '2013' or level = 'force';

-- Names as word processors spell them: with a curly apostrophe.
create table unit_names as select unit_id, replace(name, '''', '’') as name from organisation;

create table months as
select last_day(day::date) as month_end, month_number(day::date) as month
from range(date '2013-01-01', getvariable('through') + 1, interval 1 month) as days(day);

create table years as select distinct year(month_end)::integer as year from months;

-- Parameters by year hold for later years too, until the file has a newer one.
create table unit_years as
select years.year, organisation.unit_id
from years, organisation
where organisation.level = 'unit'
  and year(organisation.valid_from) <= years.year
  and coalesce(year(organisation.valid_to), 9999) >= years.year;

create table leaves as
with sized as (
  select leaf.unit_id as leaf_id, leaf.level, leaf.valid_from, leaf.valid_to,
    case when leaf.level = 'team' then district.parent_id else leaf.parent_id end as unit_id,
    share.executive, share.support, share.force, share.complaints, share.incidents,
    hash(getvariable('seed'), 'leaf', leaf.unit_id) as key
  from organisation as leaf
  left join organisation as district on district.unit_id = leaf.parent_id
  join leaf_share as share on share.level = leaf.level and (share.name is null or share.name = leaf.name)
),
weighed as (
  select leaf_id, level, valid_from, valid_to, unit_id, key,
    unnest(['executive', 'support', 'force', 'complaints', 'incidents']) as purpose,
    unnest([executive, support, force, complaints, incidents]) as share
  from sized
),
-- Teams share the teams' part of the unit by their size, districts the districts' part; a service has its own.
divided as (
  select *, share * case when level = 'service' then 1 else
      (0.65 + 0.7 * draw(key, 1)) / sum(0.65 + 0.7 * draw(key, 1)) over (partition by unit_id, level, purpose)
    end as part
  from weighed
)
select leaf_id, level, valid_from, valid_to, unit_id, key, purpose, part / sum(part) over (partition by unit_id, purpose) as share
from divided;

-- For drawing a leaf: the lower end of its part of 0..1 within its unit.
create table leaf_ladder as
select purpose, unit_id, leaf_id,
  coalesce(sum(share) over (partition by purpose, unit_id order by leaf_id
    rows between unbounded preceding and 1 preceding), 0) as low
from leaves
where share > 0;

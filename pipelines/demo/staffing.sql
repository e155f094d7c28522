-- Staff at each month's end: cells of leaf, category, role, scale and gender. Levels run smoothly between the year ends of
-- the parameters, each leaf with a slow wave of its own; leaders are positions with holders who stay some years.
create table staff_months as
select months.month, months.month_end,
  unnest(['executive', 'support']) as category,
  unnest([old.executive + (new.executive - old.executive) * part, old.support + (new.support - old.support) * part]) as total,
  unnest([old.women_executive + (new.women_executive - old.women_executive) * part,
    old.women_support + (new.women_support - old.women_support) * part]) as women
from (select *, month(month_end) / 12.0 as part, year(month_end) as year from months) as months
asof join staff_year as new on months.year >= new.year
asof join staff_year as old on months.year - 1 >= old.year;

-- The part of the force that each leaf is, month by month, as the units then existed.
create table leaf_months as
with sized as (
  select months.month, months.month_end, leaves.*,
    leaves.share * case purpose when 'executive' then unit_size.executive else unit_size.support end
      * (1 + 0.03 * sin(2 * pi() * (months.month / (40 + 50 * draw(leaves.key, 2)) + draw(leaves.key, 3)))) as weight,
    unit_size.women_factor
  from leaves
  join unit_size using (unit_id)
  join months on months.month_end >= leaves.valid_from and months.month_end <= coalesce(leaves.valid_to, date '9999-12-31')
  where leaves.purpose in ('executive', 'support')
)
select *, weight / sum(weight) over (partition by month, purpose) as part,
  sum(weight * women_factor) over (partition by month, purpose) / sum(weight) over (partition by month, purpose) as mean_women_factor
from sized;

create table scale_shares as
from (values
  ('executive', 'team', 7, 0.72, 1.07), ('executive', 'team', 9, 0.28, 0.82),
  ('executive', 'district', 8, 0.55, 1.05), ('executive', 'district', 10, 0.45, 0.94),
  ('executive', 'service', 8, 0.50, 1.04), ('executive', 'service', 10, 0.50, 0.96),
  ('support', 'team', 6, 1.0, 1.0),
  ('support', 'district', 6, 1.0, 1.0),
  ('support', 'service', 7, 0.65, 1.08), ('support', 'service', 11, 0.35, 0.85)
) as shares(category, level, scale, share, women);

create table employees as
with cells as (
  select leaf.month, leaf.month_end, leaf.leaf_id, leaf.purpose as category, scales.scale, leaf.key,
    staff.total * leaf.part * scales.share as people,
    least(0.92, staff.women * leaf.women_factor / leaf.mean_women_factor * scales.women
      * (0.94 + 0.12 * draw(leaf.key, 5))
      * (1 + 0.02 * sin(2 * pi() * (leaf.month / (50 + 40 * draw(leaf.key, 6)) + draw(leaf.key, 7))))) as women
  from leaf_months as leaf
  join staff_months as staff on staff.month = leaf.month and staff.category = leaf.purpose
  join scale_shares as scales on scales.category = leaf.purpose and scales.level = leaf.level
),
-- Where a cell is rounded up is settled by a number of its own, so that it does not flicker from month to month.
whole as (
  select *, floor(people * women + draw(key, 10 + scale))::integer as women_count,
    floor(people * (1 - women) + draw(key, 30 + scale))::integer as men_count
  from cells
)
select month_end, leaf_id as unit_id, category, 'employee' as role, scale,
  unnest(['woman', 'man']) as gender,
  unnest([women_count, men_count]) as headcount,
  unnest([0.90, 0.975]) as part_time
from whole
union all
-- A few people registered as neither, and a few of whom it is not registered, in the largest services only.
select month_end, leaf_id, category, 'employee', scale, unnest(['other', 'unknown']), unnest([1 + (month // 30) % 2, 2]), 0.95
from whole
where people > 250 and month_end >= date '2019-01-01' and category = 'support';

-- Leading positions: a team has a chief, a district a sector head and two chiefs, a service a sector head and chiefs by its
-- size, a unit some of the top 61.
create table positions as
with seats as (
  select leaf_id as unit_id, valid_from, valid_to, unnest(case level
      when 'team' then [{role: 'team_chief', seats: 1}]
      when 'district' then [{role: 'sector_head', seats: 1}, {role: 'team_chief', seats: 2}]
      else [{role: 'sector_head', seats: 1}, {role: 'team_chief', seats: 4}] end, recursive := true)
  from leaves where purpose = 'executive'
  union all
  select unit_id, valid_from, valid_to, 'top61', case unit_id
      when 'politie' then 9 when 'politiedienstencentrum' then 5 when 'politieacademie' then 3
      when 'landelijke-expertise-en-operaties' then 2 when 'landelijke-opsporing-en-interventies' then 2 else 4 end
  from organisation where level in ('unit', 'force')
)
select unit_id, valid_from, valid_to, role, seat, hash(getvariable('seed'), 'position', unit_id, role, seat) as key,
  row_number() over (partition by role order by unit_id, seat) as place,
  36 + floor(36 * draw(hash(getvariable('seed'), 'position', unit_id, role, seat), 1))::integer as tenure
from seats, unnest(range(seats)) as numbered(seat);

create table holders as
with spells as (
  select positions.*, months.month, months.month_end,
    (months.month + floor(tenure * draw(key, 2))::integer) // tenure as spell,
    (months.month + floor(tenure * draw(key, 2))::integer) % tenure = 0 as begins
  from positions
  join months on months.month_end >= valid_from and months.month_end <= coalesce(valid_to, date '9999-12-31')
),
-- The gender of a holder comes from numbers that lie evenly (golden ratio), so that few positions still follow the
-- parameters, which are about all holders: those who begin have what is reached two years later.
begun as (
  select *, hash(xor(key, hash(spell::ubigint))) as holder,
    place * 0.6180339887 + spell * 0.7548776662 + draw(hash(getvariable('seed'), role), 1) as even,
    greatest(2012, (spell * tenure - floor(tenure * draw(key, 2))::integer) // 12 + 2) as midway
  from spells
)
select begun.month, begun.month_end, begun.unit_id, begun.role, begun.begins, begun.holder,
  case when even - floor(even) < case begun.role when 'top61' then year.women_top61 else year.women_leaders end
    then 'woman' else 'man' end as gender
from begun
asof join staff_year as year on begun.midway >= year.year;

create table staffing as
select month_end, unit_id, category, role, scale::varchar as scale, gender, sum(headcount)::integer as headcount,
  round(sum(headcount * part_time), 1) as fte
from employees
where headcount > 0
group by all
union all
select month_end, unit_id, 'executive', role, case role when 'team_chief' then '11' when 'sector_head' then '13' else '15' end,
  gender, count(*), round(count(*) * 0.98, 1)
from holders
group by all;

create table staffing_delivery as
select month_end::varchar as period, unit_id, category, role, scale, gender, headcount::varchar as headcount,
  fte::decimal(9, 1)::varchar as fte, month_end as month, 0 as fault
from staffing
-- One month of one district was forgotten at first; the correction has it.
where not (month_end = date '2017-03-31' and starts_with(unit_id, 'rotterdam-rijnmond-noord'))
union all
select month_end::varchar, case reason when 'unknown_unit' then unit_id || '-opgeheven' else unit_id end, category, role, scale, gender,
  case reason when 'wrong_type' then 'onbekend' when 'negative' then '-' || headcount::varchar else headcount::varchar end,
  case reason when 'negative' then '-1.0' else '1.0' end, month_end, 1
from (
  select staffing.*, faults.reason, faults.rows,
    row_number() over (partition by month_end order by unit_id, category, role, scale, gender) as position
  from staffing join faults on faults.feed = 'staffing' and last_day((faults.month || '-01')::date) = month_end
  where role = 'employee' and category = 'executive' and gender = 'man'
)
where position <= rows;

create table staffing_correction_delivery as
select month_end::varchar as period, unit_id, category, role, scale, gender, headcount::varchar as headcount,
  fte::decimal(9, 1)::varchar as fte, date '2018-12-31' as month, 0 as fault
from staffing
where month_end = date '2017-03-31' and (unit_id = 'rotterdam' or starts_with(unit_id, 'rotterdam-'))
  and getvariable('through') >= date '2018-12-31';

-- Months are whole numbers (12 x year + month - 1).
create or replace temp macro month_of(day) as (12 * year(day) + month(day) - 1)::integer;

create or replace temp macro first_day(month_number) as make_date(month_number // 12, month_number % 12 + 1, 1);

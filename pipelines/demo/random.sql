-- Pseudo-random numbers that depend on nothing but their arguments: a row's numbers come from a key of its own
-- (seed, feed, year, unit, serial number), so no row changes when other rows are added.
-- hash() of several arguments ends in a plain xor, so keys are hashed once more, alone, to part them.
create macro draw(key, k) as
  (hash(xor(key::ubigint, hash(k::ubigint))) >> 11)::double / 9007199254740992.0;

-- Roughly normal with mean 0 and deviation 1: three uniform numbers, scaled.
create macro bell(key, k) as 2 * (draw(key, k) + draw(key, k + 1) + draw(key, k + 2) - 1.5);

-- An even fraction of the year bent so that more falls in the middle of the year than at its ends.
create macro season(u, amplitude) as u + amplitude * sin(2 * pi() * u) / (2 * pi());

create macro day_of_year(in_year, fraction) as
  make_date(in_year, 1, 1)
    + floor(fraction * (make_date(in_year + 1, 1, 1) - make_date(in_year, 1, 1)))::integer;

-- Months since the year 0, for counting.
create macro month_number(day) as 12 * year(day) + month(day) - 1;

-- A number with zeros before it; one that is longer stays whole.
create macro padded(number, width) as lpad(number::varchar, greatest(width, length(number::varchar))::integer, '0');

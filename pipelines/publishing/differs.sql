-- Sums of fractions differ in their last digits with the order in which they are added.
create or replace temp macro differs(former, now) as
  former is distinct from now and not coalesce(abs(former - now) <= 1e-9 * greatest(1, abs(former)), false);

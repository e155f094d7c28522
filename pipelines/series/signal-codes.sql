-- What is written down of series while they are read: episodes of special causes, and which series could give one.
-- Days since 1970.

create or replace temp table episode_codes (
  indicator_no integer, unit_no integer, grain_no integer, rule integer, direction integer, variation integer,
  since integer, found_start integer, found_end integer, last_start integer, last_end integer, ongoing integer, points integer, trial integer,
  "value" double, numerator double, denominator double, centre double, "lower" double, "upper" double
);

create or replace temp table looked_codes (
  indicator_no integer, unit_no integer, grain_no integer, last_end integer, all_rules integer, looked integer, recent integer
);

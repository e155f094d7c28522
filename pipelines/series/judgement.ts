import { byarFrom, events, z95 as z } from "../statistics/interval.ts";

/** The interval functions and the comparison with a target as macros of the engine, so that they run over columns. The formulas are those of `statistics/interval.ts` and `statistics/ratio.ts`; a test holds the two against each other. Where more is spent than the budget there is no interval: no share of cases is above 1. */
export function judgementMacros(): string {
  const z95 = `${z}::double`;
  const exact = Array.from({ length: byarFrom }, (_, x) => events(x));
  return `
create or replace temp macro wilson_lower(x, n) as
  case when x <= n then greatest(0, (2 * x + ${z95} ** 2 - ${z95} * sqrt(${z95} ** 2 + 4 * x * (1 - x / n))) / (2 * (n + ${z95} ** 2))) end;
create or replace temp macro wilson_upper(x, n) as
  case when x <= n then least(1, (2 * x + ${z95} ** 2 + ${z95} * sqrt(${z95} ** 2 + 4 * x * (1 - x / n))) / (2 * (n + ${z95} ** 2))) end;
create or replace temp macro events_lower(x) as
  case when x < ${byarFrom} and x = trunc(x) then list_extract([${exact.map(({ lower }) => `${lower}::double`).join(", ")}], x::integer + 1)
    else x * (1 - 1 / (9 * x) - ${z95} / (3 * sqrt(x))) ** 3 end;
create or replace temp macro events_upper(x) as
  case when x < ${byarFrom} and x = trunc(x) then list_extract([${exact.map(({ upper }) => `${upper}::double`).join(", ")}], x::integer + 1)
    else (x + 1) * (1 - 1 / (9 * (x + 1)) + ${z95} / (3 * sqrt(x + 1))) ** 3 end;
create or replace temp macro share_variance(x, n) as 1 / nullif(x, 0) - 1 / nullif(n, 0);
create or replace temp macro rate_variance(x, y) as 1 / nullif(x, 0) + 1 / nullif(y, 0);
create or replace temp macro ratio_lower(ratio, variance) as ratio / exp(${z95} * sqrt(if(variance < 0, 0, variance)));
create or replace temp macro ratio_upper(ratio, variance) as ratio * exp(${z95} * sqrt(if(variance < 0, 0, variance)));
create or replace temp macro judge(target_kind, value, lower, upper, target, tolerance) as case target_kind
  when 'at_least' then case
    when value >= target - 1e-12 then if(lower >= target, 'reached', 'reached_uncertain')
    else if(upper < target, 'missed', 'missed_uncertain') end
  when 'at_most' then case
    when value <= target + 1e-12 then if(upper <= target, 'reached', 'reached_uncertain')
    else if(lower > target, 'missed', 'missed_uncertain') end
  when 'within' then case
    when abs(value - target) <= coalesce(tolerance, 0) + 1e-12
      then if(lower >= target - coalesce(tolerance, 0) and upper <= target + coalesce(tolerance, 0), 'reached', 'reached_uncertain')
    else if(lower > target + coalesce(tolerance, 0) or upper < target - coalesce(tolerance, 0), 'missed', 'missed_uncertain') end
  when 'number' then if(value >= target, 'reached', 'missed')
end;`;
}

-- How many figures there are at most, and what must be made of them to say how many there are, and are withheld: nothing (`spans`:
-- what is there tells it, and none can be withheld), those that may be small (`small`: by breakdown, below units, of cases of citizens),
-- or all (`figures`). Needs `figure_spans`, `slots`, `cells`, `computed`, `indicators`.
with versions as (
  select computed.kind in ('score', 'cumulative', 'change') or indicators.protected or (computed.stock and computed.has_spells)
      or computed_id in (select computed_id from cells where withheld or whole) as of_all,
    indicators.sensitive and computed_id in (select computed_id from slots where slot > 0) as of_small
  from computed join indicators using (indicator_id)
)
select coalesce(sum(if(broken_down, own.slots, 1)), 0)::double as n,
  (select case when bool_or(of_all) then 'figures' when bool_or(of_small) then 'small' else 'spans' end from versions) as told_by
from figure_spans
join (select computed_id, count(*) as slots from slots group by computed_id) as own using (computed_id)
